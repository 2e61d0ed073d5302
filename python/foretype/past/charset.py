"""Bytes to text, where the label may be missing, unknown or a lie."""

import codecs

# What is labelled so is often UTF-8; where it is not, it is Windows-1252, as browsers hold.
_DOUBTFUL = {"ascii", "iso8859-1", "cp1252"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
_ALLOWED_CONTROLS = "\t\n\r\f"
_MAX_STRANGE = 0.02


def decode(data: bytes, label: str | None = None) -> str:
    """The text of `data`; never raises. `label` is the charset that the data claims."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace")
    claimed = _known(label)
    if claimed is None or claimed in _DOUBTFUL:
        return _utf8_or_western(data)
    try:
        return data.decode(claimed)
    except (UnicodeError, ValueError):
        return _utf8_or_western(data)


def is_text(text: str) -> bool:
    """False for what only a binary file or a wrong charset gives."""
    strange = sum(
        character == "�" or (character < " " and character not in _ALLOWED_CONTROLS)
        for character in text
    )
    return strange <= _MAX_STRANGE * len(text)


def _known(label: str | None) -> str | None:
    """Python's name of a text encoding; None where there is none of that name."""
    try:
        found = codecs.lookup((label or "").strip("\"' "))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding:
        return None
    return _WIDER.get(found.name, found.name)


def _utf8_or_western(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
