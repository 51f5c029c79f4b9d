"""RiDDLE, Password and G2Face: dropout, batch statistics, the original in the recovery."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from upstream_repos import Trial, forked, picture

from medbench.core import Batch, Unavailable
from medbench.keys import Key
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.method import UpstreamMethod
from medbench.suites.mini.suite import MiniSuite

RIDDLE = {
    "mapper/latent_id_mappers.py": """
        import torch
        class TransformerMapperSplit(torch.nn.Module):
            def __init__(self, split_list, normalize_type, add_linear, add_pos_embedding):
                super().__init__()
                assert split_list == [4, 4, 6] and add_linear and add_pos_embedding
                self.one = torch.nn.Parameter(torch.ones(1))
                self.dropout = torch.nn.Dropout(0.1)
            def forward(self, both):
                code, password = torch.chunk(both, 2, dim=-1)
                return self.dropout(password * 0.3 - code) * self.one
    """,
    "models/__init__.py": "",
    "models/stylegan2/__init__.py": "",
    "models/stylegan2/model.py": """
        import torch
        class Generator(torch.nn.Module):
            def __init__(self, size, style, layers):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
                self.style = torch.nn.Identity()
            def forward(self, codes, input_is_latent, randomize_noise, truncation):
                assert input_is_latent and truncation == 1
                colour = codes[0][:, 0, :3].cuda().view(1, 3, 1, 1) * self.one
                noise = torch.randn(1, 3, 256, 256) * 0.2 if randomize_noise else 0
                return colour.repeat(1, 1, 256, 256) + noise, None
    """,
    "models/encoders/__init__.py": "",
    "models/encoders/psp_encoders.py": """
        import torch
        class Encoder4Editing(torch.nn.Module):
            def __init__(self, layers, mode, opts):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
                self.dropout = torch.nn.Dropout(0.5)
            def forward(self, face):
                code = torch.zeros(1, 14, 512)
                code[:, :, :3] = face.mean((2, 3)) * self.one
                return self.dropout(code)
    """,
}
PASSWORD = {
    "models/__init__.py": "",
    "models/networks.py": """
        import torch
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
            def forward(self, faces, codes):
                assert len(faces) == len(codes) == 12, "not the batch of training"
                weights = torch.tensor([8.0] + [1.0] * 15)
                shift = (codes * weights).sum(1).view(-1, 1, 1, 1) * 0.02
                return faces + shift + (faces.mean(0, keepdim=True) - faces[:1] / 12) * 0.1
        def define_G(inputs, outputs, width, which, down, norm, use_resize_conv):
            assert inputs == 19 and norm == "batch" and use_resize_conv
            return torch.nn.DataParallel(Net()).cuda()
    """,
}
G2FACE = {
    "model/__init__.py": """
        import torch
        from torch.utils.cpp_extension import load
        load("kernels", sources=["missing.cu"])
        from .d3dfr import networks
        class One(torch.nn.Module):
            def __init__(self, *words, **more):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
        class Map2ID(One):
            def forward(self, z):
                return z
        class MLP(One):
            def forward(self, identity, shape):
                assert shape.shape[1] == 147
                return identity[:, :1].clamp(-1, 1)
        class iresnet50(One):
            def forward(self, face):
                return face.mean((1, 2, 3)).view(-1, 1).repeat(1, 512)
        class HidingExtractor(One):
            def forward(self, face):
                row = face[:, 0, 20, 4::8]
                return (row * 50).view(1, 1, 32).repeat(1, 512, 1)
        class Generator(One):
            def forward(self, face, style, bits):
                out = face * 0 + style.view(1, 1, 1, 1) * 0.5
                out[:, 0, 16:24] = (bits[0, 0] * 2 - 1).repeat_interleave(8)
                return out
    """,
    "model/d3dfr/__init__.py": "",
    "model/d3dfr/networks.py": """
        import torch
        from kornia.geometry import warp_affine
        import nvdiffrast.torch as dr
        class ReconNetWrapper(torch.nn.Module):
            def __init__(self, name):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
            def forward(self, face):
                assert 0 <= face.min() and face.max() <= 1
                return torch.zeros(1, 257)
    """,
    "utils/__init__.py": "",
    "utils/binary_converter.py": """
        import torch
        PLACES = torch.arange(31, -1, -1)
        def float2bit(value):
            return ((value.view(torch.int32)[..., None] >> PLACES) & 1).float()
        def bit2float(bits):
            words = (bits.long() << PLACES).sum(-1)
            words = torch.where(words >= 2**31, words - 2**32, words)
            return words.to(torch.int32).view(torch.float32)
    """,
}


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("medbench.methods.upstream.session.run_program", forked)


def drawn(name, *keys):
    return [adapter_named(name).draw(Key.from_integer(key)) for key in keys]


def apart(one, other):
    return np.abs(one.astype(float) - other).mean()


def test_riddle_has_no_dropout_and_its_password_brings_the_face_back(tmp_path):
    trial = Trial(tmp_path, "riddle", RIDDLE)
    face, other = picture(1, 256), picture(2, 256)
    mine, wrong = drawn("riddle", 1, 2)
    hidden, again = trial.call("protect", [face, face], [mine, mine])
    behind_another = trial.call("protect", [other, face], [wrong, mine])[1]
    assert np.array_equal(hidden, again) and np.array_equal(hidden, behind_another)
    back, not_back = trial.call("restore", [hidden, hidden], [mine, wrong])
    mean = face.mean((0, 1))
    assert apart(back, mean) < 3 < 10 < apart(not_back, mean)


def test_riddle_refuses_the_encoder_for_another_size(tmp_path):
    trial = Trial(tmp_path, "riddle", RIDDLE)
    file = trial.out / "e4e.pt"
    torch.save(torch.load(file, weights_only=True) | {"latent_avg": torch.zeros(18, 512)}, file)
    with pytest.raises(Unavailable, match="18 codes, not 14"):
        trial.call("protect", [picture(1, 256)], drawn("riddle", 1))


def test_password_sees_the_same_companions_whoever_else_is_in_the_batch(tmp_path):
    trial = Trial(tmp_path, "password", PASSWORD)
    casts = {"companions": [picture(100 + n, 128) for n in range(11)]}
    face = picture(1, 128)
    mine, wrong = drawn("password", 1, 2)
    alone = trial.call("protect", [face], [mine], casts)[0]
    among = trial.call("protect", [picture(2, 128), face], [wrong, mine], casts)[1]
    assert np.array_equal(alone, among)
    strangers = {"companions": [255 - one for one in casts["companions"]]}
    assert apart(trial.call("protect", [face], [mine], strangers)[0], alone) > 1
    flipped = {"bits": [1 - mine["bits"][0], *mine["bits"][1:]]}
    back, not_back = trial.call("restore", [alone, alone], [mine, flipped], casts)
    assert apart(back, face) + 1 < apart(not_back, face)


def test_g2face_restores_from_the_picture_alone_and_stretches_nothing(tmp_path):
    trial = Trial(tmp_path, "g2face", G2FACE)
    face = np.full((256, 256, 3), 200, np.uint8)
    (own,) = drawn("g2face", 1)
    (hidden,) = trial.call("protect", [face], [own])
    style = np.clip(own["z"][0], -1, 1) * 0.5
    # A stretched picture would have its rest at 0 or 255, since the rows of bits hold both ends.
    assert apart(hidden[40:], (style + 1) / 2 * 255) < 1
    back, other = trial.call("restore", [hidden, hidden], [{"seed": 1}, {"seed": 2}])
    identity = face.mean() / 127.5 - 1
    assert apart(back[40:], (identity * 0.5 + 1) / 2 * 255) < 1
    bits = [one[20, 4::8, 0] > 127 for one in (hidden, back, other)]
    assert not np.array_equal(bits[0], bits[1]) and not np.array_equal(bits[1], bits[2])


def test_the_right_key_brings_a_face_back_into_its_picture(tmp_path):
    suite = MiniSuite()
    face = suite.read("select", suite.index("select")["id"][0]).image
    method = UpstreamMethod(Trial(tmp_path, "password", PASSWORD).registration())
    method._casts = {"companions": [picture(100 + n, 128) for n in range(11)]}
    original = torch.from_numpy(face).permute(2, 0, 1)[None].float() / 255
    keys = [[Key.from_integer(number)] for number in (2, 5)]
    hidden = method.anonymize(Batch(original, ("a",), pd.DataFrame(index=[0])), keys[0])
    eight_bit = (hidden * 255).round() / 255
    pictures = hidden, method.restore(eight_bit, keys[0]), method.restore(eight_bit, keys[1])
    # The password moves all values alike; what resampling takes has no mean.
    shifts = [abs(float((one - original)[0, :, 60:200, 60:200].mean())) * 255 for one in pictures]
    assert shifts[1] < 1.5 < shifts[0]
    assert shifts[1] < 1.5 < shifts[2]
