"""DeepPrivacy: its own anonymizer on whole pictures; one in which it finds no face gets no result.

The shipped command passes such a picture on as it is, and writes the original beside each result.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import hollow
import kit
import numpy as np
import torch
from PIL import Image

CONFIGURATION = Path("configs", "json", "fdf_512.json")


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    if not hasattr(np, "bool"):
        kit.patch(np, bool=bool)
    # It opens videos, and trains: nothing of that happens here.
    hollow.stand_in("albumentations", "moviepy", "torch.utils.tensorboard")
    if job["mode"] == "random":
        return save_random(job)
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        kit.torch_home(room, job["weights"]["checkpoints"])
        from deep_privacy.build import build_anonymizer

        anonymizer = build_anonymizer(config_path=str(local_copy(job["repo"], room)))
        for entry in kit.pictures(job):
            with Image.open(entry["input"]) as image:
                pixels = np.array(image.convert("RGB"))
            results, found = anonymizer.detect_and_anonymize_images([pixels], return_annotations=True)
            if len(found[0]):
                Image.fromarray(np.asarray(results[0], np.uint8)).save(entry["output"])


def local_copy(repo: str, room: Path) -> Path:
    """The configuration, in a place where what it makes may lie."""
    copy = room / "configs" / CONFIGURATION.name
    copy.parent.mkdir()
    shutil.copyfile(str(Path(repo) / CONFIGURATION), str(copy))
    os.chdir(room)
    return copy


def save_random(job: dict) -> None:
    """Write the three networks under the names that torch gives their downloads."""
    from deep_privacy.config import Config
    from deep_privacy.inference.infer import init_generator
    from face_detection.retinaface.config import cfg_re50
    from face_detection.retinaface.models.retinaface import RetinaFace
    from torchvision.models.detection import KeypointRCNN_ResNet50_FPN_Weights, keypointrcnn_resnet50_fpn

    folder = Path(job["out"], "checkpoints")
    folder.mkdir()
    address = json.loads(Path(job["repo"], CONFIGURATION).read_text())["model_url"]
    with tempfile.TemporaryDirectory() as place:
        generator = init_generator(Config.fromfile(str(local_copy(job["repo"], Path(place)))))
        os.chdir(job["out"])
    torch.save({"running_average_generator": generator.state_dict()}, folder / address.rpartition("/")[2])
    torch.save(RetinaFace(cfg=cfg_re50).state_dict(), folder / "RetinaFace_ResNet50.pth")
    keypoints = keypointrcnn_resnet50_fpn(weights=None, weights_backbone=None)
    address = KeypointRCNN_ResNet50_FPN_Weights.COCO_V1.url
    torch.save(keypoints.state_dict(), folder / address.rpartition("/")[2])


if __name__ == "__main__":
    main()
