"""Where training may compute in bf16."""

from __future__ import annotations

import torch


def fast(device: torch.device) -> torch.autocast:
    """bf16 for the networks where that saves time: on GPUs, and on CPUs that multiply it natively."""
    native = device.type == "cuda" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(device.type, torch.bfloat16, enabled=native)
