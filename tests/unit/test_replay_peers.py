"""Peers: which there are, and the threshold at which they keep quiet enough."""

from pathlib import Path

import pytest

from foretype.errors import SettingError
from foretype.replay.llama.files import PYTHON_VARIABLE, peer_python
from foretype.replay.peers import SHOWS_NOTHING, find_peer, quiet_threshold
from foretype.replay.simulate import MessageCounts


def outcome(words: int, shows: list[tuple[float, bool]]) -> dict[str, object]:
    placed = [(0, 0, probability, right, not right) for probability, right in shows]
    return {"counts": [MessageCounts(0, 0, words, 0, 0, 0, 0)], "shows": placed}


@pytest.mark.parametrize(
    ("words", "shows", "expected"),
    [
        (100, [], SHOWS_NOTHING),
        (9, [(0.9, False)], SHOWS_NOTHING),
        (10, [(0.9, False), (0.8, True), (0.7, False), (0.6, True)], 0.8),
        (20, [(0.9, False), (0.8, True), (0.7, False), (0.6, True)], 0.6),
        (20, [(0.1, False), (0.9, True), (0.5, False), (0.3, False)], 0.3),
    ],
)
def test_the_lowest_threshold_that_keeps_to_ten_in_a_hundred(
    words: int, shows: list[tuple[float, bool]], expected: float
) -> None:
    assert quiet_threshold([outcome(words, shows)]) == expected


@pytest.mark.parametrize("name", ["prestige", "llama.cpp:Q2_K", "ibus-typing-booster:x", ""])
def test_a_peer_that_does_not_exist(name: str) -> None:
    with pytest.raises(SettingError, match=r"llama\.cpp:Q4_0.*ibus-typing-booster:default"):
        find_peer(name, python=None)


def test_a_peer_without_a_kind_is_the_default_one() -> None:
    peer = find_peer("ibus-typing-booster", python=None)
    assert peer == find_peer("ibus-typing-booster:default", python=None)
    assert peer != find_peer("ibus-typing-booster:favoured", python=None)
    assert "top3" in peer.runs


def test_a_python_without_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PYTHON_VARIABLE, raising=False)
    with pytest.raises(SettingError, match="--peer-python"):
        peer_python("/bin/false")
    with pytest.raises(SettingError, match="No such file"):
        peer_python("/none/such")


def test_the_python_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    willing = tmp_path / "python"
    willing.write_text("#!/bin/sh\nexit 0\n")
    willing.chmod(0o755)
    monkeypatch.setenv(PYTHON_VARIABLE, str(willing))
    assert peer_python(None) == str(willing)
