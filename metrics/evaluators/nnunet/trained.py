"""A trained nnU-Net v2 model folder: where it is, what is in it, and nnU-Net's own predictor of it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.nnunet.checkpoint import read_checkpoint
from medbench.metrics.evaluators.torchvision_shim import import_torchvision
from medbench.suites.whereabouts import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE, NAME = "MEDBENCH_NNUNET", "nnunet"
CHECKPOINT = "checkpoint_final.pth"
_REMEDY = "train one (medbench nnunet --help) and name its folder: medbench nnunet use FOLDER"


@dataclass(frozen=True)
class ModelFolder:
    """``…/nnUNetTrainer__nnUNetPlans__2d`` as nnU-Net leaves it, with the folds that are trained."""

    path: Path
    checkpoints: tuple[Path, ...]

    @classmethod
    def chosen(cls) -> ModelFolder:
        """The folder of ``$MEDBENCH_NNUNET``, or the one that ``medbench nnunet use`` noted.

        Raises:
            Unavailable: none was named.
            MedbenchError: it is not such a folder.
        """
        named = os.environ.get(VARIABLE)
        path = Path(named) if named else folder_of(NAME)
        if path is None:
            raise Unavailable(f"no trained nnU-Net was named; {_REMEDY}")
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> ModelFolder:
        """Look which folds are trained; ``fold_all`` counts where there is no other.

        Raises:
            MedbenchError: plans, data set description or checkpoints are missing.
        """
        lacking = [name for name in ("plans.json", "dataset.json") if not (path / name).is_file()]
        found = sorted(path.glob(f"fold_*/{CHECKPOINT}"))
        folds = [file for file in found if file.parent.name != "fold_all"] or found
        if lacking or not folds:
            missing = ", ".join([*lacking, *([] if folds else [f"fold_*/{CHECKPOINT}"])])
            raise MedbenchError(f"{path} is no trained nnU-Net folder, it lacks {missing}; {_REMEDY}")
        return cls(path, tuple(folds))

    def digest(self) -> str:
        """sha256 over plans, description and checkpoints."""
        found = hashlib.sha256()
        for file in (self.path / "plans.json", self.path / "dataset.json", *self.checkpoints):
            with file.open("rb") as stream:
                found.update(hashlib.file_digest(stream, "sha256").digest())
        return found.hexdigest()

    def predictor(self, device: str) -> Any:
        """nnU-Net's own predictor with these weights: sliding window, mirroring, all folds averaged.

        It is put together here, since nnU-Net's own way of opening a folder would run any code
        that a checkpoint carries.

        Raises:
            Unavailable: the package is missing.
            MedbenchError: not a 2-D model of RGB pictures, or a checkpoint is not safe to read.
        """
        plans, dataset = (_read_json(self.path / name) for name in ("plans.json", "dataset.json"))
        if len(dataset["channel_names"]) != 3:
            raise MedbenchError(
                f"{self.path} wants {len(dataset['channel_names'])} channels, not red, green, blue"
            )
        checkpoints = [read_checkpoint(file) for file in self.checkpoints]
        import_torchvision()  # nnU-Net's networks import it
        with _nnunet_quiet():
            import torch
            from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
            from nnunetv2.utilities.find_objects import recursive_find_trainer_class_by_name
            from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

            manager = PlansManager(plans)
            first = checkpoints[0]
            configuration = manager.get_configuration(first["init_args"]["configuration"])
            if len(configuration.patch_size) != 2:
                raise MedbenchError(f"{self.path} is not of nnU-Net's configuration 2d")
            trainer = recursive_find_trainer_class_by_name(first["trainer_name"])
            heads = manager.get_label_manager(dataset).num_segmentation_heads
            network = trainer.build_network_architecture(
                manager, configuration, 3, heads, enable_deep_supervision=False
            )
            predictor = nnUNetPredictor(
                perform_everything_on_device=device != "cpu", device=torch.device(device), allow_tqdm=False
            )
            predictor.manual_initialization(
                network.to(device),
                manager,
                configuration,
                [checkpoint["network_weights"] for checkpoint in checkpoints],
                dataset,
                first["trainer_name"],
                first.get("inference_allowed_mirroring_axes"),
            )
        return predictor


def _read_json(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise MedbenchError(f"{file} is damaged ({error}); copy the model folder again") from None


@contextlib.contextmanager
def _nnunet_quiet() -> Iterator[None]:
    """Keep nnU-Net's remarks on unset variables away; say what is to be installed."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "nnunetv2":
            raise
        raise Unavailable("nnU-Net is not installed: pip install nnunetv2") from None
