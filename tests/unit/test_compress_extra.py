"""Without torch one sentence is said, before any work; recipes and texts need none."""

from pathlib import Path

import pytest
from compress_samples import write_mix

from foretype.cli import main


def test_without_torch_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("foretype.compress.extra.find_spec", lambda name: None)
    work = tmp_path / "work"
    text = write_mix(tmp_path / "mix.jsonl")
    code = main(
        ["compress", "none.gguf", "--text", str(text), "--output", "o", "--work", str(work)]
    )
    assert code == 1
    assert "pip install 'foretype[compress]'" in capsys.readouterr().err
    assert not work.exists()


def test_torch_is_not_imported_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys, foretype.cli, foretype.compress.recipe, foretype.compress.texts, "
        "foretype.model.convert, foretype.model.checkpoint_source; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
