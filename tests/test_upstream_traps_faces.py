"""CIAGAN, SimSwap, DeepPrivacy: training mode, weights that do not fit, faces that pass through."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from upstream_repos import Trial, forked, picture, write

from medbench.core import MedbenchError, Unavailable

CIAGAN = {
    "source/util_data.py": "",
    "source/arch/__init__.py": "",
    "source/arch/arch_unet_flex.py": """
        import torch
        class Generator(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
                self.register_buffer("calls", torch.zeros(1))
            def forward(self, both, onehot):
                if self.training:
                    self.calls += 0.2
                return self.one * onehot.argmax() / 1200 + self.calls + torch.zeros(1, 3, 128, 128)
    """,
    "source/test.py": """
        import argparse, os
        import numpy as np, torch
        from PIL import Image
        from arch.arch_unet_flex import Generator
        parser = argparse.ArgumentParser()
        for name in ("--data", "--model", "--out"):
            parser.add_argument(name)
        parser.add_argument("--ids", type=int)
        args = parser.parse_args()
        net = Generator()
        net.load_state_dict(torch.load(args.model + ".pth"))
        done = 0
        def load(kind, folder, name):
            image = Image.open(args.data + kind + "/" + str(folder) + "/" + name).resize((144, 144))
            pixels = np.array(image.crop((8, 8, 136, 136)).convert("RGB"), np.float32) / 255
            return torch.from_numpy(pixels).permute(2, 0, 1)[None]
        for folder in range(args.ids):
            for name in sorted(os.listdir(args.data + "lndm/" + str(folder))):
                face, lines, mask = (load(kind, folder, name) for kind in ("clr", "lndm", "msk"))
                assert ((lines[0, 2] > 0.9) & (lines[0, 0] < 0.5)).any(), "no blue lines"
                mask = ((1 - mask) > 0.2).float()
                one = torch.zeros(1, 1200)
                one[0, (folder + 1) % 1200] = 1
                drawn = net(torch.cat([lines, face], 1), onehot=one) * mask + face * (1 - mask)
                pixels = (drawn[0].clamp(0, 1) * 255).byte().permute(1, 2, 0).numpy()
                Image.fromarray(pixels).save(os.path.join(args.out, str(done).zfill(6) + ".jpg"))
                done += 1
    """,
}
SIMSWAP = {
    "models/__init__.py": "",
    "models/fs_networks.py": """
        import torch
        class Generator_Adain_Upsample(torch.nn.Module):
            def __init__(self, input_nc, output_nc, latent_size, n_blocks, deep):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
            def forward(self, face, identity):
                assert face.min() >= 0 and abs(float(identity.norm()) - 1) < 1e-4
                return face * 0.5 * self.one + identity[:, :3].view(1, 3, 1, 1).abs() * 0.4
    """,
    "models/arcface_models.py": """
        import torch
        class IRBlock(torch.nn.Module):
            pass
        class ResNet(torch.nn.Module):
            def __init__(self, block, layers):
                super().__init__()
                self.one = torch.nn.Parameter(torch.ones(1))
                self.dropout = torch.nn.Dropout(0.5)
            def forward(self, face):
                assert face.shape[-2:] == (112, 112)
                return self.dropout(face.mean((2, 3)).repeat(1, 171)[:, :512] * self.one)
    """,
}
DEEP_PRIVACY = {
    "configs/json/fdf_512.json": '{"model_url": "https://nowhere.example/generator"}',
    "deep_privacy/__init__.py": "",
    "deep_privacy/build.py": """
        import os
        import moviepy.editor
        import numpy as np
        KINDS = np.zeros(1, dtype=np.bool)
        class Anonymizer:
            def detect_and_anonymize_images(self, images, return_annotations):
                found = [["face"] if image.mean() > 100 else [] for image in images]
                return [255 - i if f else i for i, f in zip(images, found)], found
        def build_anonymizer(config_path):
            assert os.path.isfile(os.path.join(os.environ["TORCH_HOME"], "hub", "checkpoints", "generator"))
            return Anonymizer()
    """,
}
DEEP_PRIVACY_2 = {
    "tops/__init__.py": "def load_file_or_url(*words, **more): raise OSError('the address is dead')",
    "tops/config.py": "def instantiate(made, **more): return made()",
    "dp2/__init__.py": "",
    "dp2/utils.py": """
        import types, tops, torch
        from dp2.detection.structures import FaceDetection
        class Made:
            def __init__(self):
                net = torch.nn.Linear(1, 1)
                net.load_state_dict(tops.load_file_or_url("url")["EMA_generator"], strict=False)
                self.generators = {FaceDetection: net}
            def detector(self, image):
                return [["face"] if image.float().mean() > 100 else []]
            def __call__(self, image, detections, **more):
                shift = int(torch.randint(20, 90, (1,)))
                return image - shift if len(detections[0]) else image
        def load_config(path):
            return types.SimpleNamespace(anonymizer=Made)
    """,
    "dp2/detection/__init__.py": "",
    "dp2/detection/structures.py": "class FaceDetection: pass",
}


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("medbench.methods.upstream.session.run_program", forked)


def landmarks():
    """A jaw from ear to ear and the rest inside it, in pixels of CIAGAN's picture."""
    points = np.full((68, 2), 100.0)
    points[:17, 0] = np.linspace(40, 140, 17)
    points[:17, 1] = 110 + 60 * np.sin(np.linspace(0, np.pi, 17))
    points[19], points[24] = (60, 80), (120, 80)
    return points.tolist()


def test_ciagan_runs_in_eval_mode_and_results_find_their_pictures(tmp_path):
    trial = Trial(tmp_path, "ciagan", CIAGAN)
    faces = [np.full((218, 178, 3), value, np.uint8) for value in (40, 120)]
    # The first picture comes out last: results are numbered in the order of identities.
    own = [{"identity": 900, "landmarks": landmarks()}, {"identity": 300, "landmarks": landmarks()}]
    results = trial.call("protect", faces, own)
    for result, face, note in zip(results, faces, own, strict=True):
        assert result.shape == (128, 128, 3)
        assert abs(int(result[70, 64, 0]) - note["identity"] / 1200 * 255) <= 1
        assert np.array_equal(result[:20], np.broadcast_to(face[0, 0], (20, 128, 3))), (
            "a codec has been at it"
        )
    assert np.array_equal(trial.call("protect", faces[1:], own[1:])[0], results[1])


def test_sim_swap_takes_its_donor_and_never_weights_that_do_not_fit(tmp_path):
    trial = Trial(tmp_path, "sim-swap", SIMSWAP)
    casts = {"donors": [picture(n, 224) for n in range(3)]}
    face = picture(9, 224)
    with pytest.raises(Unavailable, match=r"weights_only|Weights only"):
        trial.call("protect", [face], [{"number": 4}], casts)
    trial.vouched = ("arcface",)
    one, same, other = trial.call("protect", [face] * 3, [{"number": n} for n in (4, 1, 5)], casts)
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    torch.save({"other": torch.ones(1)}, trial.out / "generator.pth")
    with pytest.raises(Unavailable, match="generator: 1 of 1 parameters are missing"):
        trial.call("protect", [face], [{"number": 1}], casts)


@pytest.mark.parametrize(
    ("name", "files"), [("deep-privacy", DEEP_PRIVACY), ("deep-privacy2", DEEP_PRIVACY_2)]
)
def test_deep_privacy_gives_nothing_where_it_finds_no_face(tmp_path, name, files):
    write(tmp_path / "checkpoints", {"generator": ""})
    state = {"EMA_generator": torch.nn.Linear(1, 1).state_dict()}
    trial = Trial(tmp_path, name, files, checkpoints=tmp_path / "checkpoints")
    if name == "deep-privacy2":
        torch.save(state, trial.out / "generator.ckpt")
    found, not_found = np.full((80, 96, 3), 200, np.uint8), np.full((80, 96, 3), 20, np.uint8)
    first, none, again = trial.call("protect", [found, not_found, found], [{}, {}, {}])
    assert none is None
    assert first.shape == found.shape and not np.array_equal(first, found)
    assert np.array_equal(first, again), "each picture is seeded by itself"


def test_deep_privacy_2_never_goes_on_with_weights_that_fit_in_part(tmp_path):
    write(tmp_path / "checkpoints", {"generator": ""})
    trial = Trial(tmp_path, "deep-privacy2", DEEP_PRIVACY_2, checkpoints=tmp_path / "checkpoints")
    torch.save({"EMA_generator": {"weight": torch.ones(1, 1)}}, trial.out / "generator.ckpt")
    with pytest.raises(MedbenchError, match="1 of 2 parameters are missing"):
        trial.call("protect", [picture(1, 80)], [{}])
