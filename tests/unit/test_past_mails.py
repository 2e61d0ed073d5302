"""Mails of many shapes, each with what its writer wrote beside it: tests/data/past."""

from pathlib import Path

import pytest

from foretype.past import own_text, read_past
from foretype.past.mail import read_body

MAILS = sorted((Path(__file__).parents[1] / "data" / "past").glob("*.eml"))


def own_of(mail: Path) -> str:
    return mail.with_suffix(".txt").read_text("utf-8").rstrip("\n")


def test_there_are_mails() -> None:
    assert len(MAILS) >= 45


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_only_what_the_owner_wrote_is_read(mail: Path) -> None:
    reading = read_past([mail], me=["robin.vale@example.org"])
    assert "\n".join(written.text for written in reading) == own_of(mail)
    assert not reading.counts.troubles


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_stripping_twice_is_stripping_once(mail: Path) -> None:
    once = own_text(read_body(mail.read_bytes()))
    assert own_text(once) == once


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_line_ends_do_not_matter(mail: Path, tmp_path: Path) -> None:
    bare = mail.read_bytes().replace(b"\r\n", b"\n")
    other = tmp_path / "other.eml"
    other.write_bytes(bare.replace(b"\n", b"\r\n"))
    texts = [written.text for written in read_past([other], me=["robin.vale@example.org"])]
    assert "\n".join(texts) == own_of(mail)
