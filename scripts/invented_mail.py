"""Invented business mail for pictures and trials: people, firms and matters that never were."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

FIRST_DAY = date(2026, 9, 7)
MESSAGES_A_WEEK = 14

SLOTS = {
    "person": ["Odalys", "Rufina", "Marit", "Tobias", "Ngozi", "Ilse", "Farouk", "Bettina"],
    "firm": ["Brindlewick", "Tavenport", "Quillmere", "Ostrava Freight", "Halloran and Pike"],
    "thing": [
        "ledger sync", "rollout plan", "invoice run", "supplier audit", "loading schedule",
        "customs form", "pricing sheet", "warehouse lease", "handover note", "rate table",
    ],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    "time": ["nine", "half past ten", "noon", "two", "a quarter to four"],
    "amount": ["120", "1,450", "78", "3,200", "615"],
    "place": ["Rotterdam", "the Leith depot", "Gdansk", "the north yard", "Bay 14"],
}  # fmt: skip

SENTENCES = [
    "The {thing} for {firm} is on track and should be done by {day}.",
    "Could you send me the {thing} before {time} on {day}?",
    "{person} has confirmed that {firm} will pay the {amount} euros this week.",
    "I have attached the {thing}; please check the figures on the second page.",
    "We agreed with {firm} that the {thing} moves to {day}.",
    "The lorry from {place} is late, so unloading begins at {time}.",
    "Please do not book anything for {day}, as the {thing} is still open.",
    "{firm} asked for {amount} pallets more than we had planned.",
    "As discussed, {person} will take over the {thing} from {day} on.",
    "There is one open question about the {thing}: who signs it off?",
    "I spoke to {person} in {place} and she is happy with the {thing}.",
    "The numbers in the {thing} do not match what {firm} sent us last month.",
    "Let me know if {day} at {time} works for a short call.",
    "We need to renew the {thing} with {firm} before the end of the quarter.",
    "If {person} agrees, I would like to close the {thing} on {day}.",
    "The carrier charges {amount} euros for the detour through {place}.",
    "Nothing has changed on our side since the last {thing}.",
    "Our contact at {firm} is away until {day}, so please write to {person}.",
    "I will forward the {thing} as soon as {person} has looked at it.",
    "The forecast for {place} looks good, but the {thing} is behind.",
    "Can we split the {amount} pallets between {place} and the yard?",
    "It would help me to have the {thing} in one file rather than three.",
    "Thank you for sorting out the {thing} so quickly.",
    "Sorry for the late reply, the {thing} took longer than expected.",
]
OPENINGS = ["Hi {person},", "Dear {person},", "Good morning {person},", "{person},"]
CLOSINGS = ["Best regards,\nWren", "Many thanks,\nWren", "Kind regards,\nWren", "Thanks,\nWren"]
SENTENCES_EACH = (2, 5)


def messages(count: int, *, seed: int = 1) -> Iterator[tuple[date, str]]:
    """(day, text) of `count` messages, the same for the same seed, some weeks long."""
    source = random.Random(seed)
    for number in range(count):
        day = FIRST_DAY + timedelta(days=7 * number // MESSAGES_A_WEEK)
        sentences = source.sample(SENTENCES, source.randint(*SENTENCES_EACH))
        parts = [source.choice(OPENINGS), " ".join(sentences), source.choice(CLOSINGS)]
        yield day, "\n\n".join(_filled(part, source) for part in parts)


def _filled(text: str, source: random.Random) -> str:
    for slot, choices in SLOTS.items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", source.choice(choices), 1)
    return text
