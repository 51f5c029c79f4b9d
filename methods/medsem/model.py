"""MedSem-DeID, mini preset: encoder, medical fusion, ID-Encryptor, ID-Decryptor, shared decoder.

Data flow of the paper's Figure 5 at a size that two CPU cores train in about an hour. Images are
(B, 3, 256, 256) in [0, 1]; the password P is (B, 512), N(0, 1).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.carrier.blockcode import CODE_SIZE
from medbench.methods.medsem.decoder import HeadDecoder, Maps
from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.transformer import TransformerBlock

PASSWORD = 512
TOKENS = 16
#: How steeply a code that crowds the middle is taken for a face.
_SURE = 32.0


class FaceEncoder(nn.Module):
    """Image -> features at 1/4, 1/8 and 1/16."""

    def __init__(self, widths: tuple[int, int, int]) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(4), nn.Conv2d(48, fine, 3, padding=1), ResBlock(fine, fine)
        )
        self.mid = nn.Sequential(nn.Conv2d(fine, mid, 4, 2, 1), ResBlock(mid, mid))
        self.wide = nn.Sequential(nn.Conv2d(mid, wide, 4, 2, 1), ResBlock(wide, wide))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return features (B, fine, 64, 64), (B, mid, 32, 32), (B, wide, 16, 16)."""
        fine = self.stem(images - 0.5)
        mid = self.mid(fine)
        return fine, mid, self.wide(mid)


class Fusion(nn.Module):
    """Concatenate f_face and the downscaled f_med, then three residual blocks (paper, Fig. 5)."""

    def __init__(self, wide: int, medical: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(wide + medical, wide, 1)
        self.blocks = nn.Sequential(ResBlock(wide, wide), ResBlock(wide, wide), ResBlock(wide, wide))

    def forward(self, face: Tensor, medical: Tensor) -> Tensor:
        """``medical``: Enc_med features on the whole picture's grid, any resolution."""
        medical = F.adaptive_avg_pool2d(medical, (face.shape[-2], face.shape[-1]))
        return self.blocks(self.enter(torch.cat([face, medical], dim=1)))


class IdentityTransformer(nn.Module):
    """A group of transformer blocks over image tokens with the password as one more token."""

    def __init__(self, width: int, depth: int, people: int) -> None:
        super().__init__()
        self.password = nn.Linear(PASSWORD, width)
        self.person = nn.Embedding(people, width)
        self.places = nn.Parameter(torch.randn(1, TOKENS * TOKENS, width) * 0.02)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads=4) for _ in range(depth))

    def forward(self, features: Tensor, password: Tensor, person: Tensor) -> Tensor:
        """Return changed features, shaped as given; the password token is dropped."""
        token = self.password(password) * PASSWORD**-0.5 + self.person(person)
        tokens = features.flatten(2).transpose(1, 2) + self.places
        tokens = torch.cat([token[:, None], tokens], dim=1)
        for block in self.blocks:
            tokens = block(tokens)
        return tokens[:, 1:].transpose(1, 2).reshape(features.shape).contiguous()


class MedSemMini(nn.Module):
    """The whole network but Enc_med, which stays outside, frozen; ``medical`` is its channel count."""

    def __init__(
        self,
        medical: int = 64,
        people: int = 16,
        charts: tuple[int, int] = (208, 240),
        widths: tuple[int, int, int] = (32, 64, 128),
        depth: int = 3,
    ) -> None:
        super().__init__()
        wide = widths[2]
        self.encoder = FaceEncoder(widths)
        self.fusion = Fusion(wide, medical)
        self.encryptor = IdentityTransformer(wide, depth, people)
        self.decryptor = IdentityTransformer(wide, depth, people)
        self.decoder = HeadDecoder(widths, people, charts)
        self.read_code = nn.Conv2d(CODE_SIZE, wide, 2, stride=2)
        nn.init.zeros_(self.read_code.weight)
        self.opens = nn.Linear(CODE_SIZE, 1)
        # A face's coefficients are known to crowd the middle: training need not find that out.
        nn.init.constant_(self.opens.weight, _SURE / CODE_SIZE)
        nn.init.constant_(self.opens.bias, -_SURE / 4)
        last = nn.Conv2d(32, 12, 3, padding=1)
        for parameter in last.parameters():
            nn.init.zeros_(parameter)
        first = nn.Conv2d(24, 32, 3, padding=1)
        self.refine = nn.Sequential(nn.PixelUnshuffle(2), first, ResBlock(32, 32), last)

    def encrypt(self, images: Tensor, medical: Tensor, password: Tensor, person: Tensor) -> Maps:
        """X, f_med, P -> what the decoder draws X_enc from (without its carried code)."""
        fine, mid, wide = self.encoder(images)
        tokens = self.encryptor(self.fusion(wide, medical), password, person)
        return self.decoder(tokens, (fine, mid), person)

    def decrypt(
        self,
        protected: Tensor,
        medical: Tensor,
        password: Tensor,
        person: Tensor,
        code: Tensor,
        carried: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """X_enc, P -> (X-hat or X_wrong, how far the code opened (B,) in [0, 1]).

        ``code`` (B, 32, 32, CODE_SIZE) was read from X_enc under P; ``carried`` (B, 3, 256, 256) is
        the picture it decodes to: noise when P is wrong, and then ``person`` is drawn instead.
        """
        fine, mid, wide = self.encoder(protected)
        values = code.permute(0, 3, 1, 2) - 0.5
        tokens = self.decryptor(self.fusion(wide, medical) + self.read_code(values), password, person)
        # A wrong key reads uniform numbers (12 x variance = 1); a face's coefficients crowd the middle.
        opened = torch.sigmoid(self.opens(1 - 12 * values.square().mean((2, 3))))[:, :, None, None]
        maps = self.decoder(tokens, (fine, mid), person)
        virtual = self.decoder.picture(maps, person, protected)
        refined = carried + F.pixel_shuffle(self.refine(torch.cat([carried, protected], 1) - 0.5), 2)
        return opened * refined + (1 - opened) * virtual, opened[:, 0, 0, 0]
