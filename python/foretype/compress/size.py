"""How many bytes a model's weights take in the encodings that they are meant for."""

from foretype.model.config import GROUP
from foretype.model.dense_model import EMBEDDING, OTHERS, DenseModel, Encoding

FLOAT = 4  # bytes


def stored_bytes(model: DenseModel) -> int:
    """All matrices, the embedding and the norms."""
    norms = sum(FLOAT * each.size for name, each in model.weights.items() if name.endswith("norm"))
    return norms + sum(_matrix_bytes(model, name) for name in (*model.matrices(), EMBEDDING))


def _matrix_bytes(model: DenseModel, name: str) -> int:
    weights, encoding = model.weights[name], model.encoding(name)
    rows, count = len(weights), weights.size
    groups = count // GROUP
    if encoding is Encoding.Q4_1:
        return count // 2 + 4 * groups
    if encoding is Encoding.INT8:
        return count + 2 * groups
    if name == EMBEDDING and OTHERS in model.encodings:
        others = (rows - len(model.vocabulary.common)) * (count // rows)
        fewer = encoding.bits - model.encodings[OTHERS].bits
        return (count * encoding.bits - others * fewer) // 8 + groups + FLOAT * rows
    if encoding is Encoding.SPARSE_4:
        share = float(model.kept_blocks(name).mean())
        return int(share * (count // 2 + groups)) + count // 512 + FLOAT * rows
    return count * encoding.bits // 8 + groups + FLOAT * rows
