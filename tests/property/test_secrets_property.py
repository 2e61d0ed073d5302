"""Nothing secret is learned, not even for a moment: what holds for every text and every cut."""

from core_lists import core_lists
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foretype._core import secret_ranges, undecided_from, units
from foretype.reference import secrets as reference

MANY = settings(max_examples=300)

words = """
the is was a code PIN otp passcode password: password pwd= passphrase secret token API key zip area
verification account SSN social security phrase seed recovery number error not required hunter2
Xk29Zt 7K9QF2 G-482913 Q4-2026 report_v2.docx jo@example.org 10am -----BEGIN -----END key-----
""".split()
numbers = """
1 12 123 1984 4111 1111 4242 4242-4242 4111-1111-1111-1111 482913 483 920 45 6789 123-45-6789 (4111
1111, 20016 12345678 4000056655665556 378282246310005 3782 822463 10005 1234# 0044
""".split()
ibans = "DE89 3704 0044 0532 0130 00 GB29 NWBK 6016 1331 9268 19 NO93 8601 1117 947".split()
odd_pieces = [
    "sk-9aQ2mZ7kPw31LbVt",
    "Zk3vQ9xL7pW2",
    "https://jo:pw@example.org",
    "https://a.example/?token=abcd",
    "MIIEpAIBAAKCAQEA",
    "kX9",
    "=",
    ":",
    '"',
    "“",
    "_",
]
spaces = [" "] * 12 + [
    "",
    "",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u00a0",
    "\u3000",
    ". ",
    ", ",
    ": ",
    "-",
]
piece = st.one_of(
    *(st.sampled_from(each) for each in (words, words, numbers, numbers, ibans, odd_pieces))
)
texts = st.one_of(
    st.lists(st.tuples(piece, st.sampled_from(spaces)).map("".join), max_size=40).map("".join),
    st.text(max_size=60),
)
tokens = st.text("abcXYZ019/+-_.,=#:@%é", min_size=10, max_size=50)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def bytes_in(ranges: list[tuple[int, int]]) -> set[int]:
    return {at for begin, end in ranges for at in range(begin, end)}


def clean(text: bytes) -> set[int]:
    """Bytes that may be learned when this is the text so far."""
    return set(range(undecided_from(text))) - bytes_in(secret_ranges(text))


@MANY
@given(texts)
@example("1 2 3 4 5 6 7 8 9th is the code")
@example("x\n-----BEGIN A-----\nb -----END A-----\nc")
def test_what_was_clean_stays_clean(text: str) -> None:
    data = encoded(text)
    secret = bytes_in(secret_ranges(data))
    for cut in range(len(data)):
        assert not clean(data[:cut]) & secret, data[:cut]


@MANY
@given(st.one_of(texts, tokens))
@example("uid=x/aB3dE6gH9jK2,mN5pQ8")
@example("password: 'ab cd' \u2014 -----BEGIN")
def test_the_slow_twin_says_the_same(text: str) -> None:
    data = encoded(text)
    assert secret_ranges(data) == reference.secret_ranges(data, core_lists())
    assert undecided_from(data) == reference.undecided_from(data, core_lists())


@MANY
@given(texts)
def test_ranges_rise_and_hold_whole_units(text: str) -> None:
    data = encoded(text)
    ranges = secret_ranges(data)
    at = 0
    for begin, end in ranges:
        assert at <= begin < end <= len(data)
        at = end
    secret = bytes_in(ranges)
    for begin, end, _ in units(data):
        assert len(set(range(begin, end)) & secret) in (0, end - begin)


@MANY
@given(st.binary(max_size=80))
def test_any_bytes_are_accepted(data: bytes) -> None:
    secret = bytes_in(secret_ranges(data))
    for cut in range(len(data)):
        assert not clean(data[:cut]) & secret


@MANY
@given(texts)
def test_waiting_ends_with_the_line(text: str) -> None:
    data = encoded(text) + b"\n"
    assert undecided_from(data) == len(data)


@MANY
@given(texts)
def test_waiting_ends_after_a_few_words(text: str) -> None:
    data = encoded(text) + b" and so on we go again "
    assert len(data) - undecided_from(data) <= len(b"and so on we go again ")
