"""Made-up secrets and made-up things that are none, each kind from a seeded random source."""

import base64
import json
import random
import string
from collections.abc import Callable

LETTERS_DIGITS = string.ascii_letters + string.digits
SYMBOLS = "!#$%&*+-=?@^_"
# Words as people choose them for passwords; none is in a list that the engine reads.
WORDS = """
sunshine dragon monkey falcon orchid pepper saffron harbour velvet copper maple thunder pocket
lantern marble cactus ribbon walnut glacier meadow button kettle sparrow anchor violin magnet
tulip basket candle puzzle rocket saddle turnip violet whistle zigzag bramble crayon dolphin
""".split()

Maker = Callable[[random.Random], str]


def drawn(source: random.Random, alphabet: str, length: int) -> str:
    return "".join(source.choice(alphabet) for _ in range(length))


def token(alphabet: str, shortest: int, longest: int) -> Maker:
    return lambda source: drawn(source, alphabet, source.randint(shortest, longest))


def key(beginning: str, alphabet: str, length: int) -> Maker:
    return lambda source: beginning + drawn(source, alphabet, length)


def luhn_digit(digits: str) -> str:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def grouped(text: str, sizes: list[int], joint: str) -> str:
    groups, at = [], 0
    for size in sizes:
        groups.append(text[at : at + size])
        at += size
    return joint.join(group for group in groups if group)


def card(joint: str = "") -> Maker:
    def make(source: random.Random) -> str:
        begin, length = source.choice(
            [
                ("4", 16),
                ("51", 16),
                ("55", 16),
                ("2500", 16),
                ("6011", 16),
                ("37", 15),
                ("6304", 19),
            ]
        )
        digits = begin + drawn(source, string.digits, length - len(begin) - 1)
        digits += luhn_digit(digits)
        return grouped(digits, [4, 6, 5] if length == 15 else [4, 4, 4, 4, 3], joint)

    return make


def iban(joint: str = "") -> Maker:
    def make(source: random.Random) -> str:
        country, letters, numbers = source.choice(
            [
                ("DE", 0, 18),
                ("GB", 4, 14),
                ("NL", 4, 10),
                ("FR", 0, 23),
                ("NO", 0, 11),
                ("CH", 0, 17),
            ]
        )
        account = drawn(source, string.ascii_uppercase, letters)
        account += drawn(source, string.digits, numbers)
        number = int("".join(str(int(c, 36)) for c in f"{account}{country}00"))
        return grouped(f"{country}{98 - number % 97:02}{account}", [4] * 9, joint)

    return make


def social_security(joint: str) -> Maker:
    def make(source: random.Random) -> str:
        area = source.choice([n for n in range(1, 900) if n != 666])
        return joint.join(
            [f"{area:03}", f"{source.randint(1, 99):02}", f"{source.randint(1, 9999):04}"]
        )

    return make


def web_token(source: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"sub": str(source.randrange(10**9)), "iat": source.randrange(10**9)}
    head = part({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{part(claims)}.{drawn(source, LETTERS_DIGITS + '-_', 43)}"


def private_key(source: random.Random) -> str:
    name = source.choice(["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY"])
    body = drawn(source, LETTERS_DIGITS + "+/", source.randint(200, 900))
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"])


def uuid(source: random.Random) -> str:
    return grouped(drawn(source, "0123456789abcdef", 32), [8, 4, 4, 4, 12], "-")


def simple_password(source: random.Random) -> str:
    word = source.choice(WORDS)
    number = str(source.randint(1, 2030))
    return source.choice([word + number, word.title() + number, word.title() + number + "!",
                          f"{word}-{source.choice(WORDS)}-{number}", word[::-1] + number,
                          word.replace("a", "@").replace("o", "0").title() + "1"])  # fmt: skip


def phrase(source: random.Random) -> str:
    return " ".join(source.choice(WORDS) for _ in range(source.randint(4, 6)))


def mixed_code(source: random.Random) -> str:
    while True:
        code = drawn(source, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 6)
        if sum(map(str.isdigit, code)) >= 2 and not code.isdigit() and not code[:3].isalpha():
            return code


def split_code(source: random.Random) -> str:
    return grouped(drawn(source, string.digits, 6), [3, 3], source.choice(" -"))


def address(pattern: str, value: Maker) -> Maker:
    return lambda source: pattern.format(value(source), site=source.choice(WORDS))


# Found wherever they stand.
EVERYWHERE: dict[str, Maker] = {
    "card": card(),
    "card, spaces": card(" "),
    "card, hyphens": card("-"),
    "IBAN": iban(),
    "IBAN, spaces": iban(" "),
    "social security, hyphens": social_security("-"),
    "social security, spaces": social_security(" "),
    "key: OpenAI": key("sk-", LETTERS_DIGITS, 48),
    "key: GitHub": key("ghp_", LETTERS_DIGITS, 36),
    "key: Amazon": key("AKIA", string.ascii_uppercase + "234567", 16),
    "key: Slack": key("xoxb-", string.digits, 12),
    "key: Google": key("AIza", LETTERS_DIGITS + "-_", 35),
    "key: Stripe": key("sk_live_", LETTERS_DIGITS, 24),
    "JSON Web Token": web_token,
    "PEM block": private_key,
    "SSH public key": key("AAAAB3NzaC1yc2EAAAADAQABAAAB", LETTERS_DIGITS + "+/", 120),
    "UUID": uuid,
    "hexadecimal, 32 to 64": token("0123456789abcdef", 32, 64),
    "hexadecimal, 16 to 24": token("0123456789abcdef", 16, 24),
    "base64, 40 (Amazon's secret)": token(LETTERS_DIGITS + "+/", 40, 40),
    "base64, 20 to 32": token(LETTERS_DIGITS + "+/", 20, 32),
    "letters and digits, 20 to 32": token(LETTERS_DIGITS, 20, 32),
    "letters and digits, 12 to 16": token(LETTERS_DIGITS, 12, 16),
    "base32, 16 to 32": token(string.ascii_uppercase + "234567", 16, 32),
    "with symbols, 16 to 20": token(LETTERS_DIGITS + SYMBOLS, 16, 20),
    "address with password": address(
        "https://admin:{0}@{site}.example.org/app", token(LETTERS_DIGITS, 8, 12)
    ),
    "address with token": address(
        "https://{site}.example.org/reset?user=7&token={0}", token(LETTERS_DIGITS, 8, 32)
    ),
    "address with signature": address(
        "https://{site}.example.net/f.pdf?Expires=1790000000&Signature={0}",
        token(LETTERS_DIGITS, 20, 40),
    ),
    "address of a shared document": address(
        "https://{site}.example.com/d/{0}/edit", token(LETTERS_DIGITS, 22, 44)
    ),
    "connection string": address(
        "Server={site};User=sa;Password={0};Timeout=30", simple_password
    ),
}  # fmt: skip

# Found because a word names them.
NAMED: dict[str, dict[str, Maker]] = {
    "password": {
        "password: word and number": simple_password,
        "password: a word": lambda source: source.choice(WORDS),
        "password: random, 8 to 10": token(LETTERS_DIGITS, 8, 10),
        "password: random with symbols, 10 to 14": token(LETTERS_DIGITS + SYMBOLS, 10, 14),
    },
    "phrase": {"passphrase": phrase},
    "secret": {
        "API key without a known shape": token(string.ascii_lowercase + string.digits, 8, 14)
    },
    "code": {
        "code: 6 digits": token(string.digits, 6, 6),
        "code: 4, 5 or 8 digits": lambda s: drawn(s, string.digits, s.choice([4, 5, 8])),
        "code: in two groups": split_code,
        "code: letters and digits": mixed_code,
        "code: G-123456": lambda source: "G-" + drawn(source, string.digits, 6),
    },
    "account": {"account: 8 to 12 digits": token(string.digits, 8, 12)},
}


def made_of(pattern: str) -> Maker:
    """9 is a digit, A a capital, a a small letter, W and w words."""
    makers: dict[str, Maker] = {
        "9": token(string.digits, 1, 1),
        "A": token(string.ascii_uppercase, 1, 1),
        "W": lambda source: source.choice(WORDS).title(),
        "w": lambda source: source.choice(WORDS),
    }
    return lambda source: "".join(makers[c](source) if c in makers else c for c in pattern)


# No secrets, though they look a little like them.
HARMLESS: dict[str, Maker] = {
    "word": made_of("w"),
    "camel case": made_of("WWW"),
    "long hashtag": made_of("#WWWWW"),
    "file name": made_of("w_w_v9.docx"),
    "path": made_of("/w/w/w-99/w.txt"),
    "hyphened": made_of("w-w-w"),
    "product code": made_of("A9-2026"),
    "part number": made_of("AA999-99A"),
    "ticket": made_of("WAA-9999"),
    "version": made_of("v9.99.9-rc9"),
    "phone": made_of("202-555-0199"),
    "phone, spaces": made_of("+1 202 555 0199"),
    "date": made_of("2026-11-29"),
    "time stamp": made_of("2026-11-29T19:49:09Z"),
    "amount": made_of("$9,999.99"),
    "zip": made_of("2999-999"),
    "network address": made_of("192.168.99.9:8080"),
    "mail address": made_of("w.w99@w.example.org"),
    "address": made_of("https://w.example.org/w/w-w-w?page=9&sort=w"),
    "years": made_of("2009 2010 2011 2012"),
    "order number": made_of("9999999999"),
    "acronyms": made_of("MP9/AA9/AAA9"),
}  # fmt: skip
