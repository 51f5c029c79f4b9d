"""Weights of DeepFace's age, gender and race, as its package runs them with onnxruntime."""

from __future__ import annotations

from medbench.weights.weight_file import WeightFile, official

_HUB = "https://github.com/serengil/deepface_models/releases/download/v1.0/"
_MIRROR = "https://huggingface.co/serengil/deepface/resolve/main/"


def _deepface(name: str, file: str) -> WeightFile:
    return official(
        name,
        file,
        licence="MIT (DeepFace); fine-tuned VGG-Face, whose authors allow research only",
        citation="Serengil & Ozpinar, HyperExtended LightFace, ICEET 2021; github.com/serengil/deepface",
        format="onnx",
        addresses=(_HUB + file, _MIRROR + file),
    )


FILES = (
    _deepface("deepface_age", "age_model_weights.onnx"),
    _deepface("deepface_gender", "gender_model_weights.onnx"),
    _deepface("deepface_race", "race_model_single_batch.onnx"),
)
