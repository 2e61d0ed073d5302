"""One mail: who wrote it, when, whether a program did, and its body as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from foretype.past.blobs import is_encrypted
from foretype.past.charset import decode, is_text
from foretype.past.html import TooDeepError, html_to_text
from foretype.past.layout import unflow
from foretype.past.written import Skip

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # before it, a clock was not set
_SLACK = timedelta(days=1)
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática"
    r"|risposta automatica|automatisch antwoord|autosvar|resposta automática"
    r"|undeliver(?:ed|able)|delivery (?:status|failure)|mail delivery|read:|gelesen:|lu :"
    r"|(?:accepted|declined|tentative|zugesagt|abgesagt|accepté|refusé):)",
    re.IGNORECASE,
)
_AUTOMATIC_TYPES = {"multipart/report", "message/delivery-status", "text/calendar"}
_ENCRYPTED_TYPES = {
    "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
}  # fmt: skip


class UnreadableError(Exception):
    """A mail that is not taken. `why` counts it; the message says what is wrong."""

    def __init__(self, why: Skip, reason: str) -> None:
        super().__init__(reason)
        self.why = why


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header says. Addresses are in small letters; `moment` is what its clock said."""

    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    delivered_to: tuple[str, ...]
    received: bool
    moment: datetime | None


def read_envelope(header: bytes) -> Envelope:
    """The envelope of a mail, from its header alone or all of it. Never raises for bad fields."""
    message = BytesHeaderParser().parsebytes(header)
    return Envelope(
        senders=_addresses(message, "From"),
        recipients=_addresses(message, "To", "Cc", "Bcc"),
        delivered_to=_addresses(message, *_DELIVERED),
        received="Received" in message,
        moment=_moment(message),
    )


def read_body(data: bytes) -> str:
    """The body as text, quotes marked with `>`. Raises UnreadableError for what is not taken."""
    message = BytesParser().parsebytes(data)
    if _is_automatic(message):
        raise UnreadableError(Skip.AUTOMATIC, "sent by a program")
    text = "\n".join(_texts(message))
    if is_encrypted(text) or message.get_content_type() in _ENCRYPTED_TYPES:
        raise UnreadableError(Skip.ENCRYPTED, "encrypted")
    if not is_text(text):
        raise UnreadableError(Skip.BROKEN, "its text cannot be decoded")
    if not text.strip() and _is_torn(message):
        raise UnreadableError(Skip.BROKEN, "its parts cannot be told apart")
    return text


def trusted(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, unless it lies in the future or before there was mail."""
    if moment is None or not EARLIEST <= moment <= now + _SLACK:
        return None
    return moment


def _moment(message: Message) -> datetime | None:
    """The date it was written, else that of its last hop."""
    dates = [str(message.get("Date") or "")]
    dates += [str(hop).rpartition(";")[2] for hop in (message.get_all("Received") or [])[:1]]
    for text in dates:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if aware.year > 1:  # the first year has no moment before it to compare with
            return aware
    return None


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    fields = [_plain(value) for name in names for value in message.get_all(name, [])]
    found = (address.strip().lower() for _, address in getaddresses(fields))
    return tuple(dict.fromkeys(address for address in found if "@" in address))


def _plain(value: object) -> str:
    """A header field with its encoded words decoded; raw 8-bit bytes are told as UTF-8."""
    text = " ".join(str(value).split())
    if "=?" not in text:
        return text
    parts = []
    for part, charset in decode_header(text):
        parts.append(part if isinstance(part, str) else decode(part, charset))
    return "".join(parts).replace("\n", " ")


def _is_automatic(message: Message) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted not in {"no", ""}
        or precedence in {"bulk", "junk", "auto_reply"}
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients"))
        or message.get_content_type() in _AUTOMATIC_TYPES
        or _AUTOMATIC_SUBJECT.match(_plain(message.get("Subject", ""))) is not None
    )


def _texts(message: Message) -> Iterator[str]:
    """The texts of the body, in order, without attachments and messages within it."""
    kind = message.get_content_type()
    if _is_attached(message) or message.get_content_maintype() == "message":
        return
    if message.is_multipart():
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        if kind == "multipart/alternative":
            yield from _best_of(parts)
        else:
            for part in parts[:1] if kind == "multipart/signed" else parts:
                yield from _texts(part)
    elif kind == "text/plain":
        yield _plain_text(message)
    elif kind == "text/html":
        yield _html_text(message)


def _best_of(parts: list[Message]) -> Iterator[str]:
    """The plain form where it says something, else the other."""
    for part in sorted(parts, key=lambda part: part.get_content_type() != "text/plain"):
        texts = list(_texts(part))
        if any(text.strip() for text in texts):
            yield from texts
            return


def _plain_text(part: Message) -> str:
    text = _decoded(part)
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    return unflow(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")


def _html_text(part: Message) -> str:
    try:
        return html_to_text(_decoded(part))
    except TooDeepError as error:
        raise UnreadableError(Skip.TOO_LARGE, str(error)) from None


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    charset = part.get_param("charset")
    label = charset[2] if isinstance(charset, tuple) else charset
    return decode(data, label) if isinstance(data, bytes) else ""


def _is_attached(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return disposition.startswith("attachment") or part.get_filename() is not None


def _is_torn(message: Message) -> bool:
    return message.get_content_maintype() == "multipart" and not message.is_multipart()
