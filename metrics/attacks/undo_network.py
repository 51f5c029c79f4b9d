"""The reconstructing attacker's network: what it adds to the linear way back.

A linear map undoes what is linear. A small convolutional network, given the protected face and what
the linear map makes of it, is trained on the same pairs to draw what is still missing. People who
were left out say when to stop; where they are not better drawn, nothing is added.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.metrics.attacks.undo import DRAWN, Undo
from medbench.seeds import seed_of

#: Passes over the pairs, pictures a step, and the greatest step width.
EPOCHS, BATCH, RATE = 10, 16, 2e-3
_WIDTH = 32


class UndoNetwork:
    """Fit on pairs of the attacker's own people, then draw the clear face of others."""

    def __init__(self, protected: np.ndarray, clear: np.ndarray, people: np.ndarray) -> None:
        """Fit.

        Args:
            protected: (n, S, S, 3) uint8 upright crops.
            clear: (n, S, S, 3) uint8, the same pictures before protection.
            people: (n,) integer codes.
        """
        self._side = clear.shape[1]
        codes = np.unique(people, return_inverse=True)[1]
        half, held_out = codes % 2 == 0, codes % 5 == 0
        # Each half is drawn by what was fitted on the other: that is how new people will be drawn.
        drawn = np.empty_like(clear)
        for part in (half, ~half):
            if part.any() and (~part).any():
                drawn[part] = Undo(protected[~part], clear[~part], people[~part]).draw(protected[part])
        self._linear = Undo(protected, clear, people)
        with torch.random.fork_rng():
            torch.manual_seed(seed_of("attack", "undo network"))
            self._network = _fit(_both(protected, drawn), _tensor(clear), torch.from_numpy(held_out))

    def draw(self, protected: np.ndarray) -> np.ndarray:
        """What the clear faces of (m, S, S, 3) crops may have been: uint8, of the same size."""
        drawn = self._linear.draw(protected)
        if self._network is None:
            return drawn
        with torch.no_grad():
            parts = [self._network(part) for part in _both(protected, drawn).split(BATCH)]
        flat = (torch.cat(parts).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
        size = (self._side, self._side)
        return np.stack([cv2.resize(face, size, interpolation=cv2.INTER_CUBIC) for face in flat])


class _Network(nn.Module):
    """(B, 6, 96, 96), the protected and the linearly drawn face, to a better drawing (B, 3, 96, 96)."""

    def __init__(self) -> None:
        super().__init__()
        wide = 2 * _WIDTH
        self.enter = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(24, _WIDTH, 3, padding=1), nn.SiLU())
        self.deep = nn.Sequential(
            nn.Conv2d(_WIDTH, wide, 4, 2, 1),
            nn.SiLU(),
            nn.Conv2d(wide, wide, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(wide, wide, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(wide, 4 * _WIDTH, 1),
            nn.PixelShuffle(2),
        )
        self.last = nn.Conv2d(_WIDTH, 12, 3, padding=1)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def forward(self, both: Tensor) -> Tensor:
        fine = self.enter(both - 0.5)
        return both[:, 3:] + F.pixel_shuffle(self.last(F.silu(fine + self.deep(fine))), 2)


def _fit(both: Tensor, clear: Tensor, held_out: Tensor) -> _Network | None:
    """The network at its best epoch for the people held out; None where none is better than nothing."""
    train, test = torch.nonzero(~held_out)[:, 0], torch.nonzero(held_out)[:, 0]
    if not (len(train) and len(test)):
        return None
    network, best, kept = _Network(), _error(None, both[test], clear[test]), None
    optimiser = torch.optim.Adam(network.parameters(), RATE)
    steps = EPOCHS * -(-len(train) // BATCH)
    slower = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for rows in train[torch.randperm(len(train))].split(BATCH):
            # A mirrored face is a face.
            mirrored = torch.rand(len(rows), 1, 1, 1) < 0.5
            given, wanted = (torch.where(mirrored, t[rows].flip(3), t[rows]) for t in (both, clear))
            optimiser.zero_grad()
            F.l1_loss(network(given), wanted).backward()
            optimiser.step()
            slower.step()
        error = _error(network, both[test], clear[test])
        if error < best:
            best, kept = error, {name: value.clone() for name, value in network.state_dict().items()}
    if kept is None:
        return None
    network.load_state_dict(kept)
    return network.eval()


@torch.no_grad()
def _error(network: _Network | None, both: Tensor, clear: Tensor) -> float:
    parts = zip(both.split(BATCH), clear.split(BATCH), strict=True)
    errors = [((network(b) if network else b[:, 3:]) - c).abs().sum() for b, c in parts]
    return float(torch.stack(errors).sum()) / clear.numel()


def _both(protected: np.ndarray, drawn: np.ndarray) -> Tensor:
    return torch.cat([_tensor(protected), _tensor(drawn)], dim=1)


def _tensor(crops: np.ndarray) -> Tensor:
    """(n, S, S, 3) uint8 -> (n, 3, 96, 96) in [0, 1]."""
    small = [cv2.resize(crop, (DRAWN, DRAWN), interpolation=cv2.INTER_AREA) for crop in crops]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 255
