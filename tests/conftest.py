"""What tests of every kind share: where data and the model are, and how hypothesis runs."""

import os
import signal
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# A suite that a shell started in the background has Ctrl-C ignored, and so would the programs
# that its tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The slow twins multiply small matrices: threads that wait for a busy core cost minutes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run, and no deadline: the machines that run this are shared.
hypothesis.settings.register_profile("foretype", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("foretype")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


def data_file(name: str) -> Path:
    folder = Path(os.environ.get("FORETYPE_DATA", ROOT.parent / "shared" / "data"))
    path = folder / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {folder}; name its folder with DATA=")
    return path


@pytest.fixture(scope="session")
def development_data() -> Path:
    """The development set for replay: JSON lines of author, date, text."""
    return data_file("clinton-dev.jsonl")


@pytest.fixture(scope="session")
def calibration_data() -> Path:
    """The calibration mix, gzipped JSON lines with a licence in each row."""
    return data_file("calibration-mix.jsonl.gz")


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The default model, a part of the package."""
    from foretype.model import default_path

    return default_path()
