"""The default model as a part of the package: whole, missing, damaged, another one."""

from pathlib import Path

import pytest

from foretype import Engine
from foretype.errors import ModelError
from foretype.model import default_path, original_path, places, read_info
from foretype.model.pin import ShippedModel
from foretype.reference.tiny_model import write_tiny_model

RESTORED_BY = r"part of Foretype: get that file again with git checkout, or install Foretype again"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny model in the place of the default one."""
    path = write_tiny_model(tmp_path / "shipped" / "tiny.foretype.safetensors")
    pin = ShippedModel(file_name=path.name, sha256=read_info(path).sha256)
    monkeypatch.setattr(places, "SHIPPED_FOLDER", path.parent)
    monkeypatch.setattr(places, "SHIPPED", pin)
    monkeypatch.setattr("foretype.model.mapped.SHIPPED", pin)
    return path


def test_it_is_what_an_engine_opens(shipped: Path) -> None:
    assert default_path() == shipped
    assert Engine.open().model_path == shipped
    assert read_info(default_path()).name == "tiny"


def test_another_version_s_model_is_noticed(shipped: Path) -> None:
    write_tiny_model(shipped, seed=1)
    with pytest.raises(ModelError, match=rf"is another version's model\. It is a {RESTORED_BY}"):
        read_info(shipped)


def test_elsewhere_any_model_may_stand(shipped: Path, tmp_path: Path) -> None:
    assert read_info(write_tiny_model(tmp_path / "other", seed=1))


@pytest.mark.parametrize("length", [0, 100, -1])
def test_a_damaged_one_is_one_sentence(shipped: Path, length: int) -> None:
    shipped.write_bytes(shipped.read_bytes()[:length])
    with pytest.raises(ModelError, match=RESTORED_BY):
        Engine.open()


def test_a_pointer_in_its_place_is_no_model(shipped: Path) -> None:
    shipped.write_text("version https://git-lfs.github.com/spec/v1\n" * 3)
    with pytest.raises(ModelError, match=rf"is not a Foretype model.*{RESTORED_BY}"):
        Engine.open()


def test_an_original_that_was_not_made_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORETYPE_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="is made with: foretype model build --original"):
        Engine.open(original_path())
