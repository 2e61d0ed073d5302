"""Whatever was typed and erased on the way, a session stands where the text says it stands."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretype import Engine, Profile, Session, Suggestion, _core
from foretype.reference.tiny_model import write_tiny_model

FEW = settings(max_examples=150)
EARLIER = ("On the other hand, he is on the train.", "See the other editor in the end.")
FINAL_LETTER = "t"  # typed last, since nothing is shown after an erase

PIECES = [
    "the", " ", "other", " he", "is ", "the end", "'s", ". ", "\n", "T", "s", "a", "-", "é", "\0",
    "\u0301", "שלום", "😀", "\ud800", "  ", "the other ", "x" * 70, "U.S.", "e-mail ", "1", "\t",
]  # fmt: skip
pieces = st.sampled_from(PIECES)


@dataclass(frozen=True)
class Edit:
    """Cut `remove` characters at `at` (both wrap around the text) and put `insert` there."""

    at: int
    remove: int
    insert: str

    def of(self, text: str) -> str:
        begin = self.at % (len(text) + 1)
        return text[:begin] + self.insert + text[begin + self.remove :]


typing = st.builds(Edit, at=st.just(-1), remove=st.just(0), insert=pieces)
erasing = st.builds(Edit, at=st.integers(-7, -2), remove=st.just(9), insert=st.just(""))
anywhere = st.builds(Edit, at=st.integers(0, 80), remove=st.integers(0, 9), insert=pieces)
replacing = st.builds(Edit, at=st.just(0), remove=st.just(9999), insert=pieces)
edits = st.lists(
    st.tuples(st.one_of(typing, typing, erasing, anywhere, replacing), st.booleans()), max_size=25
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.open(write_tiny_model(tmp_path_factory.mktemp("model") / "tiny", merges=120))


@pytest.fixture(scope="module")
def engines(engine: Engine) -> list[Engine]:
    """One for each of the kernels that can run here."""
    found = [Engine.open(engine.model_path, kernels=name) for name in _core.kernels_available()]
    assert [each.kernels for each in found] == _core.kernels_available()
    return found


def known_profile(engine: Engine, *, paused: bool = False) -> Profile:
    profile = engine.profile()
    for message in EARLIER:
        profile.learn(message)
    profile.paused = paused
    return profile


def edited(session: Session, changes: list[tuple[Edit, bool]]) -> str:
    """The text after these edits; after those marked True something is suggested."""
    text = ""
    for edit, suggest in changes:
        text = edit.of(text)[-200:]
        session.set_text(text)
        if suggest:
            session.suggest(budget_ms=-1)
    return text


def likelihoods(session: Session) -> dict[bytes, tuple[float, float]]:
    """What the trie and the model say of every candidate, before they are weighed."""
    _, _, _, found = session._core.suggest(-1)
    return {text: (trie, model) for text, _, _, trie, model, *_ in found}


def answers(
    profile: Profile, engine: Engine, *, proposers: str = "trie"
) -> list[Suggestion | None]:
    """What a new session of this profile suggests for some beginnings."""
    found = []
    for text in ("", "t", "the", "the ", "on the o", "See you", "he is "):
        session = engine.session(profile, proposers=proposers)  # type: ignore[arg-type]
        session.set_text(text)
        found.append(session.suggest(budget_ms=-1))
        session.set_text("")
    return found


@FEW
@given(edits)
def test_the_model_says_what_it_would_say_had_it_read_the_text_at_once(
    engine: Engine, changes: list[tuple[Edit, bool]]
) -> None:
    profile = known_profile(engine, paused=True)
    # Without looking ahead, so that both know as much of what may come.
    lived, fresh = (engine.session(profile, rounds=0, candidates=48) for _ in range(2))
    text = edited(lived, changes) + FINAL_LETTER
    lived.set_text(text)
    fresh.set_text(text)
    found, expected = likelihoods(lived), likelihoods(fresh)
    least = min((model for _, model in expected.values()), default=0.0)
    for candidate in found.keys() | expected.keys():
        trie, model = found.get(candidate, (0.0, least))
        expected_trie, expected_model = expected.get(candidate, (trie, least))
        assert trie == pytest.approx(expected_trie, abs=1e-9), candidate
        assert model == pytest.approx(expected_model, abs=1e-3), candidate


@FEW
@given(edits)
def test_an_erased_text_is_unlearned(engine: Engine, changes: list[tuple[Edit, bool]]) -> None:
    profile = known_profile(engine)
    before = answers(profile, engine), profile.ngrams
    session = engine.session(profile, proposers="trie", learns_judgement=0)
    edited(session, changes)
    session.set_text("")
    assert (answers(profile, engine), profile.ngrams) == before


@FEW
@given(edits, pieces)
def test_a_finished_text_is_learned_as_if_at_once(
    engine: Engine, changes: list[tuple[Edit, bool]], last: str
) -> None:
    lived, at_once = known_profile(engine), known_profile(engine)
    session = engine.session(lived, proposers="trie", learns_judgement=0)
    text = edited(session, changes) + last
    session.set_text(text)
    session.finish()
    at_once.learn(text)
    assert lived.ngrams == at_once.ngrams
    assert answers(lived, engine) == answers(at_once, engine)
    assert answers(lived, engine, proposers="both") == answers(at_once, engine, proposers="both")


@FEW
@given(edits, st.sampled_from(["both", "trie", "lm"]), st.sampled_from([None, 10.0]))
def test_what_is_suggested_can_be_taken(
    engine: Engine, changes: list[tuple[Edit, bool]], proposers: str, dial: float | None
) -> None:
    session = engine.session(
        known_profile(engine),
        proposers=proposers,  # type: ignore[arg-type]
        wrong_per_100_words=dial,
    )
    text = ""
    for edit, _ in changes:
        text = edit.of(text)[-200:]
        session.set_text(text)
        suggestion = session.suggest(budget_ms=-1)
        if suggestion is None:
            assert session.accept() == ""
            continue
        check_suggestion(text, suggestion)
        taken = session.accept()
        assert taken == suggestion.words[0]
        text += taken
        assert session.text_before == text
        assert session._core.before() == text.encode("utf-8", "surrogatepass")
        assert session.accept() == ""


@FEW
@given(edits, st.integers(0, 3), st.sampled_from(["", "the one", "there", "he the t"]))
def test_nothing_but_a_key_changes_what_is_shown(
    engine: Engine, changes: list[tuple[Edit, bool]], thoughts: int, elsewhere: str
) -> None:
    profile = known_profile(engine)
    session = engine.session(profile)
    text = ""
    for edit, in_time in changes:
        text = edit.of(text)[-200:]
        session.set_text(text)
        shown = session.suggest(budget_ms=-1 if in_time else 0)
        for _ in range(thoughts):
            session.think()
            longer = session.extended()
            if longer is not None:
                assert shown is not None
                assert longer.text.startswith(shown.text)
                assert longer.text != shown.text
                check_suggestion(text, longer)
                shown = longer
        profile.learn(elsewhere)
        later = session.suggest(budget_ms=-1)
        if shown is not None:
            assert later is not None
            assert later.text.startswith(shown.text)
            assert session.accept(words=None) == later.text
            text = session.text_before


def check_suggestion(before: str, suggestion: Suggestion) -> None:
    assert "".join(suggestion.words) == suggestion.text != ""
    first = suggestion.candidates[0]
    assert (first.text, first.probability) == (suggestion.words[0], suggestion.probability)
    texts = [candidate.text for candidate in suggestion.candidates]
    assert len(set(texts)) == len(texts) <= 5
    for candidate in suggestion.candidates:
        assert 0 <= candidate.probability <= 1  # neither is true of NaN
        assert candidate.text.strip()
        # One word goes on or is added; a mark in between may join it to the one before.
        typed, then = units(before), units(before + candidate.text)
        assert then[: max(0, len(typed) - 2)] == typed[:-2]
        assert len(typed) - 1 <= len(then) <= len(typed) + 2


def units(text: str) -> list[bytes]:
    data = text.encode("utf-8", "surrogatepass")
    return [data[begin:end] for begin, end, _ in _core.units(data)]


@settings(max_examples=25)
@given(edits)
def test_all_kernels_suggest_the_same(
    engines: list[Engine], changes: list[tuple[Edit, bool]]
) -> None:
    answers = []
    for one in engines:
        session = one.session(known_profile(one, paused=True), rounds=0, candidates=48)
        session.set_text(edited(session, changes) + FINAL_LETTER)
        answers.append(likelihoods(session))
    for found in answers[1:]:
        least = min((model for _, model in found.values()), default=0.0)
        for candidate, (_, model) in answers[0].items():
            assert found.get(candidate, (0, least))[1] == pytest.approx(model, abs=2e-3)
