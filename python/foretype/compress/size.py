"""How many bytes a model's weights take in the encodings that they are meant for."""

from foretype.model.config import GROUP
from foretype.model.dense_model import EMBEDDING, DenseModel, Encoding

BLOCK = (16, 4)  # rows and columns of a sparse matrix's blocks


def stored_bytes(model: DenseModel) -> int:
    """All matrices, the embedding and the norms."""
    norms = sum(4 * each.size for name, each in model.weights.items() if name.endswith("norm"))
    return norms + sum(_matrix_bytes(model, name) for name in (*model.matrices(), EMBEDDING))


def _matrix_bytes(model: DenseModel, name: str) -> int:
    weights = model.weights[name]
    rows, columns = weights.shape
    encoding, groups = model.encoding(name), weights.size // GROUP
    if encoding is Encoding.Q4_1:
        return weights.size // 2 + 4 * groups
    if encoding is Encoding.INT8:
        return weights.size + 2 * groups
    if encoding is Encoding.SPARSE_4:
        share = float((weights != 0).mean())
        return int(share * (weights.size // 2 + groups)) + weights.size // (8 * 64) + 4 * rows
    return weights.size * encoding.bits // 8 + groups + 4 * rows
