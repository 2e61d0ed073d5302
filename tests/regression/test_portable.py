"""One wheel runs on every processor of its architecture: kernels alone use what only some have."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# One file for each instruction set, entered only after the processor was asked.
KERNEL_FILES = {"avx2", "avx512vnni", "neon"}


@pytest.fixture(scope="module")
def commands(root: Path) -> list[dict[str, str]]:
    """How each file of the package was compiled."""
    path = root / "build" / "package" / "compile_commands.json"
    if not path.is_file():
        pytest.skip("the package was not built here; make build")
    return json.loads(path.read_text("utf-8"))


def test_machine_flags_stand_with_kernels_only(commands: list[dict[str, str]]) -> None:
    named = {
        Path(entry["file"]).stem
        for entry in commands
        if re.search(r" -m(arch|cpu|tune|avx|bmi|fma|f16c|sse)", entry["command"])
    }
    assert named <= KERNEL_FILES
    assert not any("=native" in entry["command"] for entry in commands)


def test_kernels_share_no_inline_function(root: Path, commands: list[dict[str, str]]) -> None:
    # A linker keeps one copy of an inline function. If that copy came from a kernel's file, it
    # would run everywhere, with instructions that not every processor has.
    if not shutil.which("nm"):
        pytest.skip("nm is not installed")
    for entry in commands:
        if Path(entry["file"]).stem not in KERNEL_FILES:
            continue
        compiled = root / "build" / "package" / entry["output"]
        symbols = subprocess.run(
            ["nm", "-C", compiled], capture_output=True, text=True, check=True
        ).stdout
        assert not re.findall(r" [WVu] .*", symbols), entry["file"]
