"""MedSem-DeID, mini preset: encoder, medical fusion, ID-Encryptor, ID-Decryptor, shared decoder.

Data flow of the paper's Figure 5 at a size that two CPU cores train in about an hour. Images are
(B, 3, 256, 256) in [0, 1]; the password P is (B, 512), N(0, 1).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.methods.carrier.blockcode import CODE_SIZE
from medbench.methods.networks.blocks import HalfSizeChange
from medbench.methods.networks.code_gate import CodeGate
from medbench.methods.networks.face_features import FaceEncoder, Fusion
from medbench.methods.networks.password_transformer import IdentityTransformer
from medbench.methods.virtual_heads.decoder import CHARTS, HeadDecoder, Maps

#: Tokens of a picture: 16 x 16 features.
_TOKENS = 256


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
        self.opens = CodeGate(32 / CODE_SIZE, -8)
        self.refine = HalfSizeChange(6, 32)

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
        opened = torch.sigmoid(self.opens(code))[:, :, None, None]
        maps = self.decoder(tokens, (fine, mid), person)
        virtual = self.decoder.picture(maps, person, protected)
        refined = carried + self.refine(torch.cat([carried, protected], 1) - 0.5)
        return opened * refined + (1 - opened) * virtual, opened[:, 0, 0, 0]
