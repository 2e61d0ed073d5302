"""The types that type checkers and editors see are those of the extension as it was built."""

import subprocess
import sys
from pathlib import Path


def test_stub_is_what_the_extension_says(root: Path, tmp_path: Path) -> None:
    written = tmp_path / "_core.pyi"
    subprocess.run(
        [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "foretype._core", "-o", written],
        check=True,
        cwd=tmp_path,
    )
    committed = root / "python" / "foretype" / "_core.pyi"
    assert committed.read_text("utf-8") == written.read_text("utf-8"), "write it anew: make stub"
