"""What stands in a text without being prose: code, patches, armour, encoded files."""

import re

_FENCE = re.compile(r"\s*(?:```+|~~~+)")
_DIFF = re.compile(r"diff --git |--- a/|Index: \S+$|@@ -\d+(?:,\d+)? \+\d+| \S+ +\| +\d+ [+-]+$")
_ARMOUR_BEGIN = re.compile(r"[- ]*-----BEGIN [A-Z0-9 ]{3,40}-----\s*$")
_ARMOUR_END = re.compile(r"[- ]*-----END [A-Z0-9 ]{3,40}-----\s*$")
_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s*$")
_UUENCODED = re.compile(r"begin(?:-base64)? [0-7]{3,4} \S")
_ENCODED = re.compile(r"\s*(?=\S*\d)(?=\S*[A-Z])[A-Za-z0-9+/_=-]{48,}\s*$")
_ENCODED_REST = re.compile(r"\s*[A-Za-z0-9+/_-]+={0,2}\s*$")
_TRACE = re.compile(
    r'Traceback \(most recent call last\):|\s+File "[^"]+", line \d+|\s+at [\w.$<>]+\('
    r"|[\w.]+(?:Error|Exception|Warning)\b(?::|$)"
)
_CODE = re.compile(
    r"\s*(?:"
    r".*[=(){}<>].*;\s*$|.*[{}]\s*$|\}|"  # a statement or a block of the C family
    r"(?:def|class|if|for|while|elif|with|try|except)\b[^.!?]*:\s*$|"
    r"(?:import|from)\s[\w.]+(?:\s+import\s.+)?$|#\s*(?:include|define|ifdef|endif)\b|"
    r"(?:return|const|let|var|public|private|static|void|int|fn|func|function)\b.*[=({]|"
    r"[\w.\[\]]+\s*(?:=|\+=|:=|->)\s*\S+|[\w.]+\(.*\)\s*$|"
    r"(?:\$|>>>|\.\.\.|#)\s+\S|SELECT\s.+\sFROM\s|<[/!?]?[a-zA-Z][^>]*>\s*$|//|/\*|\*/"
    r")"
)
_CODE_RUN = 3  # lines in a row that look like code are code; fewer may be odd prose


def without_blobs(lines: list[str]) -> list[str]:
    """The lines that may be prose."""
    kept = _without_fences(_without_armour(lines))
    kept = _until_patch(kept)
    kept = _without_encoded(kept)
    return _without_code(kept)


def is_encrypted(text: str) -> bool:
    """Whether the text holds a message that only its readers' keys open."""
    return "-----BEGIN PGP MESSAGE-----" in text


def _without_armour(lines: list[str]) -> list[str]:
    """Of a signed text its words, of any other armoured block nothing."""
    kept: list[str] = []
    inside = in_header = signed = False
    for line in lines:
        if in_header:  # "Hash: SHA256", up to the empty line
            in_header = bool(line.strip())
        elif _SIGNED.match(line):
            in_header = signed = True
        elif _ARMOUR_BEGIN.match(line):
            inside = True
        elif _ARMOUR_END.match(line):
            inside = signed = False
        elif not inside:
            kept.append(line.removeprefix("- ") if signed and line.startswith("- -") else line)
    return kept


def _without_fences(lines: list[str]) -> list[str]:
    kept: list[str] = []
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            kept.append(line)
    return kept


def _until_patch(lines: list[str]) -> list[str]:
    """What is written before a patch or an encoded file; after one comes nothing of worth."""
    for index, line in enumerate(lines):
        if _DIFF.match(line) or _UUENCODED.match(line):
            return lines[:index]
    return lines


def _without_encoded(lines: list[str]) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        inside = bool(_ENCODED.match(line)) or (inside and bool(_ENCODED_REST.match(line)))
        if not inside:
            kept.append(line)
    return kept


def _without_code(lines: list[str]) -> list[str]:
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if _looks_like_code(line):
            run.append(line)
            continue
        if sum(map(_counts_as_code, run)) < _CODE_RUN:
            kept += run
        run = []
        kept.append(line)
    return kept[:-1]


def _looks_like_code(line: str) -> bool:
    """Also an indented line: it goes with the code around it."""
    return _counts_as_code(line) or (line.startswith(("    ", "\t")) and bool(line.strip()))


def _counts_as_code(line: str) -> bool:
    return bool(_CODE.match(line[:400]) or _TRACE.match(line[:400]))
