"""What README.md shows must run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


def code_blocks(markdown: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)


def test_python_example_completes_the_users_own_word(root: Path, model_path: Path) -> None:
    [example] = code_blocks((root / "README.md").read_text("utf-8"), "python")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("trel")


def test_commands_are_targets(root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"\bmake ([a-z]+)\b", (root / "README.md").read_text("utf-8"))
    assert {"play", "test"} <= set(named) <= targets


LINKED_FROM = ["README.md", "ARCHITECTURE.md"]


@pytest.mark.parametrize("page", LINKED_FROM)
def test_links_lead_somewhere(root: Path, page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (root / page).read_text("utf-8"))
    assert links
    assert not [link for link in links if not (root / link).exists()]
