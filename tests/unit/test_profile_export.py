import json
from pathlib import Path

import pytest

from foretype import Engine
from foretype.errors import DataError, ErrorCode
from foretype.profile import export_profile, import_profile

FIRST = {"format": "foretype-profile", "version": 1}
WORD = {
    "word": "Quarkon",
    "inside": 2,
    "opening": 1,
    "accepted": 1,
    "rejected": 0,
    "first_day": "2026-11-01",
    "last_day": "2026-11-24",
}
NGRAM = {"after": ["", "the"], "unit": "Quarkon", "count": 2, "day": "2026-11-24"}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


def write(path: Path, *lines: dict, end: int | None = None) -> Path:
    all_lines = [*lines, {"end": len(lines) if end is None else end}]
    path.write_text("".join(json.dumps(line) + "\n" for line in all_lines), encoding="utf-8")
    return path


def test_a_file_is_one_line_for_each_thing_known(engine: Engine, tmp_path: Path) -> None:
    profile = engine.profile()
    profile.learn("the Quarkon", context="client")
    profile.block("Zorgel")
    path = tmp_path / "out.jsonl"
    count = export_profile(profile, path)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (len(lines), lines[0], lines[-1]) == (count, FIRST, {"end": count - 1})
    assert {"context": "client", "private": False} in lines
    assert {"blocked": "zorgel"} in lines
    places = [line.get("in") for line in lines if line.get("word") == "Quarkon"]
    assert places == [None, "client"]
    assert next(line for line in lines if "message" in line)["in"] == "client"
    assert path.stat().st_mode & 0o777 == 0o600


def test_counts_add_up_and_days_span_both(engine: Engine, tmp_path: Path) -> None:
    profile = engine.profile()
    path = write(tmp_path / "in.jsonl", FIRST, WORD, WORD | {"last_day": "2026-12-24"}, NGRAM)
    import_profile(profile, path)
    facts = profile.show("QUARKON")
    assert facts is not None
    assert (facts.uses, facts.accepted) == (6, 2)
    assert (str(facts.first_day), str(facts.last_day)) == ("2026-11-01", "2026-12-24")


def test_what_is_private_here_stays_so(engine: Engine, tmp_path: Path) -> None:
    profile = engine.profile()
    profile.learn("secret Quarkon", context="client")
    profile.set_private("client", True)
    there = engine.profile()
    there.learn("open Quarkon", context="client")
    export_profile(there, tmp_path / "there.jsonl")
    import_profile(profile, tmp_path / "there.jsonl")
    assert [context.private for context in profile.contexts()] == [True]
    assert [facts.word for facts in profile.words(context="", own_only=False)] == []
    profile.set_private("client", False)
    facts = profile.show("quarkon")
    assert facts is not None
    assert facts.uses == 2


@pytest.mark.parametrize(
    ("lines", "end", "said"),
    [
        ([FIRST | {"format": "other"}], None, 'line 1 has a "format" that cannot be'),
        ([WORD], None, "line 1 is not where it belongs"),
        ([FIRST, FIRST], None, "line 2 is not where it belongs"),
        ([FIRST, WORD | {"inside": -1}], None, 'line 2 has a "inside" that cannot be'),
        ([FIRST, WORD | {"inside": True}], None, 'line 2 has a "inside" that cannot be'),
        ([FIRST, WORD | {"first_day": "yesterday"}], None, 'line 2 has a "first_day" that'),
        ([FIRST, WORD | {"in": "client"}], None, "line 2 is in a context that no line before it"),
        ([FIRST, WORD | {"word": "x" * 65}], None, 'line 2 has a "word" that cannot be'),
        ([FIRST, WORD | {"colour": 1}], None, 'line 2 has a "colour" that this version'),
        ([FIRST, {"word": "x"}], None, 'line 2 has no "inside"'),
        ([FIRST, NGRAM | {"after": []}], None, 'line 2 has a "after" that cannot be'),
        ([FIRST, {"surprise": 1}], None, "line 2 is of no kind that this version knows"),
        ([FIRST, WORD], 7, "line 3 counts 7 lines before it"),
        ([FIRST, {"end": 1}], None, "line 3 stands behind the end"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(
    engine: Engine, tmp_path: Path, lines: list[dict], end: int | None, said: str
) -> None:
    profile = engine.profile()
    with pytest.raises(DataError) as error:
        import_profile(profile, write(tmp_path / "in.jsonl", *lines, end=end))
    assert said in str(error.value)
    assert str(error.value).endswith("Nothing was imported.")
    assert profile.ngrams == 0


def test_a_file_of_a_newer_version_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", FIRST | {"version": 2})
    with pytest.raises(DataError, match="has version 2") as error:
        import_profile(engine.profile(), path)
    assert error.value.code is ErrorCode.WRONG_VERSION


def test_a_missing_file_is_said(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Cannot read .*No such file"):
        import_profile(engine.profile(), tmp_path / "none")


def test_an_import_is_kept(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path / "profile") as profile:
        import_profile(profile, write(tmp_path / "in.jsonl", FIRST, WORD, NGRAM))
    with engine.open_profile(tmp_path / "profile") as again:
        facts = again.show("quarkon")
        assert facts is not None
        assert facts.uses == 3
