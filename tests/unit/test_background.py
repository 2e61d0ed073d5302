"""Building the background: what is counted, what is kept, what is refused, what ships."""

import gzip
import json
from importlib import resources
from pathlib import Path

import pytest

from foretype import _core
from foretype.background import MAX_BYTES, Size, build
from foretype.background.casing import small_forms
from foretype.background.corpus import messages
from foretype.background.counts import count
from foretype.background.estimate import estimate
from foretype.background.layout import LEVELS, encode, level_below, levels
from foretype.cli import main
from foretype.errors import BackgroundError, DataError, ErrorCode
from foretype.reference.ngrams import read_background

TEXT = "The plan is good. The plan is on Monday. We like the plan."


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def write_rows(path: Path, *rows: dict[str, str]) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, "utf-8")
    return path


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_become_messages(tmp_path: Path, name: str) -> None:
    data = write_rows(
        tmp_path / name,
        {"source": "handbook", "text": "One\nTwo"},
        {"source": "schema-guided-dialogue", "text": "Must not ship"},
        {"source": "irc-disentanglement", "text": "hi\nhello"},
    )
    assert list(messages(data, progress=quiet)) == ["One\nTwo", "hi", "hello"]


@pytest.mark.parametrize("line", ["{", "[]", '{"source": "x"}', "3"])
def test_a_bad_row_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"source": "a", "text": "b"}\n' + line + "\n", "utf-8")
    with pytest.raises(DataError, match="Line 2"):
        list(messages(path, progress=quiet))


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"not gzip"])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rows.jsonl.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match="Cannot read"):
        list(messages(path, progress=quiet))


def test_units_and_pairs_are_counted() -> None:
    counts = count([TEXT, "plan"])
    pairs = {
        (counts.units[before], counts.units[unit]): number
        for (before, unit), number in zip(counts.pairs, counts.pair_counts, strict=True)
    }
    assert pairs["plan", "is"] == 2
    assert pairs["", "The"] == 1
    assert pairs["", "plan"] == 1
    assert pairs[".", "The"] == 1
    the = counts.units.index("The")
    assert (counts.inside[the], counts.opening[the]) == (0, 2)


def test_a_sentence_start_loses_only_its_own_capital() -> None:
    counts = count(["The end. Will the end be near? I hope Monday. Monday it is. Zyx."])
    small = dict(zip(counts.units, small_forms(counts), strict=True))
    assert counts.units[small["The"]] == "the"
    assert counts.units[small["Monday"]] == "Monday"
    assert counts.units[small["Zyx"]] == "Zyx"


def test_the_model_keeps_the_most_telling_pairs() -> None:
    model = estimate(count([TEXT] * 5), Size(words=8, bigrams=3, discount=0.5))
    assert "" in model.words
    assert len(model.words) == 8
    assert model.words == sorted(model.words, key=lambda word: (word.lower(), word))
    assert len(model.rows) == 3
    pairs = {
        model.words[row]: model.words[unit]
        for row, unit in zip(model.rows, model.followers, strict=True)
    }
    assert pairs["the"] == "plan"
    assert model.unigrams.sum() <= 1


def test_every_probability_has_a_level_at_or_below_it() -> None:
    table = levels()
    assert len(table) == LEVELS
    assert list(table) == sorted(table, reverse=True)
    for probability in [1.0, 0.5, 0.3, 1e-4, 3e-7, 1e-9]:
        (level,) = level_below(probability * table[:1])
        assert table[level] <= probability * 1.001
        assert table[level] > probability * 0.9
    assert level_below(0 * table[:1])[0] == LEVELS - 1


def test_what_is_written_is_what_is_read() -> None:
    model = estimate(count([TEXT, "iPhone, phone"]), Size(words=30, bigrams=20))
    content = encode(model)
    background = read_background(content)
    assert list(background.unigrams) == model.words
    assert _core.Background.parse(content).words == len(model.words)
    plan = background.rows["plan"]
    assert plan["is"] == pytest.approx((2 - 0.6) / 3, rel=0.09)


def test_damage_is_refused() -> None:
    content = encode(estimate(count([TEXT]), Size(words=30, bigrams=20)))
    for damaged, code in [
        (content[:20], ErrorCode.TRUNCATED),
        (content[:-1], ErrorCode.TRUNCATED),
        (content + b"x", ErrorCode.CORRUPT),
        (content[:-1] + b"x", ErrorCode.CORRUPT),
        (b"x" + content[1:], ErrorCode.WRONG_FORMAT),
        (content[:8] + b"\x09" + content[9:], ErrorCode.WRONG_VERSION),
    ]:
        with pytest.raises(BackgroundError) as refusal:
            _core.Background.parse(damaged)
        assert refusal.value.code == code


def test_the_command_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_rows(tmp_path / "rows.jsonl", {"source": "handbook", "text": TEXT})
    output = tmp_path / "background.bin"
    arguments = ["background", "build", "--data", str(data), "--output", str(output)]
    assert main(arguments) == 0
    assert "words" in capsys.readouterr().out
    assert "the" in read_background(output.read_bytes()).unigrams


def test_a_failed_build_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "background.bin"
    data = write_rows(tmp_path / "rows.jsonl", {"source": "schema-guided-dialogue", "text": TEXT})
    for path in (data, tmp_path / "absent"):
        arguments = ["background", "build", "--data", str(path), "--output", str(output)]
        assert main(arguments) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert not output.exists()


def test_the_shipped_file_is_small_and_good() -> None:
    content = resources.files("foretype").joinpath("data", "background.bin").read_bytes()
    assert len(content) <= MAX_BYTES
    assert _core.Background.parse(content).words == Size().words


def test_the_shipped_file_is_what_the_data_give(calibration_data: Path, tmp_path: Path) -> None:
    build(calibration_data, tmp_path / "background.bin", progress=quiet)
    built = read_background((tmp_path / "background.bin").read_bytes())
    shipped = read_background(
        resources.files("foretype").joinpath("data", "background.bin").read_bytes()
    )
    # Another machine's logarithm may round a probability to the next level, no more.
    assert built.unigrams == pytest.approx(shipped.unigrams, rel=0.09)
    assert list(built.rows["the"]) == list(shipped.rows["the"])
