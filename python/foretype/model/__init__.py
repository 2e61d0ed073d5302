"""Model files: made from other formats, described, opened for the engine."""

from foretype.model.cache import ensure_original
from foretype.model.convert import convert
from foretype.model.info import ModelInfo, TensorInfo, read_info
from foretype.model.mapped import MappedModel, open_model
from foretype.model.places import default_path, original_path
from foretype.model.progress import Progress

__all__ = [
    "MappedModel",
    "ModelInfo",
    "Progress",
    "TensorInfo",
    "convert",
    "default_path",
    "ensure_original",
    "open_model",
    "original_path",
    "read_info",
]
