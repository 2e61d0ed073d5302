"""`foretype play` as a process: starts, prints its address, ends with Ctrl-C."""

import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from foretype.cli import main
from foretype.serve import bind

FORETYPE = [sys.executable, "-c", "import sys; from foretype.cli import main; sys.exit(main())"]
PLAY = [*FORETYPE, "play", "--no-open", "--no-language-model", "--no-profile", "--port", "0"]


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_play_prints_its_address_and_ends_with_ctrl_c() -> None:
    with subprocess.Popen(PLAY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as play:
        assert play.stdout is not None
        printed = ""
        while (found := re.search(r"(http://127\.0\.0\.1:\d+/)#[\w-]{43}", printed)) is None:
            line = play.stdout.readline()
            assert line, play.stderr.read() if play.stderr else ""
            printed += line
        with urllib.request.urlopen(found[1], timeout=10) as page:
            assert b"Foretype" in page.read()
        play.send_signal(signal.SIGINT)
        _, complaints = play.communicate(timeout=20)
    assert complaints == ""
    assert play.returncode == 0


def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with bind(0) as listener:
        port = str(listener.getsockname()[1])
        assert main(["play", "--no-open", "--no-language-model", "--port", port]) == 1
    assert capsys.readouterr().err.startswith(f"foretype: Port {port} is taken")


def test_a_missing_model_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.safetensors"
    assert main(["play", "--no-open", "--port", "0", "--model", str(missing)]) == 1
    complaint = capsys.readouterr().err
    assert str(missing) in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "65536", "http", "1.5", ""])
def test_a_strange_port_is_a_matter_of_usage(port: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["play", "--port", port])
    assert ended.value.code == 2
