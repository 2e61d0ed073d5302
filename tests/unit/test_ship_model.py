"""What makes a compressed model the default one."""

import json
import shutil
from pathlib import Path

import pytest
from scripts import ship_model

from foretype.model import pin, places, read_info
from foretype.reference.tiny_model import write_tiny_model

REPORT = {
    "seed": 1,
    "output": "elsewhere",
    "stages": [{"settings": {"teacher": "/somewhere/t.dense"}}],
}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that was compressed; what would be written to is a copy."""
    shutil.copyfile(pin.__file__, tmp_path / "before.py")
    copy = shutil.copyfile(pin.__file__, tmp_path / "pin.py")
    monkeypatch.setattr(ship_model.pin, "__file__", str(copy))
    monkeypatch.setattr(places, "SHIPPED_FOLDER", tmp_path / "shipped")
    (tmp_path / "report.json").write_text(json.dumps(REPORT), "utf-8")
    return write_tiny_model(tmp_path / "small.foretype.safetensors")


def test_file_recipe_and_checksum_go_together(model: Path, tmp_path: Path) -> None:
    said = ship_model.ship(model, [tmp_path / "report.json"])
    sha256 = read_info(model).sha256
    assert sha256 in said
    shipped = tmp_path / "shipped" / pin.SHIPPED.file_name
    assert shipped.read_bytes() == model.read_bytes()
    recipe = json.loads((tmp_path / "shipped" / "recipe.json").read_text("utf-8"))
    stage = {"settings": {"teacher": "t.dense"}}
    assert recipe == {"runs": [{"seed": 1, "stages": [stage]}], "sha256": sha256}
    before, after = ((tmp_path / name).read_text("utf-8") for name in ("before.py", "pin.py"))
    assert after == before.replace(pin.SHIPPED.sha256, sha256)


def test_one_that_is_too_large_is_refused(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ship_model, "LARGEST_BYTES", 1000)
    with pytest.raises(OSError, match="55 at most"):
        ship_model.ship(model, [tmp_path / "report.json"])
    assert not (tmp_path / "shipped").exists()
