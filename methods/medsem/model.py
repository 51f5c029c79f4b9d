"""MedSem-DeID, mini preset: encoder, medical fusion, ID-Encryptor, ID-Decryptor, shared decoder.

Data flow of the paper's Figure 5 at a size that two CPU cores train in about an hour. Images are
(B, 3, 256, 256) in [0, 1]; the password P is (B, 512), N(0, 1).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.carrier.blockcode import CODE_SIZE
from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.face_features import FaceEncoder, Fusion
from medbench.methods.networks.password_transformer import IdentityTransformer
from medbench.methods.virtual_heads.decoder import CHARTS, HeadDecoder, Maps

#: Tokens of a picture: 16 x 16 features.
_TOKENS = 256
#: How steeply a code that crowds the middle is taken for a face.
_SURE = 32.0


class MedSemMini(nn.Module):
    """The whole network but Enc_med, which stays outside, frozen; ``medical`` is its channel count."""

    def __init__(
        self,
        medical: int = 64,
        people: int = 16,
        charts: tuple[int, int] = CHARTS,
        widths: tuple[int, int, int] = (32, 64, 128),
        depth: int = 3,
    ) -> None:
        super().__init__()
        wide = widths[2]
        self.encoder = FaceEncoder(widths)
        self.fusion = Fusion(wide, medical)
        self.encryptor = IdentityTransformer(wide, depth, people, _TOKENS)
        self.decryptor = IdentityTransformer(wide, depth, people, _TOKENS)
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
