"""DeepPrivacy2: its own face anonymizer on whole pictures; one in which it finds no face gets no result.

The shipped command passes such a picture on as it is, and loads any weights that fit in part.
"""

import tempfile
from pathlib import Path

import hollow
import kit
import numpy as np
import torch
from PIL import Image

CONFIGURATION = Path("configs", "anonymizers", "face.py")
#: For bodies, texts, videos and training; the way of a face does not touch them.
UNUSED = (
    "clip",
    "densepose",
    "detectron2",
    "fast_pytorch_kmeans",
    "kornia",
    "motpy",
    "moviepy",
    "pyspng",
    "resize_right",
    "timm",
    "torch.utils.tensorboard",
    "torch_fidelity",
    "wandb",
    "webdataset",
)


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    hollow.stand_in(*UNUSED)
    import tops
    from dp2 import utils
    from dp2.detection.structures import FaceDetection
    from tops.config import instantiate

    if job["mode"] == "random":
        generator = instantiate(utils.load_config(str(Path("configs", "fdf", "stylegan.py"))).generator)
        return save_random(Path(job["out"]), generator)

    state = torch.load(job["weights"]["generator"])
    tops.load_file_or_url = lambda *words, **more: dict(state)
    with tempfile.TemporaryDirectory() as place:
        kit.torch_home(Path(place), job["weights"]["checkpoints"])
        anonymizer = instantiate(utils.load_config(str(CONFIGURATION)).anonymizer, load_cache=False)
        kit.fill(anonymizer.generators[FaceDetection], state["EMA_generator"], "generator")
        for entry in kit.pictures(job):
            with Image.open(entry["input"]) as image:
                pixels = torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)
            found = anonymizer.detector(pixels)
            if sum(len(one) for one in found):
                result = anonymizer(
                    pixels.clone(),
                    detections=found,
                    truncation_value=0,
                    multi_modal_truncation=False,
                    amp=True,
                )
                Image.fromarray(result.permute(1, 2, 0).numpy()).save(entry["output"])


def save_random(out: Path, generator: torch.nn.Module) -> None:
    """Write the generator, and the detector under the name that torch gives its download."""
    from face_detection.dsfd.config import resnet152_model_config
    from face_detection.dsfd.detect import model_url
    from face_detection.dsfd.face_ssd import SSD

    torch.save({"EMA_generator": generator.state_dict()}, out / "generator.ckpt")
    (out / "checkpoints").mkdir()
    name = model_url.rpartition("/")[2]
    torch.save(SSD(resnet152_model_config).state_dict(), out / "checkpoints" / name)


if __name__ == "__main__":
    main()
