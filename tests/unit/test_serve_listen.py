"""The address of one start."""

import re
import socket

import pytest

from foretype.errors import SettingError
from foretype.serve import address, bind, new_token


def test_the_listener_is_for_this_machine_only() -> None:
    with bind(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        port = listener.getsockname()[1]
        assert address(listener, "abc") == f"http://127.0.0.1:{port}/#abc"
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_answers_are_not_held_back() -> None:
    with bind(0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio looks at


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with bind(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SettingError, match=f"Port {port} is taken.*--port 0"):
            bind(port)


def test_tokens_are_long_and_new_and_fit_an_address() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    # Also what RFC 7230 allows in the name of a sub-protocol.
    assert all(re.fullmatch(r"[\w-]{43,}", token, re.ASCII) for token in tokens)
