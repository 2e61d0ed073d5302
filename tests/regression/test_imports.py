"""Imports go one way, as ARCHITECTURE.md says; a step of the keystroke knows only earlier steps."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core" / "src"
PACKAGE = ROOT / "python" / "foretype"

# Folder of the core -> the folders it may include from, beside itself and the public headers.
CORE_MAY_INCLUDE = {
    "context": set(),
    "kernels": set(),
    "propose/trie": {"context"},
    "propose/lm": {"context", "kernels", "statistics"},
    "propose": {"context", "propose/trie", "propose/lm"},
    "profile": {"context", "propose/trie", "rank", "gate"},
    "statistics": {"context", "profile"},
    "outcome": {"context", "propose/trie", "profile", "statistics"},
    "rank": {"context", "propose", "propose/trie", "propose/lm", "outcome"},
    "gate": {"context", "rank", "outcome"},
}
# The engine and its session, the files directly in src: every step in order.
CORE_MAY_INCLUDE[""] = set(CORE_MAY_INCLUDE)

# The core has no I/O, clock, randomness, threads: bytes, time and seed come in.
FORBIDDEN_HEADERS = {
    "chrono", "condition_variable", "cstdio", "ctime", "filesystem", "fstream", "future",
    "iostream", "mutex", "random", "stdio.h", "thread", "time.h", "unistd.h",
}  # fmt: skip

# Part of the package -> the parts it may import, beside itself, errors and the public names.
# serve and cli are leaves: nothing but cli imports them.
PACKAGE_MAY_IMPORT = {
    "errors": set(),
    "foretype": {"_engine", "_field", "_session", "_profile", "_suggestion"},
    "_text": set(),
    "_suggestion": {"_text"},
    "_field": {"_core"},
    "_profile": {"_core", "_text", "profile"},
    "_session": {"_core", "_profile", "_suggestion", "_text"},
    "_engine": {
        "_core",
        "_field",
        "_session",
        "_profile",
        "_text",
        "background",
        "model",
        "profile",
    },
    "background": {"_core", "model"},
    "model": {"_core"},
    "export": {"model"},
    "profile": {"_core", "_profile", "_text", "model"},
    "reference": {"export", "model"},
    "past": set(),
    "statistics": {"foretype", "model", "profile"},
    "inspect": {"foretype", "_core", "_text", "model", "profile", "statistics"},
    # Public names and the model's files; what a session holds inside stays unseen.
    "replay": {"foretype", "model"},
    "bench": {"foretype", "_core", "export", "model", "replay"},
    "compress": {"model", "_core", "statistics"},
    "serve": {"foretype", "profile"},
    "cli": {
        "foretype",
        "_core",
        "background",
        "compress",
        "export",
        "inspect",
        "model",
        "past",
        "profile",
        "replay",
        "bench",
        "serve",
        "statistics",
    },
}


def part_of_core(path: Path) -> str:
    """propose/lm for src/propose/lm/cache.h; the empty text for src/engine.cpp."""
    return path.parent.relative_to(CORE).as_posix().replace(".", "")


def includes(path: Path, quote: str) -> Iterator[str]:
    return iter(re.findall(rf"^\s*#\s*include\s*{quote}", path.read_text("utf-8"), re.MULTILINE))


def core_files() -> list[Path]:
    return sorted(path for path in CORE.rglob("*") if path.suffix in {".h", ".cpp"})


@pytest.mark.parametrize("path", core_files(), ids=lambda path: path.relative_to(CORE).as_posix())
def test_core_includes_go_one_way(path: Path) -> None:
    part = part_of_core(path)
    allowed = CORE_MAY_INCLUDE[part] | {part}
    for included in includes(path, r'"([^"]+)"'):
        if included.startswith("foretype/"):
            continue
        assert part_of_core(CORE / included) in allowed, f"{part or 'engine'} includes {included}"


@pytest.mark.parametrize("path", core_files(), ids=lambda path: path.relative_to(CORE).as_posix())
def test_core_is_pure(path: Path) -> None:
    assert not FORBIDDEN_HEADERS & set(includes(path, r"<([^>]+)>"))


def part_of_package(module: str) -> str | None:
    """The second name of a module of ours, e.g. model for foretype.model.convert."""
    names = module.split(".")
    if names[0] != "foretype":
        return None
    return names[1] if len(names) > 1 else "foretype"


def imported_parts(path: Path) -> set[str]:
    parts = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            parts |= {part_of_package(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: relative import"
            parts |= parts_of_from(node)
    return parts - {None}


def parts_of_from(node: ast.ImportFrom) -> set[str | None]:
    """`from foretype import model` names a part; `from foretype import Engine` the public names."""
    if node.module != "foretype":
        return {part_of_package(node.module or "")}
    names = {alias.name for alias in node.names}
    return {name if name in PACKAGE_MAY_IMPORT or name == "_core" else "foretype" for name in names}


def package_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    "path", package_files(), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_package_imports_go_one_way(path: Path) -> None:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    part = "foretype" if first == "__init__" else first
    allowed = PACKAGE_MAY_IMPORT[part] | {part, "errors"}
    assert imported_parts(path) <= allowed
