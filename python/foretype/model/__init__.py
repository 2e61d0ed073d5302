"""Model files: made from other formats, kept in the cache, described, opened for the engine."""

from foretype.model.cache import default_path, ensure
from foretype.model.convert import convert
from foretype.model.info import ModelInfo, TensorInfo, read_info
from foretype.model.mapped import MappedModel, open_model
from foretype.model.progress import Progress

__all__ = [
    "MappedModel",
    "ModelInfo",
    "Progress",
    "TensorInfo",
    "convert",
    "default_path",
    "ensure",
    "open_model",
    "read_info",
]
