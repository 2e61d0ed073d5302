"""Whatever is read, nothing raises, nothing quoted comes through, twice is once."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from foretype.past import own_text, read_past
from foretype.past.mail import read_envelope
from foretype.past.pieces import pieces_of
from foretype.past.quotes import is_quoted

ME = "robin@example.org"
NOW = datetime(2025, 6, 1, tzinfo=UTC)
LINES = [
    "", "My own words.", "> quoted", ">> older", "JD> hers", "| piped", "-- ", "--", "Robin",
    "On Mon, 3 Mar 2025 at 16:05, Jane <jane@example.com> wrote:", "Jane wrote:", "wrote:",
    "On Mon, 3 Mar 2025 at 16:05, Jane <", "jane@example.com> wrote:", "Best,", "```",
    "-----Original Message-----", "From: Jane", "Sent: Monday", "To: Robin", "Subject: gate",
    "Sent from my iPhone", "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----", "def f(x):", "    return x", "x = f(1);", "}", "- - dashed",
    "a line that a program has broken because it came to the end of its room", "and a rest",
    "T: +44 20 7946 0000", "www.example.org", "________________________________",
    "Confidentiality notice: delete this e-mail, it is privileged.", "diff --git a b", "- item",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=25).map("\n".join),
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=90)), max_size=12).map("\n".join),
    st.text(max_size=400),
)
FRAGMENTS = [
    b"From: robin@example.org\n", b"To: jane@example.com\n", b"Date: Tue, 4 Mar 2025 10:22\n",
    b"From x@example.org Tue Mar  4 10:22:31 2025\n", b"\n", b"\r\n", b"--b\n", b"--b--\n",
    b'Content-Type: multipart/mixed; boundary="b"\n', b"Content-Type: text/html\n",
    b"Content-Type: text/plain; charset=utf-7; format=flowed\n", b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Transfer-Encoding: x-uuencode\n", b"Subject: =?utf-8?b?w4RwZmVs?=\n", b"=E4=\n",
    b"Subject: =?x?q?=zz?=\n", b"Content-Type: text/plain; charset*=x''%ff\n", b"hello there\n",
    b"From: =?utf-16?b?AA?= <robin@example.org>\n", b"Date: 99 Foo 0000 99:99\n", b"> quoted\n",
    b"<blockquote>a<p>b</blockquote>c<table><tr><td>", b'{"text": "x", "date": 1e999}\n',
    b'{"text": "\\ud800", "author": "robin@example.org"}\n', b"[" * 2000, b"begin 644 x\n",
]  # fmt: skip
files = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=40)), max_size=14).map(
        b"".join
    ),
)
names = st.sampled_from(["a.eml", "a.mbox", "a.txt", "a.md", "a.jsonl", "a.emlx", "a"])


@given(texts)
def test_stripping_is_idempotent(text: str) -> None:
    once = own_text(text)
    assert own_text(once) == once


@given(texts)
def test_quoted_lines_never_come_through(text: str) -> None:
    assert not any(is_quoted(line) for line in own_text(text).split("\n"))


@given(texts)
def test_nothing_is_made_up(text: str) -> None:
    given_letters = "".join(filter(str.isalpha, text))
    position = 0
    for letter in filter(str.isalpha, own_text(text)):
        position = given_letters.index(letter, position) + 1


@given(st.lists(st.sampled_from(["one", "two two", "", "three"]), max_size=60))
def test_pieces_make_up_the_text(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    assert "\n\n".join(pieces_of(text)) == text


@given(files, names)
def test_no_bytes_raise(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        reading = read_past([file], me=[ME], now=NOW)
        written = list(reading)
        assert reading.counts.written == len(written)
        for one in written:
            assert one.text
            assert one.day is None or one.day <= NOW.date().replace(day=3)


@given(files)
def test_no_header_raises(data: bytes) -> None:
    envelope = read_envelope(data)
    assert all(sender == sender.lower() for sender in envelope.senders)
