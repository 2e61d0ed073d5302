"""What a program or a firm adds under a message: signature blocks, footers, disclaimers."""

import re

from foretype.past.layout import paragraphs

_DELIMITER = re.compile(r"\s{0,3}--\s*$")
_MAX_SIGNATURE = 15  # lines under a "--" that lost its space; more of them are text
_RULE = re.compile(r"[\s\-–—_=*~#.+]{2,}$")
_LIST_FOOTER = re.compile(
    r"_{30,}\s*$|you received this message because you (?:are subscribed|were)"
    r"|to unsubscribe from this (?:group|list)|unsubscribe:? <?(?:https?|mailto):"
    r"|join (?:the )?(?:zoom|microsoft teams|google meet|webex) meeting"
    r"|microsoft teams (?:meeting|need help)|.{0,80} is inviting you to a scheduled zoom meeting",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:sent|written|typed|dictated) (?:from|by|with|using|via|on) (?:my |the |a )?"
    r"(?:(?:verizon |at&t |mobile |cell ?|smart ?|samsung |apple |android |nokia |windows |palm "
    r"|yahoo!? |proton ?|aol |hotmail |outlook |gmail |spark|superhuman|mailbird|thunderbird"
    r"|mail for |k-9 |blackberry|iphone|ipad|ipod|android|galaxy|pixel|nexus|huawei|htc|treo"
    r"|hand ?held|mobile|phone|tablet|device|yahoo|outlook|airmail|canary|webmail)).{0,80}$"
    r"|get outlook for (?:ios|android|mac).{0,60}$"
    r"|(?:von|vom) meine[mr] \S.{0,40} gesendet\.?$"
    r"|gesendet (?:mit|von|über|aus) (?:der |meinem |meiner |outlook|mail|gmx|web\.de|yahoo|k-9|"
    r"iphone|ipad|android|samsung).{0,60}$|diese nachricht wurde von meinem .{0,60}gesendet\.?$"
    r"|envoyé (?:de|depuis|à partir de|avec) (?:mon |ma |l'|outlook|yahoo|mail|proton).{0,60}$"
    r"|enviado (?:desde|do|de) (?:mi |meu |outlook|correo|yahoo|mail|el |o ).{0,60}$"
    r"|inviato da(?:l mio|lla mia| outlook| iphone| ipad| posta| mail).{0,60}$"
    r"|verstuurd vanaf mijn .{0,60}$|verzonden (?:met|vanaf|van) .{0,60}$"
    r"|skickat från (?:min|mitt|outlook).{0,60}$|sendt fra (?:min|mitt|outlook).{0,60}$"
    r"|please (?:excuse|forgive|pardon) (?:any |the |my )?(?:typos|brevity|spelling).{0,80}$"
    r"|sorry for (?:any |the )?(?:typos|brevity).{0,60}$",
    re.IGNORECASE,
)
_LEGAL_OPENING = re.compile(
    r"\W*(?:confidentiality|privileged|legal|privacy|e-?mail) (?:notice|disclaimer|note|warning)"
    r"|\W*disclaimer\b|\W*(?:please )?(?:consider|think (?:of|about)) the environment"
    r"|\W*privileged (?:and|&|/) ?confidential",
    re.IGNORECASE,
)
_LEGAL_STEMS = (
    "confidential privileged intended recipient addressee unauthori disclos disseminat distributi "
    "prohibited notify liabilit liable virus delete sender attachment e-mail email registered "
    "vertraulich empfänger unbefugt irrtümlich vernichten absender anhänge gestattet "
    "confidentiel destinataire pièces strictement erreur expéditeur diffusion détruire "
    "confidencial destinatari prohibid adjunto riservat vietat allegat vertrouwelijk geadresseerde "
    "afzender"
).split()
_MAX_LEGAL = 5000  # characters of a paragraph
_LEGAL_NEEDED = 5  # different words of that kind in one paragraph
_CONTACT = re.compile(
    r"(?:(?:t|m|f|p|o|c|d|e|w|tel|phone|mobile|mob|cell|fax|office|direct|email|e-mail|mail|web|www"
    r"|telefon|handy|mobil|tél|téléphone|skype|twitter|linkedin)\b\.?\s*[:|.]?\s*)?"
    r"(?:[+(]?[\d][\d\s()./+-]{6,}(?:\s*(?:x|ext\.?)\s*\d+)?(?:\s*\(\w+\))?"
    r"|\[?\S+@\S+\.\S+|<?(?:https?://|www\.)\S+)(?:\s*[|/•·]\s*.*)?$",
    re.IGNORECASE,
)
_CONTACTS_NEEDED = 2
_CLOSING = re.compile(
    r"\S.{1,38},$|(?:(?:kind|best|warm|many|with|all)\S* )*(?:regards|wishes|best|cheers|thanks"
    r"|thank you|sincerely|yours|love|gruß|grüße|grüßen|cordialement|salutations|saludos|saluti"
    r"|groet|groeten|hilsen|hälsningar|abraços?)\b.{0,20}$",
    re.IGNORECASE,
)


def without_boilerplate(passage: list[str]) -> list[str]:
    """The passage without what was not typed for this message; sign-offs stay."""
    kept = _until(passage, _LIST_FOOTER)
    kept = _without_signature(kept)
    kept = [line for line in kept if not _FOOTER.match(line.strip(" *_<>\t")[:200])]
    kept = _without_legal(kept)
    kept = _without_contacts(kept)
    return [line for line in kept if not _RULE.match(line[:200]) or not line.strip()]


def _until(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    for index, line in enumerate(lines):
        if pattern.match(line.strip()[:300]):
            return lines[:index]
    return lines


def _without_signature(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        rest = len(lines) - index - 1
        if _DELIMITER.match(line) and (line.endswith("-- ") or rest <= _MAX_SIGNATURE):
            return lines[:index]
    return lines


def _without_legal(lines: list[str]) -> list[str]:
    """Cuts at the first paragraph that speaks as lawyers do under a mail."""
    start = 0  # the line at which a paragraph begins
    for paragraph in paragraphs(lines):
        start = lines.index(paragraph[0], start)
        told = " ".join(paragraph)
        # As a heading, "Privileged and confidential" is typed; what follows is the message.
        if _is_legal(told) or (start and _LEGAL_OPENING.match(told)):
            return lines[:start]
        start += len(paragraph)
    return lines


def _is_legal(paragraph: str) -> bool:
    told = paragraph[:_MAX_LEGAL].lower()
    return sum(stem in told for stem in _LEGAL_STEMS) >= _LEGAL_NEEDED


def _without_contacts(lines: list[str]) -> list[str]:
    """Of a last paragraph with telephone numbers and addresses only the sign-off."""
    last = list(paragraphs(lines))[-1] if any(map(str.strip, lines)) else []
    if sum(bool(_CONTACT.match(line.strip()[:200])) for line in last) < _CONTACTS_NEEDED:
        return lines
    end = len(lines)
    while not lines[end - 1].strip():
        end -= 1
    signed = 2 if _CLOSING.match(last[0].strip()) else 0  # "Best regards," and the name
    return lines[: end - len(last) + signed]
