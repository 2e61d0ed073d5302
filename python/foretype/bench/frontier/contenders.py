"""What is compared: model files in our engine, and peers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foretype.errors import SettingError
from foretype.model import open_model
from foretype.replay.data import sha256_of
from foretype.replay.peers import LLAMA, Peer, find_peer

_NAME = re.compile(r"[\w.+, -]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One of them, found whole: a model file, or a `peer` that was `asked_for` by name.

    `sha256` is the file's: what was measured of it holds for the same bytes under any name.
    """

    name: str
    file: Path
    sha256: str
    peer: Peer | None = field(default=None, compare=False)
    asked_for: str = ""


def find_contenders(
    files: Sequence[tuple[str, Path]], peers: Iterable[str], *, peer_python: str | None
) -> list[Contender]:
    """In the order given, peers last. Raises ForetypeError before anything is measured."""
    found = [_file(name, file) for name, file in files]
    found += [_peer(name, peer_python) for name in peers]
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise SettingError(f"Two candidates are called {name!r}; give each its own name.")
    return found


def _file(name: str, file: Path) -> Contender:
    if not _NAME.fullmatch(name):
        raise SettingError(f"{name!r} is no name for a candidate: use letters, digits, . _ + -")
    open_model(file).close()
    return Contender(name=name, file=file, sha256=sha256_of(file))


def _peer(name: str, python: str | None) -> Contender:
    if name.partition(":")[0] != LLAMA:
        raise SettingError(f"No peer with a model is called {name!r}; there is {LLAMA}.")
    peer = find_peer(name, python=python)
    file = Path(peer.options["model"])
    return Contender(name=peer.name, file=file, sha256=sha256_of(file), peer=peer, asked_for=name)
