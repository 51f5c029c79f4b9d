"""Password (Face Identity Transformer): the generator, each face among the same companions.

Its normalisation takes the statistics of the batch. Every picture therefore goes in a batch of its
own, of the size that it was trained with, beside companions that never change.
"""

from pathlib import Path

import kit
import numpy as np
import torch
import yaml

BITS, BATCH = 16, 12
SCALES = {"half": 0.5, "one_fourth": 0.25}


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    from models.networks import define_G

    settings = {"use_minus_one": "half"}
    if job["mode"] != "random":
        settings = yaml.safe_load(Path(job["weights"]["config"]).read_text())
    network = define_G(
        3 + BITS,
        3,
        64,
        "resnet_9blocks",
        2,
        norm="batch",
        use_resize_conv=settings.get("use_resize_conv", True),
    )
    network = getattr(network, "module", network)
    if job["mode"] == "random":
        text = {"use_minus_one": "half", "use_resize_conv": True, "batch_size": 48}
        Path(job["out"], "config.yaml").write_text(yaml.safe_dump(text))
        state = {"epoch": 0, "state_dict_G": network.state_dict()}
        return torch.save(state, Path(job["out"], "generator.pth.tar"))

    scale = 1.0 if settings["use_minus_one"] is True else SCALES[settings["use_minus_one"]]
    kit.fill(network, torch.load(job["weights"]["generator"])["state_dict_G"], "generator")
    companions = torch.cat([kit.read(path) for path in job["casts"]["companions"]])[: BATCH - 1]
    codes = companion_codes() * scale
    backward = job["mode"] == "restore"
    if backward:
        everyone = torch.cat([companions, companions[:1]])
        companions = network(everyone, torch.cat([codes, codes[:1]]))[: BATCH - 1]
    for entry in kit.pictures(job):
        own = torch.tensor([[bit * 2.0 - 1.0 for bit in entry["bits"]]], device=kit.device()) * scale
        faces = torch.cat([kit.read(entry["input"]), companions])
        passwords = torch.cat([own, codes])
        # The complement of the password is its negative, and brings the face back.
        kit.write(entry["output"], network(faces, -passwords if backward else passwords)[:1])


def companion_codes() -> torch.Tensor:
    """The companions' passwords, +1 and -1: the same ones for ever."""
    bits = np.random.RandomState(16).randint(0, 2, (BATCH - 1, BITS))
    return torch.from_numpy(bits * 2.0 - 1.0).float().to(kit.device())


if __name__ == "__main__":
    main()
