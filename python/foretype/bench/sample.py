"""Text for the benchmarks: a letter of our own, and pseudo-words without end."""

import random

LETTER = """Hello Maria,

thank you for sending the draft of the agreement. I have read it twice and I think that it is \
nearly ready. Three things should be changed before we send it to the customer: the date of \
delivery, the price of the second part, and the address on the last page.

The date of delivery is still the one from the first draft. We agreed on the fourth of May, and \
the customer has confirmed it. The price of the second part should be the one from the offer of \
last week. Please compare both with the offer before you change anything.

Could you make these changes today and send the agreement to the legal department? They need two \
days to read it, and I would like to have the answer of the legal department before the meeting \
on Thursday. If anything is unclear, please call me in the afternoon.

Best regards
Thomas
"""

_SYLLABLES = ("ba", "cor", "den", "fi", "gal", "hu", "jor", "kem", "li", "mon", "pra", "sten")


def pseudo_messages(words: int, *, seed: int, words_a_message: int = 40) -> list[str]:
    """Messages of made-up words with frequencies as in real text (Zipf)."""
    source = random.Random(seed)
    vocabulary = [_pseudo_word(source) for _ in range(max(50, words // 8))]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
    drawn = source.choices(vocabulary, weights, k=words)
    starts = range(0, words, words_a_message)
    return [" ".join(drawn[start : start + words_a_message]) + "." for start in starts]


def _pseudo_word(source: random.Random) -> str:
    return "".join(source.choices(_SYLLABLES, k=source.randint(1, 4)))
