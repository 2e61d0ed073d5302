"""Whose writing a mailbox holds, when nobody has said it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from foretype.errors import DataError, ErrorCode
from foretype.past.mail import Envelope

DOMINATES = 0.8  # of all messages
_NAMED = 4  # senders named where none stands out


@dataclass(slots=True)
class Evidence:
    """What the envelopes of one source say together. All counts are of messages."""

    name: str
    messages: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    sent_and_kept: Counter[str] = field(default_factory=Counter)  # never passed a mail server
    addressed: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)

    def add(self, envelope: Envelope) -> None:
        """One more message."""
        self.messages += 1
        self.sent.update(envelope.senders)
        self.addressed.update(envelope.recipients)
        self.delivered.update(envelope.delivered_to)
        if not envelope.received:
            self.sent_and_kept.update(envelope.senders)

    def add_author(self, author: str) -> None:
        """One more text of somebody."""
        self.messages += 1
        self.sent[author] += 1
        self.sent_and_kept[author] += 1

    def guess(self) -> str | None:
        """The one whose mail this is; None where nobody clearly is.

        A folder of what somebody sent has one sender, and no marks of mail servers. In other
        folders the owner is who the mail was delivered to, or who takes part in nearly all of
        it, both writing and being written to.
        """
        return self._sender() or self._receiver() or self._party()

    def senders(self) -> str:
        """The commonest, for a person to choose from."""
        return ", ".join(f"{sender} ({count})" for sender, count in self.sent.most_common(_NAMED))

    def _sender(self) -> str | None:
        for sender, count in self.sent.most_common(1):
            if self._dominates(count) and self.sent_and_kept[sender] * 2 >= count:
                return sender
        return None

    def _receiver(self) -> str | None:
        for receiver, count in self.delivered.most_common(1):
            if count * 2 >= self.messages and self.sent[receiver]:
                return receiver
        return None

    def _party(self) -> str | None:
        parties = [
            sender
            for sender, count in self.sent.items()
            if self.addressed[sender] and self._dominates(count + self.addressed[sender])
        ]
        return parties[0] if len(parties) == 1 else None

    def _dominates(self, count: int) -> bool:
        return count >= DOMINATES * self.messages


@dataclass(frozen=True, slots=True)
class Guess:
    """Who is taken to be the owner, and the share of the messages that speaks for it."""

    owner: str
    wrote: int
    messages: int
    name: str

    def __str__(self) -> str:
        return f"{self.owner}, who wrote {self.wrote} of {self.messages} in {self.name}"


def guess_owners(sources: Sequence[Evidence]) -> tuple[Guess, ...]:
    """The owner of each source. Raises DataError where one cannot be told.

    A source that tells of nobody may still hold messages of who owns another.
    """
    guesses: list[Guess] = []
    unclear: list[Evidence] = []
    for source in sources:
        owner = source.guess()
        if owner is not None:
            guesses.append(Guess(owner, source.sent[owner], source.messages, source.name))
        elif source.messages:
            unclear.append(source)
    for source in unclear:
        if not any(source.sent[guess.owner] for guess in guesses):
            raise DataError(
                f"It is not clear whose writing {source.name} holds; name the owner with --me. "
                f"Most is from {source.senders() or 'nobody named'}.",
                code=ErrorCode.WRONG_FORMAT,
            )
    return tuple(guesses)


def address_of(text: str) -> str:
    """The address or name in what was given as --me, as senders are kept."""
    address = parseaddr(text)[1] if "@" in text else text
    return (address or text).strip().lower()
