"""Screenshots as arrays, to see where something is drawn."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from selenium.webdriver import Chrome
from selenium.webdriver.remote.webelement import WebElement

SIGNATURE = b"\x89PNG\r\n\x1a\n"
FILTER_UP = 2
CHANNELS = {2: 3, 6: 4}  # PNG's colour types RGB and RGBA


def take(driver: Chrome, element: WebElement) -> NDArray[np.int16]:
    """A picture of an element. [height, width, 3]"""
    area = driver.execute_script(
        "const { x, y, width, height } = arguments[0].getBoundingClientRect();"
        "return { x, y, width, height, scale: 1 }",
        element,
    )
    options = {"format": "png", "clip": area, "optimizeForSpeed": True}
    answer = driver.execute_cdp_cmd("Page.captureScreenshot", options)
    return decode_png(base64.b64decode(answer["data"]))


def decode_png(png: bytes) -> NDArray[np.int16]:
    """Decodes a PNG as Chromium writes it for speed: each row is the difference to the last."""
    data, header, at = b"", b"", len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if name == b"IHDR" else header
        data += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", header)
    assert depth == 8
    channels = CHANNELS[colour]
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    assert (rows[1:, 0] == FILTER_UP).all()
    sums = np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8)
    return sums.reshape(height, width, channels)[:, :, :3].astype(np.int16)


def changed(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where two pictures differ to the eye. [height, width]"""
    return np.abs(one - other).max(axis=2) > 24


def box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is set in `mask`."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])
