"""The texts to compress a model on: what is taken, what is held out, how tokens are counted."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from foretype.compress.texts import Mix, Source, kind_of, may_ship
from foretype.errors import DataError

PUBLIC = "CC0-1.0"


def row(text: str, *, source: str = "handbook", licence: str = PUBLIC, **more: object) -> str:
    return json.dumps({"source": source, "license": licence, "text": text, **more})


def written(folder: Path, *lines: str) -> Path:
    path = folder / "mix.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def read(folder: Path, *lines: str) -> Mix:
    return Mix.read(written(folder, *lines))


def texts(count: int) -> list[str]:
    return [f"Note {number} says nothing that any other note says." for number in range(count)]


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("CC-BY-4.0", True),
        ("US public domain / CC0-1.0", True),
        ("Apache-2.0", True),
        ("CC-BY-SA-4.0", False),
        ("cc by-sa 3.0", False),
        ("Creative Commons Attribution-ShareAlike 4.0", False),
        ("Attribution Share Alike", False),
        ("NASA open source", True),
    ],
)
def test_what_is_shared_alike_may_not_ship(licence: str, allowed: bool) -> None:
    assert may_ship(licence) is allowed


def test_rows_that_may_not_ship_are_left_out(tmp_path: Path) -> None:
    mix = read(tmp_path, *map(row, texts(3)), row("Secret sauce.", licence="CC-BY-SA-4.0"))
    assert "Secret sauce." not in [*mix.kinds["handbook"], *mix.held_out["handbook"]]
    assert [source.licence for source in mix.sources()] == [PUBLIC]


def test_sources_are_counted_for_the_notice(tmp_path: Path) -> None:
    lines = [
        row("One.", source="irc"),
        row("Three.", source="irc"),
        row("Two.", source="A", licence="B"),
    ]
    assert read(tmp_path, *lines).sources() == (
        Source("A", "B", 1, 4),
        Source("irc", PUBLIC, 2, 10),
    )


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("irc-disentanglement", "chat"),
        ("QMSum AMI+ICSI", "meeting"),
        ("18F+guides", "handbook"),
        ("sourcegraph+handbook", "handbook"),
        ("openstax+osbooks-writing-guide", "book"),
        ("18F+18f.gsa.gov", "web"),
    ],
)
def test_a_source_says_the_kind(source: str, kind: str) -> None:
    assert kind_of(source) == kind


def test_a_row_may_name_its_kind(tmp_path: Path) -> None:
    mix = read(tmp_path, *(row(text, kind="mail") for text in texts(2)))
    assert list(mix.kinds) == ["mail"]


def test_every_text_is_trained_on_or_held_out(tmp_path: Path) -> None:
    mix = read(tmp_path, *map(row, texts(150)))
    assert len(mix.held_out["handbook"]) == 3
    assert sorted(mix.kinds["handbook"] + mix.held_out["handbook"]) == sorted(texts(150))


def test_what_is_held_out_hangs_on_the_texts_alone(tmp_path: Path) -> None:
    lines = [row(text) for text in texts(150)]
    others = [row("Hello there.", source="irc"), row("Bye now.", source="irc")]
    first, second = read(tmp_path, *lines), read(tmp_path, *others, *reversed(lines))
    assert first.held_out["handbook"] == second.held_out["handbook"]


def test_an_excerpt_is_no_text_of_its_own(tmp_path: Path) -> None:
    whole = "\n".join(texts(20))
    excerpt = "\n".join(texts(9))
    mix = read(tmp_path, row(excerpt), row(whole), row("Something else.\n"), row(whole))
    assert sorted(mix.kinds["handbook"] + mix.held_out["handbook"]) == sorted(
        [whole, "Something else.\n"]
    )


def test_what_repeats_another_text_is_not_held_out(tmp_path: Path) -> None:
    lines = texts(40)
    halves = ["\n".join(lines[start : start + 10]) for start in range(0, 30, 5)]
    mix = read(tmp_path, *map(row, [*halves, "Alone."]))
    assert mix.held_out["handbook"] == ["Alone."]


def test_weights_are_of_the_kinds_there_are(tmp_path: Path) -> None:
    lines = [row(text, source=source) for source in ("irc", "openstax") for text in texts(2)]
    weights = read(tmp_path, *lines).weights
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["chat"] == pytest.approx(weights["book"] * 0.27 / 0.08)


class Bytes:
    """A tokenizer of bytes."""

    vocabulary = 256

    def encode(self, text: bytes) -> list[int]:
        return list(text)


def test_tokens_count_by_the_weight_of_their_kind(tmp_path: Path) -> None:
    chat = [row(f"a{mark}", source="irc") for mark in "bc"]
    book = [row(f"d{mark}" * 50, source="openstax") for mark in "ef"]
    told: list[tuple[int, int]] = []
    mix = read(tmp_path, *chat, *book)
    counts = mix.count(Bytes(), lambda _, done, total: told.append((done, total)))
    assert counts.sum() == pytest.approx(102)
    assert counts[ord("a")] / counts[ord("d")] == pytest.approx(0.27 / 0.08)
    assert told[-1] == (102, 102)


def test_counts_of_one_kind_are_plain(tmp_path: Path) -> None:
    mix = read(tmp_path, row("ab"), row("ab\n"), row("abc"))
    expected = np.bincount(np.frombuffer("".join(mix.kinds["handbook"]).encode(), np.uint8))
    assert mix.count(Bytes())[: len(expected)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 3, is not JSON."),
        ("[" * 100_000, "line 3, is not JSON."),
        ("[]", "line 3, is not a JSON object."),
        ('{"source": "a", "text": "b"}', 'line 3, has no text under "license".'),
        (row("x", kind=3), 'line 3, has a "kind" that is no text.'),
        (row("\ud800"), "half a character"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence.replace(".", r"\.")):
        read(tmp_path, row("One."), row("Two."), line)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "holds no text that may be trained on"),
        ([row("One.", licence="CC-BY-SA-4.0")], "holds no text that may be trained on"),
        ([row("One.")], "at least two"),
        ([row(" "), row("\n")], "holds no text"),
    ],
)
def test_too_little_text_is_refused(tmp_path: Path, lines: list[str], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read(tmp_path, *lines)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^Cannot read .*: No such file or directory\.$"):
        Mix.read(tmp_path / "none.jsonl")


@pytest.mark.parametrize("damage", [slice(0, 40), slice(5, None), slice(0, -4)])
def test_a_damaged_archive_is_one_sentence(tmp_path: Path, damage: slice) -> None:
    path = written(tmp_path, *map(row, texts(50)))
    path.write_bytes(path.read_bytes()[damage])
    with pytest.raises(DataError, match="is damaged"):
        Mix.read(path)


def test_text_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mix.jsonl"
    path.write_bytes(b'{"text": "\xff"}')
    with pytest.raises(DataError, match="is not UTF-8"):
        Mix.read(path)
