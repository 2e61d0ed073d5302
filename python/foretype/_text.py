"""Text at the core's door: bytes that any `str` can become and come back from."""

from __future__ import annotations


def to_bytes(text: str) -> bytes:
    """UTF-8; lone surrogates, which editors do produce, pass as their three bytes."""
    return text.encode("utf-8", "surrogatepass")


def to_str(data: bytes) -> str:
    """The inverse of `to_bytes`. Bytes that are no text at all become U+FFFD."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
