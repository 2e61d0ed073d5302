"""The texts of the benchmarks."""

from foretype.bench.sample import pseudo_messages


def test_pseudo_messages_have_as_many_words_as_asked_for_and_repeat_themselves() -> None:
    messages = pseudo_messages(1000, seed=1)
    words = " ".join(messages).replace(".", "").split()
    assert len(words) == 1000
    assert 40 < len(set(words)) < 200
    assert messages == pseudo_messages(1000, seed=1) != pseudo_messages(1000, seed=2)
