"""Weight files that come with Python packages, by their sha256."""

from __future__ import annotations

from medbench.weights.weight_file import WeightFile

#: Installs the face tools; ``--no-deps`` because facenet-pytorch pins packages that it does not need.
FACES_REMEDY = "pip install --no-deps dlib-bin face-recognition-models facenet-pytorch==2.5.3"

_DLIB = "King, Dlib-ml: A Machine Learning Toolkit, JMLR 2009"
_MTCNN = (
    "Zhang et al., Joint Face Detection and Alignment using MTCNN, 2016; github.com/timesler/facenet-pytorch"
)
_MODELS, _FACENET = "package face_recognition_models", "package facenet_pytorch"
_IBUG = "iBUG 300-W annotations exclude commercial use"
_CC0 = "CC0 (as dlib-models has it)"
_OPEN = "not stated for the file (the package says MIT)"

PACKAGED = (
    WeightFile("dlib_landmarks_68", _MODELS, "models/shape_predictor_68_face_landmarks.dat",
               "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f", _IBUG, _DLIB),
    WeightFile("dlib_descriptor", _MODELS, "models/dlib_face_recognition_resnet_model_v1.dat",
               "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30", _CC0, _DLIB),
    WeightFile("mtcnn_pnet", _FACENET, "data/pnet.pt",
               "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f", _OPEN, _MTCNN),
    WeightFile("mtcnn_rnet", _FACENET, "data/rnet.pt",
               "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86", _OPEN, _MTCNN),
    WeightFile("mtcnn_onet", _FACENET, "data/onet.pt",
               "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d", _OPEN, _MTCNN),
)  # fmt: skip
