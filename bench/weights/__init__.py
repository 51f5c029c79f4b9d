"""Weight files: where each comes from, its sha256, licence and citation; found, verified, loaded safely.

Three kinds: files that come with a Python package, files of this repository, and *official* files
that the user brings (``medbench weights fetch`` or ``add``) and that lie in the user's cache folder.
"""

from medbench.weights.checksums import sha256, verify
from medbench.weights.finding import find, find_verified, weight_files
from medbench.weights.loading import header, is_safetensors, load_safetensors, load_torch
from medbench.weights.packaged import FACES_REMEDY
from medbench.weights.weight_file import WeightFile

__all__ = (
    "FACES_REMEDY",
    "WeightFile",
    "find",
    "find_verified",
    "header",
    "is_safetensors",
    "load_safetensors",
    "load_torch",
    "sha256",
    "verify",
    "weight_files",
)
