"""saved@k, on messages worked out by hand."""

import pytest
from replay_engine import Entry, Ghost, ScriptedSession

from foretype.replay.data import ScoredMessage
from foretype.replay.saved import completions, saved_at

MENU = Ghost(("see", " you", " soon"), (Entry("see"), Entry("so"), Entry("say")))


@pytest.mark.parametrize(
    ("text", "script", "k", "expected"),
    [
        ("see you", {}, 1, 0.0),
        # 3 accepted characters cost 1 key, of 7 characters that could save 6
        ("see you", {"": Ghost(("see",))}, 1, 2 / 6),
        ("SEE you", {"": Ghost(("see",))}, 1, 2 / 6),
        ("seen you", {"": Ghost(("see",))}, 1, 0.0),
        # the ghost text whole is the one completion of k = 1
        ("see him", {"": Ghost(("see", " you"))}, 1, 0.0),
        ("see him", {"": Ghost(("see", " you"))}, 5, 2 / 6),
        ("see you", {"": Ghost(("see", " you"))}, 5, 6 / 6),
        ("so it is", {"": MENU}, 5, 1 / 7),
        ("say it", {"": MENU}, 4, 0.0),
        # within a word nothing is asked: the second letter's suggestion is not seen
        ("see you", {"s": Ghost(("ee",))}, 1, 0.0),
        ("see you", {"see ": Ghost(("you",))}, 1, 2 / 6),
        ("a", {"": Ghost(("a",))}, 1, 0.0),
    ],
)
def test_saved(text: str, script: dict[str, Ghost], k: int, expected: float) -> None:
    session = ScriptedSession(script)
    assert saved_at(session, ScoredMessage(0, text, 0), k) == pytest.approx(expected)
    assert session.told[-1] == "finish"
    assert "".join(told.partition(" ")[2] for told in session.told[:-1]) == text


def test_completions_are_the_ghost_text_its_shorter_runs_and_the_menu() -> None:
    assert completions(MENU, 9) == ["see you soon", "see you", "see", "so", "say"]
    assert completions(MENU, 1) == ["see you soon"]


def test_the_part_before_the_border_is_not_counted() -> None:
    session = ScriptedSession({"see ": Ghost(("you",))})
    assert saved_at(session, ScoredMessage(0, "see you", 4), 1) == 2 / 2
