"""The checksum inside a container: sha256 of the whole file, its own digits taken as zeros."""

CHECKSUM_KEY = "sha256"
UNSET_CHECKSUM = "0" * 64


def checksum_offset(header: bytes) -> int:
    """Where the 64 hexadecimal digits stand in the start of a file; -1 if there are none."""
    key = f'"{CHECKSUM_KEY}":"'.encode()
    found = header.find(key)
    return -1 if found < 0 else found + len(key)
