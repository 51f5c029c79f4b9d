"""DeepPrivacy2: its own face anonymizer on whole pictures; one in which it finds no face gets no result.

The shipped command passes such a picture on as it is, and loads any weights that fit in part.
"""

import tempfile
from pathlib import Path

import kit
import numpy as np
import torch
from PIL import Image

CONFIGURATION = Path("configs", "anonymizers", "face.py")


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    import tops
    from dp2 import utils
    from dp2.detection.structures import FaceDetection
    from tops.config import instantiate

    if job["mode"] == "random":
        generator = instantiate(utils.load_config(str(Path("configs", "fdf", "stylegan.py"))).generator)
        state = {"EMA_generator": generator.state_dict()}
        return torch.save(state, Path(job["out"], "generator.ckpt"))

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


if __name__ == "__main__":
    main()
