"""Any model that can be converted, opened as floating-point numbers."""

from pathlib import Path

import numpy as np

from foretype.model.convert import open_source, reading
from foretype.model.dense_model import EMBEDDING, FINAL_NORM, DenseModel, is_dense, read_dense
from foretype.model.progress import Progress, no_progress


def open_dense(path: Path, progress: Progress = no_progress) -> DenseModel:
    """A GGUF file, a Hugging Face folder or a dense checkpoint. Raises ModelError."""
    if path.is_file() and is_dense(path):
        return read_dense(path)
    with reading(path):
        source = open_source(path)
        config = source.config
        weights = {EMBEDDING: source.dense(EMBEDDING)}
        for layer in range(config.layers):
            progress("opening", layer, config.layers)
            prefix = f"layers.{layer}."
            for norm in ("attention.norm", "ffn.norm"):
                weights[prefix + norm] = np.array(source.norm(prefix + norm))
            for part in config.matrices():
                weights[prefix + part] = np.array(source.dense(prefix + part))
        weights[FINAL_NORM] = np.array(source.norm(FINAL_NORM))
        progress("opening", config.layers, config.layers)
        model = DenseModel(
            config=config,
            vocabulary=source.vocabulary,
            weights=weights,
            name=source.name,
            licence=source.licence,
            source=path.name,
            source_sha256=source.sha256(),
        )
        model.check()
    return model
