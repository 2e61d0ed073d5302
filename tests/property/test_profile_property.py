"""Operations and sections hold exactly what was learned, whatever was typed and erased."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretype import Engine, _core
from foretype.profile.keeper import Keeper

FEW = settings(max_examples=120)
CONTEXTS = ("", "work", "home")
PIECES = [
    "the", " ", "other ", "he ", "is ", "the end", "'s", ". ", "\n", "The ", "s", "é", "\0",
    "\ud800", "x" * 70 + " ", "U.S. ", "3 ", "NATO ", "(", "see you then. ",
]  # fmt: skip
SECRETS = [
    "4111 1111 1111 1111",
    "sk-proj-9aB3dE5fG7hI9jK1lM3nO5pQ",
    "ghp_9aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3",
    "https://x.org/?token=9aB3dE5fG7hI9jK1",
    "078-05-1120",
]
PASTED = "zanzibark"
NEW = "Xanadu"


@dataclass(frozen=True)
class Step:
    """One thing a user does in the field of a context."""

    context: str
    kind: str
    text: str = ""
    count: int = 0


def steps(kinds: str) -> st.SearchStrategy[list[Step]]:
    step = st.builds(
        Step,
        context=st.sampled_from(CONTEXTS),
        kind=st.sampled_from(kinds.split()),
        text=st.sampled_from(PIECES),
        count=st.integers(1, 9),
    )
    return st.lists(step, max_size=30)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


class IdleKeeper(Keeper):
    """Leaves the journal to the test."""

    def hurry(self) -> None:
        pass


class Fields:
    """A profile, and one session in each context."""

    def __init__(self, engine: Engine, *, private: tuple[str, ...] = ()) -> None:
        self.profile = engine.profile()
        self.core: _core.Profile = self.profile._core
        self.profile._keeper = IdleKeeper(self.core)
        self.core.set_day(20_000)
        self.core.learn(b"The other day he is there. See you then.", b"work")
        for name in private:
            self.core.set_private(name.encode(), True)
        self.core.drain()
        self.sessions = {name: engine.session(self.profile, context=name) for name in CONTEXTS}
        self.drained = b""

    def do(self, step: Step) -> None:
        session = self.sessions[step.context]
        match step.kind:
            case "type":
                session.type(step.text)
            case "new":
                session.type(f" {(NEW, NEW.lower(), NEW.upper())[step.count % 3]} ")
            case "erase":
                session.erase(step.count)
            case "take":
                session.suggest()
                session.accept(words=None)
            case "finish":
                session.finish()
            case "move":
                text = session.text_before + session.text_after
                session.set_text(text[: -step.count], text[-step.count :])
            case "pause":
                self.profile.paused = step.count % 2 == 0
            case "private":
                self.core.set_private(step.context.encode() or b"other", step.count % 2 == 0)
            case "paste":
                session.paste(PASTED)
            case "drain":
                self.drained += self.core.drain()

    def do_all(self, these: list[Step]) -> None:
        for step in these:
            self.do(step)
        self.drained += self.core.drain()


Rows = dict[bytes, tuple[list[object], list[object]]]


def rows(core: _core.Profile) -> Rows:
    """Every count of every trie; days and contexts that hold nothing left out."""
    found: Rows = {}
    for name in (b"", *(name for name, _, _ in core.contexts())):
        words: list[object] = [row[:5] for row in core.words(name, 0, 1 << 30)]
        ngrams: list[object] = [row[:3] for row in core.ngram_rows(name, 0, 1 << 30)[0]]
        if words:
            found[name] = sorted(words, key=repr), sorted(ngrams, key=repr)
    return found


def known(core: _core.Profile) -> tuple[Rows, list[object]]:
    return rows(core), sorted(core.messages())


TYPING = "type type type type erase take finish move drain pause"


@FEW
@given(steps(TYPING + " paste private"))
def test_replay_of_what_was_drained_makes_an_equal_profile(
    engine: Engine, these: list[Step]
) -> None:
    lived = Fields(engine)
    begun = lived.core.save()
    lived.do_all(these)
    twin = _core.Profile(engine._core)
    twin.load(begun)
    twin.replay(lived.drained)
    assert known(twin) == known(lived.core)
    assert twin.contexts() == lived.core.contexts()
    assert twin.save()[0] == lived.core.save()[0]


@FEW
@given(steps(TYPING + " paste private"))
def test_what_was_saved_is_loaded_equal(engine: Engine, these: list[Step]) -> None:
    lived = Fields(engine)
    lived.do_all(these)
    twin = _core.Profile(engine._core)
    twin.load(lived.core.save())
    assert known(twin) == known(lived.core)
    assert twin.contexts() == lived.core.contexts()
    assert twin.save() == lived.core.save()


@FEW
@given(steps(TYPING), st.sampled_from([(), ("home",), ("work",)]))
def test_what_was_learned_and_taken_back_leaves_no_trace(
    engine: Engine, these: list[Step], private: tuple[str, ...]
) -> None:
    lived = Fields(engine, private=private)
    before = known(lived.core)
    lived.do_all(these)
    lived.core.take_back(lived.drained)
    assert known(lived.core) == before


@FEW
@given(
    st.lists(st.tuples(st.sampled_from(CONTEXTS), st.lists(st.sampled_from(PIECES))), max_size=6)
)
def test_the_order_of_contexts_does_not_matter(
    engine: Engine, messages: list[tuple[str, list[str]]]
) -> None:
    orders = [messages, sorted(messages, key=lambda each: each[0])]
    found = []
    for order in orders:
        core = _core.Profile(engine._core)
        for context, pieces in order:
            core.learn("".join(pieces).encode("utf-8", "surrogatepass"), context.encode())
        found.append(known(core))
    assert found[0] == found[1]


@FEW
@given(st.lists(st.sampled_from(CONTEXTS), max_size=5), steps("type finish"))
def test_a_context_that_was_private_for_a_while_has_the_same_counts(
    engine: Engine, switched: list[str], these: list[Step]
) -> None:
    lived, plain = Fields(engine), Fields(engine)
    for name in switched:
        lived.core.set_private(name.encode(), True)
    lived.do_all(these)
    plain.do_all(these)
    for name in switched:
        lived.core.set_private(name.encode(), False)
    assert known(lived.core) == known(plain.core)


@FEW
@given(steps("type type new take finish private"), steps(TYPING + " private"))
def test_what_was_forgotten_stands_nowhere_and_does_not_come_back(
    engine: Engine, before: list[Step], after: list[Step]
) -> None:
    lived = Fields(engine)
    lived.do_all(before)
    lived.core.forget(NEW.lower().encode())
    lived.drained = b""
    for step in after:
        lived.do(step)
        kept = lived.drained + b"".join(data for _, data in lived.core.save())
        assert NEW.lower().encode() not in kept.lower()
    for session in lived.sessions.values():
        session.finish()
    kept = lived.core.drain() + b"".join(data for _, data in lived.core.save())
    assert NEW.lower().encode() not in kept.lower()


@FEW
@given(steps(TYPING + " paste paste"), st.lists(st.sampled_from(SECRETS), max_size=3))
def test_nothing_untyped_or_secret_is_ever_in_the_journal(
    engine: Engine, these: list[Step], secrets: list[str]
) -> None:
    lived = Fields(engine)
    session = lived.sessions[""]
    for secret in secrets:
        for letter in f" and {secret} too ":
            session.type(letter)
            lived.drained += lived.core.drain()
        session.erase(2)
        session.finish()
    lived.do_all(these)
    for each in lived.sessions.values():
        each.finish()
    lived.drained += lived.core.drain()
    kept = lived.drained + b"".join(data for _, data in lived.core.save())
    for secret in secrets:
        for part in secret.split():
            assert part.encode() not in kept
    assert PASTED.encode() not in kept
