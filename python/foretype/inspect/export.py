"""The embedding as files for other viewers: TensorBoard's projector and embedding-atlas."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foretype.errors import SettingError
from foretype.inspect.model_tokens import ModelTokens, readable
from foretype.inspect.projection import Projection
from foretype.inspect.usage import Ints
from foretype.model import Progress
from foretype.model.atomic import atomic_write
from foretype.model.groups import Dense
from foretype.profile.place import PRIVATE_FOLDER

VECTORS, METADATA = "vectors.tsv", "metadata.tsv"
PROJECTOR, PARQUET = "projector_config.pbtxt", "tokens.parquet"
STAGE = "exporting"
MISSING = "Writing parquet needs arro3; install it with: pip install 'foretype[inspect]'"
DECIMALS = 4  # of an entry of the embedding: finer than its 8 bits
ROWS_AT_ONCE = 4096


def export_tokens(
    folder: Path,
    tokens: ModelTokens,
    chosen: Ints,
    projection: Projection,
    uses: Ints | None,
    progress: Progress,
) -> tuple[Path, ...]:
    """Write the `chosen` tokens; `uses` None leaves the owner's use of them out.

    Returns the files. Raises StorageError if they cannot be written, SettingError without the
    extra.
    """
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    labels = [readable(tokens.texts[token]) for token in chosen]
    own = None if uses is None else uses[chosen]
    _write_vectors(folder / VECTORS, tokens.embedding[chosen], progress)
    _write_text(folder / METADATA, metadata_lines(labels, chosen, own))
    _write_text(folder / PROJECTOR, PROJECTOR_LINES)
    parquet = parquet_bytes(labels, chosen, projection.places[chosen], own)
    with atomic_write(folder / PARQUET) as file:
        file.write(parquet)
    return tuple(folder / name for name in (VECTORS, METADATA, PROJECTOR, PARQUET))


PROJECTOR_LINES = (
    "embeddings {",
    '  tensor_name: "foretype_tokens"',
    f"  tensor_path: {json.dumps(VECTORS)}",
    f"  metadata_path: {json.dumps(METADATA)}",
    "}",
)


def metadata_lines(labels: Sequence[str], chosen: Ints, uses: Ints | None) -> list[str]:
    """A line of titles, then one for each token."""
    titles = ["token", "id"] if uses is None else ["token", "id", "uses", "used"]
    rows = [[label, str(token)] for label, token in zip(labels, chosen, strict=True)]
    if uses is not None:
        for row, count in zip(rows, uses.tolist(), strict=True):
            row += [str(count), "yes" if count else "no"]
    return ["\t".join(row) for row in [titles, *rows]]


def _write_vectors(path: Path, rows: Dense, progress: Progress) -> None:
    with atomic_write(path) as file:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            progress(STAGE, start, len(rows))
            part = rows[start : start + ROWS_AT_ONCE].tolist()
            lines = ("\t".join(f"{value:.{DECIMALS}f}" for value in row) for row in part)
            file.write("".join(f"{line}\n" for line in lines).encode())
    progress(STAGE, len(rows), len(rows))


def _write_text(path: Path, lines: Sequence[str]) -> None:
    with atomic_write(path) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


def parquet_bytes(labels: Sequence[str], chosen: Ints, places: Dense, uses: Ints | None) -> bytes:
    """The same with the places in two dimensions, x and y. Raises SettingError without arro3."""
    try:
        from arro3.core import Array, DataType, Table
        from arro3.io import write_parquet
    except ImportError:
        raise SettingError(MISSING) from None
    columns = {
        "token": Array(list(labels), DataType.string()),
        "id": Array.from_numpy(chosen.astype(np.int32)),
        "x": Array.from_numpy(places[:, 0].astype(np.float32)),
        "y": Array.from_numpy(places[:, 1].astype(np.float32)),
    }
    if uses is not None:
        columns["uses"] = Array.from_numpy(uses)
        columns["used"] = Array(["yes" if count else "no" for count in uses], DataType.string())
    data = io.BytesIO()
    write_parquet(Table.from_arrays(list(columns.values()), names=list(columns)), data)
    return data.getvalue()
