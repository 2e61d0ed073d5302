"""From a foreign model to our container.

What does the work is imported when there is work: numpy and the readers of other
formats are slow to load, and whoever only opens a model needs none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from foretype.errors import ErrorCode, ForetypeError, ModelError, StorageError
from foretype.model.places import FILE_SUFFIX
from foretype.model.progress import Progress, no_progress

if TYPE_CHECKING:
    from foretype.model.source import Source


def convert(
    path: Path,
    *,
    output: Path | None = None,
    force: bool = False,
    name: str | None = None,
    origin: str | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Convert a GGUF file, a Hugging Face folder or a dense checkpoint; returns the container.

    `output` is by default NAME.foretype.safetensors in the current folder; what stands
    there is replaced only by `force`. `name` and `origin` (where the model was got from)
    are kept for people to read.

    Raises ModelError if `path` is no model we can run, StorageError if it cannot be
    written; `output` is then as it was before.
    """
    from foretype.model.container import container_metadata, write_container
    from foretype.model.tensors import container_tensors

    with reading(path):
        source = open_source(path)
        name = name or source.name
        output = output or Path(name + FILE_SUFFIX)
        if not force:
            refuse_existing(output)
        tensors = list(container_tensors(source, progress))
        metadata = container_metadata(
            source.config,
            name=name,
            licence=source.licence,
            source=origin or path.name,
            source_sha256=source.sha256(),
        )
    progress("writing", 0, 1)
    write_container(output, metadata, tensors)
    progress("writing", 1, 1)
    return output


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """The readers of foreign formats check little: damage shows as any exception."""
    try:
        yield
    except ForetypeError:
        raise
    except OSError as error:
        raise ModelError(f"Cannot read {path}: {error.strerror or error}.") from error
    except Exception as error:
        raise ModelError(
            f"{path} cannot be converted ({type(error).__name__}: {error}); "
            "it is truncated or damaged, get it again.",
        ) from error


def refuse_existing(path: Path) -> None:
    """StorageError if something stands at `path`."""
    if path.exists():
        raise StorageError(f"{path} exists already; choose another place, or replace it: --force")


def open_source(path: Path) -> "Source":
    """The reader for this kind of file."""
    if path.is_dir():
        from foretype.model.huggingface_source import HuggingFaceSource

        return HuggingFaceSource(path)
    if not path.is_file():
        raise ModelError(f"There is no model at {path}.", code=ErrorCode.WRONG_FORMAT)
    from foretype.model.dense_model import is_dense

    if is_dense(path):
        from foretype.model.checkpoint_source import CheckpointSource

        return CheckpointSource(path)
    from foretype.model.gguf_source import GgufSource

    return GgufSource(path)
