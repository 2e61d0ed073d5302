"""Files and folders: which are read, how mail is found in them, whose it is and when."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from foretype.errors import DataError
from foretype.past import Reading, Skip, read_past

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ME = "robin@example.org"
JANE = "jane@example.com"


def mail(
    body: str = "Hello there.",
    *,
    sender: str = ME,
    to: str = JANE,
    day: str = "Tue, 04 Mar 2025 10:22:31 +0100",
    more: str = "",
) -> str:
    return f"From: {sender}\nTo: {to}\nDate: {day}\n{more}\n{body}\n"


def received(body: str = "Good day.", *, sender: str = JANE) -> str:
    return mail(body, sender=sender, to=ME, more="Received: from mx by mx; Mon, 3 Mar 2025\n")


def mbox(*mails: str) -> str:
    return "".join(f"From x@example.org Tue Mar  4 10:22:31 2025\n{text}\n" for text in mails)


def put(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(*paths: Path, me: tuple[str, ...] = (ME,)) -> tuple[list[str], Reading]:
    reading = read_past(paths, me=me, now=NOW)
    return [written.text for written in reading], reading


def test_mbox(tmp_path: Path) -> None:
    file = put(tmp_path / "Sent.mbox", mbox(mail("One."), received(), mail("Two.")))
    texts, reading = read(file)
    assert texts == ["One.", "Two."]
    assert reading.counts.found == 3
    assert reading.counts.skipped == {Skip.OTHERS: 1}


def test_mbox_keeps_lines_that_begin_with_from(tmp_path: Path) -> None:
    body = "Dear Jane,\n\nFrom now on it is mine.\n\n>From here it was escaped."
    file = put(tmp_path / "Sent", mbox(mail(body), mail("Two.")))
    texts, _ = read(file)
    assert texts == [
        "Dear Jane,\n\nFrom now on it is mine.\n\nFrom here it was escaped.",
        "Two.",
    ]


def test_quoted_line_that_looks_escaped_stays_quoted(tmp_path: Path) -> None:
    file = put(tmp_path / "Sent", mbox(mail(">Where?\n>From the mill.\n>Really?\nNo.")))
    assert read(file)[0] == ["No."]


def test_mbox_of_thunderbird_with_its_plain_separator(tmp_path: Path) -> None:
    text = f"From - Tue Mar 04 10:22:31 2025\n{mail('One.')}\nFrom \n{mail('Two.')}"
    assert read(put(tmp_path / "Sent", text))[0] == ["One.", "Two."]


def test_folders_maildirs_and_apple_mail(tmp_path: Path) -> None:
    put(tmp_path / "a" / "one.eml", mail("One."))
    put(tmp_path / "a" / "deeper" / "two.eml", mail("Two."))
    put(tmp_path / "md" / ".Sent" / "cur" / "1.host:2,S", mail("Three."))
    (tmp_path / "md" / ".Sent" / "new").mkdir()
    whole = mail("Four.")
    put(tmp_path / "b" / "4.emlx", f"{len(whole)}\n{whole}<?xml version='1.0'?><plist/>")
    put(tmp_path / "mh" / "17", mail("Five."))
    texts, reading = read(tmp_path)
    assert sorted(texts) == ["Five.", "Four.", "One.", "Three.", "Two."]
    assert reading.counts.files == 5


def test_other_files_are_counted(tmp_path: Path) -> None:
    put(tmp_path / "picture.png", b"\x89PNG")
    put(tmp_path / "code.py", "print('no')")
    put(tmp_path / ".hidden.txt", "not looked at")
    texts, reading = read(tmp_path)
    assert texts == []
    assert reading.counts.skipped == {Skip.NOT_READ: 2}
    assert reading.counts.troubles == []
    _, reading = read(tmp_path / "code.py")
    assert "not one of" in str(reading.counts.troubles[0])


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file .*nowhere\."):
        read_past([tmp_path / "nowhere"])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the owner may read all")
def test_unreadable_file_is_counted(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", "Mine.").chmod(0)
    put(tmp_path / "b.txt", "Mine too.")
    texts, reading = read(tmp_path)
    assert texts == ["Mine too."]
    assert reading.counts.skipped[Skip.NOT_READ] == 1


def test_plain_text_and_markdown(tmp_path: Path) -> None:
    text = put(tmp_path / "a.txt", "First thought.\n\n> of others\n\nSecond thought.")
    assert "\n\n".join(read(text)[0]) == "First thought.\n\nSecond thought."
    markdown = put(
        tmp_path / "b.md",
        "---\ntitle: x\n---\n# A heading\n\nSome *plain* prose with a [link](http://example.org)\n"
        "over two lines and `word`.\n\n```\ncode()\n```\n\n> quoted\n\n"
        "- [x] item one\n- item two\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "<div>html</div>\n\n![alt](x.png)\n",
    )
    assert "\n\n".join(read(markdown)[0]) == (
        "A heading\n\nSome plain prose with a link over two lines and word.\n\nitem one\n\nitem two"
    )


def test_text_in_other_encodings(tmp_path: Path) -> None:
    for name, charset in (("a", "utf-16"), ("b", "cp1252"), ("c", "utf-8-sig")):
        file = put(tmp_path / f"{name}.txt", "Grüße — “so”".encode(charset))
        assert read(file)[0] == ["Grüße — “so”"]


def test_an_edit_changes_few_pieces(tmp_path: Path) -> None:
    paragraphs = [f"Paragraph number {number} says something." for number in range(200)]
    file = put(tmp_path / "a.txt", "\n\n".join(paragraphs))
    before = {written.digest for written in read_past([file], now=NOW)}
    paragraphs[50] += " And more."
    put(file, "\n\n".join([*paragraphs, "A new end."]))
    after = {written.digest for written in read_past([file], now=NOW)}
    assert len(after) > 20
    assert len(after - before) <= 3


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"text": "Mine.", "author": "Robin", "date": "2025-03-04T10:00:00"},
        {"text": "Hers.", "author": "Jane", "date": "2025-03-04"},
        {"text": "Nobody's.", "date": 1_700_000_000},
        {"author": "Robin"},
    ]
    file = put(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)) + "\nnot json\n\n")
    reading = read_past([file], me=["robin"], now=NOW)
    assert [(written.text, written.day) for written in reading] == [
        ("Nobody's.", date(2023, 11, 14)),
        ("Mine.", date(2025, 3, 4)),
    ]
    assert reading.counts.skipped == {Skip.OTHERS: 1, Skip.BROKEN: 2}
    assert [trouble.number for trouble in reading.counts.troubles] == [4, 5]


def test_days_come_from_the_message_else_from_the_file(tmp_path: Path) -> None:
    days = {
        "Tue, 04 Mar 2025 23:59:00 +0100": date(2025, 3, 4),
        "Tue, 4 Mar 25 10:00 EST": date(2025, 3, 4),
        "Tue, 04 Mar 2099 10:00:00 +0000": date(2025, 1, 2),
        "Thu, 01 Jan 1970 00:00:00 +0000": date(2025, 1, 2),
        "no date": date(2025, 1, 2),
    }
    for number, (told, day) in enumerate(days.items()):
        file = put(tmp_path / f"{number}.eml", mail(f"Text {number}.", day=told))
        then = datetime(2025, 1, 2, 12, tzinfo=UTC).timestamp()
        os.utime(file, (then, then))
        assert [written.day for written in read_past([file], me=[ME], now=NOW)] == [day]


def test_no_day_where_the_file_is_from_the_future_too(tmp_path: Path) -> None:
    file = put(tmp_path / "a.eml", mail(day="none"))
    then = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
    os.utime(file, (then, then))
    assert [written.day for written in read_past([file], me=[ME], now=NOW)] == [None]


def test_in_order_of_date_over_all_files(tmp_path: Path) -> None:
    late = put(tmp_path / "a.mbox", mbox(mail("Late."), mail("Early.", day="1 Mar 2021 10:00 +0")))
    between = put(tmp_path / "b.eml", mail("Between.", day="1 Mar 2023 10:00 +0000"))
    assert read(late, between)[0] == ["Early.", "Between.", "Late."]


def test_the_same_mail_twice_is_read_once(tmp_path: Path) -> None:
    one = put(tmp_path / "a.mbox", mbox(mail("Same."), mail("Same.")))
    other = put(tmp_path / "b.eml", mail("Same."))
    later = put(tmp_path / "c.eml", mail("Same.", day="Tue, 05 Mar 2025 10:22:31 +0100"))
    texts, reading = read(one, other, later)
    assert texts == ["Same.", "Same."]
    assert reading.counts.skipped == {Skip.TWICE: 2}


AUTOMATIC = [
    {"more": "Auto-Submitted: auto-replied\n"},
    {"more": "Subject: Automatic reply: harvest\n"},
    {"more": "Subject: =?utf-8?q?R=C3=A9ponse_automatique_?=: x\n"},
    {"more": "Subject: Abwesenheitsnotiz: x\n"},
    {"more": "Precedence: auto_reply\n"},
    {"more": "Content-Type: text/calendar\n"},
    {"more": "Content-Type: multipart/report; boundary=x\n"},
]


@pytest.mark.parametrize("given", AUTOMATIC, ids=lambda given: given["more"].strip())
def test_automatic_mail_is_left_out(tmp_path: Path, given: dict[str, str]) -> None:
    texts, reading = read(put(tmp_path / "a.eml", mail("I am away.", **given)))
    assert texts == []
    assert reading.counts.skipped == {Skip.AUTOMATIC: 1}


BAD = {
    "binary": mail("").encode() + bytes(range(1, 32)) * 40,
    "encrypted": mail("-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----"),
    "smime": mail("MIAG", more="Content-Type: application/pkcs7-mime\n"),
    "torn": mail("nothing here", more='Content-Type: multipart/mixed; boundary="b"\n'),
    "deep": mail("<div>" * 30_000 + "x", more="Content-Type: text/html\n"),
    "nobody": "Subject: no sender\nTo: x\n\nWho?\n",
    "charset": mail("x", more='Content-Type: text/plain; charset="\x00\xff"\n').encode("latin-1"),
}


def test_bad_mails_do_not_stop_the_others(tmp_path: Path) -> None:
    for name, text in BAD.items():
        put(tmp_path / f"{name}.eml", text)
    put(tmp_path / "good.eml", mail("Good."))
    texts, reading = read(tmp_path)
    assert "Good." in texts
    skipped = reading.counts.skipped
    assert skipped[Skip.ENCRYPTED] == 2
    assert skipped[Skip.TOO_LARGE] == 1
    assert skipped[Skip.BROKEN] == 2
    assert skipped[Skip.OTHERS] == 1
    named = " ".join(map(str, reading.counts.troubles))
    assert "binary.eml" in named
    assert "cannot be decoded" in named


def test_owner_of_a_sent_folder(tmp_path: Path) -> None:
    file = put(tmp_path / "Sent", mbox(*[mail(f"Text {n}.") for n in range(9)], received()))
    texts, reading = read(file, me=())
    assert len(texts) == 9
    assert reading.owners == (ME,)
    assert str(reading.guesses[0]) == f"{ME}, who wrote 9 of 10 in {file}"


def test_owner_of_a_folder_with_everything(tmp_path: Path) -> None:
    others = [received(f"Text {n}.", sender=f"{n % 7}@example.net") for n in range(30)]
    file = put(
        tmp_path / "All", mbox(mail("Mine."), mail("Mine too.", to="x@example.net"), *others)
    )
    texts, reading = read(file, me=())
    assert reading.owners == (ME,)
    assert texts == ["Mine.", "Mine too."]


def test_a_folder_of_one_friend_s_mail_is_not_taken_for_the_owner_s(tmp_path: Path) -> None:
    file = put(tmp_path / "Jane", mbox(*[received(f"Text {n}.") for n in range(9)]))
    with pytest.raises(DataError, match=rf"name the owner with --me. Most is from {JANE} \(9\)"):
        read_past([file])


def test_authors_of_json_lines(tmp_path: Path) -> None:
    rows = [json.dumps({"text": f"Text {n}.", "author": "Robin"}) for n in range(9)]
    file = put(tmp_path / "a.jsonl", "\n".join([*rows, '{"text": "No.", "author": "Jane"}']))
    assert read_past([file]).owners == ("robin",)
    both = put(tmp_path / "b.jsonl", '{"text":"a","author":"A"}\n{"text":"b","author":"B"}\n')
    with pytest.raises(DataError, match="--me"):
        read_past([both])


def test_me_may_be_written_as_in_a_mail(tmp_path: Path) -> None:
    file = put(tmp_path / "a.eml", mail("Mine."))
    assert read(file, me=("Robin Vale <ROBIN@example.org>",))[0] == ["Mine."]
