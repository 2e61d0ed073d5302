"""What is taken out of a text, rule by rule, and what looks like it and stays."""

import pytest

from foretype.past import own_text

QUOTE = "\n> somebody else's words\n"

ATTRIBUTIONS = [
    "On Mon, 3 Mar 2025 at 16:05, Jane Doe <jane@example.com> wrote:",
    "On 3 Mar 2025, at 16:05, Jane Doe wrote:",
    "On 03/03/2025 16:05, Jane Doe wrote:",
    "At 16:05 03/03/2025 +0100, you wrote:",
    "Jane Doe <jane@example.com> wrote:",
    "Jane Doe <jane@example.com> writes:",
    "2011/3/4 Jane Doe <jane@example.com>",
    "Quoting Jane Doe <jane@example.com>:",
    "Am 03.03.2025 um 16:05 schrieb Jane Doe:",
    "Jane Doe <jane@example.com> schrieb am Mo., 3. März 2025, 16:05:",
    "Le lun. 3 mars 2025 à 16:05, Jane Doe <jane@example.com> a écrit :",
    "El lun, 3 mar 2025 a las 16:05, Jane Doe (<jane@example.com>) escribió:",
    "Il giorno lun 3 mar 2025 alle ore 16:05 Jane Doe <jane@example.com> ha scritto:",
    "Em seg., 3 de mar. de 2025 às 16:05, Jane Doe <jane@example.com> escreveu:",
    "Op ma 3 mrt 2025 om 16:05 schreef Jane Doe <jane@example.com>:",
    "Den mån 3 mars 2025 kl 16:05 skrev Jane Doe <jane@example.com>:",
    "pon., 3 mar 2025 o 16:05 Jane Doe <jane@example.com> napisał(a):",
    "2025. 03. 03. 16:05 keltezéssel, Jane Doe a következőt írta:",
    "Jane Doe <jane@example.com> 在 2025年3月3日 周一 16:05 写道\uff1a",
    "пн, 3 мар. 2025 г. в 16:05, Jane Doe <jane@example.com> написал:",
]

MARKERS = [
    "-----Original Message-----",
    "-------- Original Message --------",
    "----- Original Message -----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Originalnachricht --------",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "---------- Forwarded message ---------",
    "-------- Weitergeleitete Nachricht --------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "----- Forwarded by Jane Doe/ORCHARD on 03/03/2025 -----",
    "---- On Mon, 03 Mar 2025 16:05:10 +0100 Jane Doe wrote ----",
]

HEADERS = [
    ("From: Jane", "Sent: Monday", "To: Robin", "Subject: gate"),
    ("*From:* Jane", "*Date:* Monday", "*To:* Robin", "*Subject:* gate"),
    ("From: Jane", "Subject: gate", "Date: Monday", "To: Robin"),
    ("Von: Jane", "Gesendet: Montag", "An: Robin", "Betreff: Tor"),
    ("De : Jane", "Envoyé : lundi", "À : Robin", "Objet : portail"),
    ("De: Jane", "Enviado el: lunes", "Para: Robin", "Asunto: puerta"),
    ("Da: Jane", "Inviato: lunedì", "A: Robin", "Oggetto: cancello"),
    ("发件人\uff1aJane", "发送时间\uff1a3月3日", "收件人\uff1aRobin", "主题\uff1a大门"),
    ("Van: Jane", "Verzonden: maandag", "Aan: Robin", "Onderwerp: hek"),
]

FOOTERS = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Outlook for Android",
    "Sent using BlackBerry",
    "Sent from Yahoo Mail on Android",
    "Get Outlook for iOS",
    "Sent from Mail for Windows 10",
    "Von meinem iPad gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPad",
    "Please excuse brevity and typos.",
]

KEPT = [
    "Best regards,\nRobin",
    "Thanks!\nR.",
    "He wrote: all is well.",
    "From here: turn left.\nTo the mill: two miles.",
    "On Monday we met. She said yes.",
    "I wrote on 3 March:\nthe price stands, and it will stand until the summer.",
    "Sent the parcel from my office yesterday.",
    "We sent from the house three boxes; they will arrive on Monday at noon, I hope.",
    "Sent by email yesterday.",
    "The e-mail was confidential, so I told nobody.",
    "Call me at +44 20 7946 0000.",
    "Prices: 3 > 2 and 2 < 3",
    "1. paint the door;\n2. call the bank;\n3. sleep;",
    "- milk\n- bread\n- salt",
    "PRIVILEGED AND CONFIDENTIAL\n\nDear Jane,\n\nthe court sits on Friday.",
    "See https://www.example.org/orchard for a picture.",
    "if you can, come:\nthe door is open",
]


def check_nothing_follows(end: str) -> None:
    own = "These are my own words.\n\nRobin"
    assert own_text(f"{own}\n\n{end}") == own
    assert own_text(f"{own}\n{end}") == own


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_attribution_with_quote(line: str) -> None:
    check_nothing_follows(line + QUOTE)


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_attribution_without_marks_ends_the_text(line: str) -> None:
    check_nothing_follows(f"{line}\n\nsomebody else's words\nwithout marks")


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_answer_below_a_quote_is_kept(line: str) -> None:
    assert own_text(f"{line}{QUOTE}\nMy answer.") == "My answer."


@pytest.mark.parametrize("line", MARKERS)
def test_marker_ends_the_text(line: str) -> None:
    check_nothing_follows(f"{line}\nsomebody else's words\n> and older ones\nand more")


@pytest.mark.parametrize("fields", HEADERS, ids=lambda fields: fields[0])
def test_header_block_ends_the_text(fields: tuple[str, ...]) -> None:
    check_nothing_follows("\n".join(fields) + "\n\nsomebody else's words")
    check_nothing_follows("\n\n".join(fields) + "\n\nsomebody else's words")
    check_nothing_follows("_" * 32 + "\n" + "\n".join(fields) + "\nsomebody else's words")


@pytest.mark.parametrize("line", FOOTERS)
def test_footers_go(line: str) -> None:
    check_nothing_follows(line)


@pytest.mark.parametrize("text", KEPT)
def test_own_words_stay(text: str) -> None:
    assert own_text(text) == text


def test_signature_block_goes_and_sign_off_stays() -> None:
    check_nothing_follows("-- \nRobin Vale\nVale Orchards")


def test_a_dash_line_in_a_long_text_is_no_signature() -> None:
    text = "first part\n--\n" + "\n".join(f"line {number} of the second" for number in range(20))
    assert "line 19 of the second" in own_text(text)


def test_wrapped_paragraphs_are_joined() -> None:
    lines = [
        "A program has broken this line at seventy-two columns as mail programs",
        "have done for ever, and the sentence goes on here until it comes to its",
        "end.",
    ]
    assert own_text("\n".join(lines)) == " ".join(lines)


def test_short_lines_are_not_joined() -> None:
    poem = "Roses are red,\nviolets are blue,\nsugar is sweet."
    assert own_text(poem) == poem


def test_text_without_a_letter_is_nothing() -> None:
    assert own_text("12345 !!!\n-- \nRobin") == ""


def test_hidden_and_odd_spaces_go() -> None:
    assert own_text("one\u00a0two\u200b three\ufeff") == "one two three"
