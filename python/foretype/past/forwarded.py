"""Where a whole message of somebody else begins: from there on nothing is the owner's."""

import re

_ORIGINAL = (
    "original message|original appointment|forwarded message|forwarded by|reply message"
    "|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|weitergeleitet von"
    "|message d'origine|message d’origine|message original|message initial|message transféré"
    "|message transf[eé]r[eé]|mensaje original|mensaje reenviado|mensagem original"
    "|mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht"
    "|doorgestuurd bericht|ursprungligt meddelande|vidarebefordrat meddelande"
    "|oprindelig meddelelse|opprinnelig melding|videresendt|alkuperäinen viesti"
    "|wiadomość oryginalna|wiadomość przekazana|исходное сообщение|пересылаемое сообщение"
)
_MARKER = re.compile(rf"\W{{0,3}}[-–—_=]{{2,}}\s*(?:{_ORIGINAL})\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du (?:message|courriel) (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|start på vidarebefordrat meddelande"
    r"|início da mensagem (?:encaminhada|reencaminhada))\s*:",
    re.IGNORECASE,
)
_DASHED_WROTE = re.compile(r"-{2,}\s*on .{5,200} wrote\s*-{2,}", re.IGNORECASE)

_FIELDS = {
    "from": "from|von|de|da|van|från|fra|od|lähettäjä|feladó|от|kimden|gönderen|από|发件人|差出人",
    "sent": "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|fecha|data"
    "|inviato|verzonden|skickat|sendt|dato|wysłano|lähetetty|päivämäärä|отправлено|дата"
    "|发送时间|送信日時",
    "to": "to|an|à|a|para|aan|till|til|do|vastaanottaja|кому|收件人|宛先",
    "copy": "cc|bcc|kopie|copie|copia|kopia|kopi|kopio|копия|抄送",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|aihe"
    "|тема|主题|件名",
    "other": "reply-to|antwort an|répondre à|importance|priority|priorität|attachments|anlagen",
}
_FIELD = re.compile(
    r"[\s*_|]{0,6}(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in _FIELDS.items())
    + r")[\s*_]{0,4}[:\uff1a]",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(
    r"\W{0,4}(?:from|von|de):.{3,200}(?:sent|gesendet|envoyé|date|datum):"
    r".{3,300}(?:to|an|à):.{0,600}(?:subject|betreff|objet):",
    re.IGNORECASE,
)
_WINDOW = 12
_MAX_HEADER_LINE = 1000
_NEEDED = 3  # fields of different kinds, the sender's among them


def forwarded_at(lines: list[str], index: int) -> bool:
    """Whether a message of somebody else begins in this line."""
    line = lines[index][:_MAX_HEADER_LINE].strip()
    if _MARKER.match(line) or _BEGINS.match(line) or _DASHED_WROTE.match(line):
        return True
    return bool(_ONE_LINE.match(line)) or _header_block_at(lines, index)


def _header_block_at(lines: list[str], index: int) -> bool:
    if not _kind(lines[index]):
        return False
    kinds = set()
    for line in _window(lines, index):
        kinds.add(_kind(line))
    return "from" in kinds and len(kinds - {None, "other"}) >= _NEEDED


def _window(lines: list[str], index: int) -> list[str]:
    """Lines that can belong to one block: an empty line within it is followed by a field."""
    window = []
    for at in range(index, min(index + _WINDOW, len(lines))):
        if not lines[at].strip() and (at + 1 >= len(lines) or not _kind(lines[at + 1])):
            break
        window.append(lines[at])
    return window


def _kind(line: str) -> str | None:
    match = _FIELD.match(line[:_MAX_HEADER_LINE])
    return match.lastgroup if match else None
