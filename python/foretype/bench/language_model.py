"""Decoding and prompt rate of the language model, for each kernel, beside a peer.

Seconds are those of the processor, not of the clock: with one thread they are the same on an
idle machine, and on a busy one they are still right. Runs alternate A B A B, so that a machine
that slows down slows both.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foretype import _core
from foretype.bench.measured import circumstances, rate, ratio
from foretype.bench.step_peer import RUNTIMES, step_peer
from foretype.errors import ForetypeError, SettingError
from foretype.model import MappedModel, default_path, open_model, original_path
from foretype.replay.llama.files import ORIGIN, model_file, peer_python
from foretype.replay.llama.system import LlamaProcess

KERNELS = ("avx512vnni", "avx2", "neon", "scalar")
SLOW_KERNELS = ("scalar",)  # the reference: a few tokens tell
SLOW_TOKENS = 8

PROMPT_TOKENS = 128
DECODED_TOKENS = 128
RUNS = 8
PEER = "llama.cpp"
FULL_HEAD = "full head"
WORD_START_HEAD = "word-start head"


@dataclass(slots=True)
class Times:
    """Seconds of the runs made so far of one subject."""

    prompt_s: list[float] = field(default_factory=list)
    decode_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Subject:
    """Something that reads a prompt and decodes: `run(prompt, tokens)` gives both times."""

    name: str
    tokens: int
    run: Callable[[int, int], tuple[float, float]]
    facts: dict[str, Any]
    times: Times = field(default_factory=Times)


def measure(
    *,
    model: Path | None,
    kernels: Sequence[str],
    peers: Sequence[str],
    python: str | None,
    runs: int,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Rates of every subject, and ours as a multiple of each peer's. Raises ForetypeError."""
    subjects = ours(model, kernels)
    others = [peer_subject(name, python, model=model) for name in peers]
    take_turns([*subjects, *others], runs=runs, tell=tell)
    return circumstances() | {
        "seconds": "processor time, one thread",
        "prompt_tokens": PROMPT_TOKENS,
        "runs": runs,
        "subjects": {subject.name: rates(subject) for subject in (*subjects, *others)},
        "decoding_rate_ratio": {
            f"{subject.name} / {other.name}": ratio(seconds_each(subject), seconds_each(other))
            for other in others
            for subject in subjects
        },
    }


def take_turns(subjects: Sequence[Subject], *, runs: int, tell: Callable[[str], None]) -> None:
    """Time every subject so many times, each once a round."""
    for number in range(runs):
        tell(f"run {number + 1} of {runs}")
        for subject in subjects:
            prompt_s, decode_s = subject.run(PROMPT_TOKENS, subject.tokens)
            subject.times.prompt_s.append(prompt_s)
            subject.times.decode_s.append(decode_s)


def ours(model: Path | None, kernels: Sequence[str]) -> list[Subject]:
    """The engine with each kernel that can run here, with the whole head and a part of it."""
    opened = open_model(model or default_path())
    subjects = []
    for name in kernels or KERNELS:
        try:
            subjects += subjects_of(opened, name=name, kernels=name)
        except ForetypeError:
            if kernels:
                raise
    if not subjects:
        raise SettingError("None of the kernels can run on this processor.")
    return subjects


def subjects_of(model: MappedModel, *, name: str, kernels: str) -> list[Subject]:
    """One model, with the whole head and a part of it. Raises ForetypeError."""
    vocabulary = int(json.loads(model.header())["__metadata__"]["vocabulary"])
    engine = _core.Engine(model.buffer, None, kernels)
    tokens = SLOW_TOKENS if kernels in SLOW_KERNELS else DECODED_TOKENS
    return [
        Subject(f"{name}, {head}", tokens, _decoder(engine, vocabulary, words_only), {"head": head})
        for words_only, head in ((False, FULL_HEAD), (True, WORD_START_HEAD))
    ]


def _decoder(
    engine: "_core.Engine", vocabulary: int, words_only: bool
) -> Callable[[int, int], tuple[float, float]]:
    def run(prompt: int, tokens: int) -> tuple[float, float]:
        read = [7919 * index % vocabulary for index in range(prompt)]
        start = time.process_time()
        engine.decode(read, 1, words_only)
        prompted = time.process_time()
        engine.decode(read, 1 + tokens, words_only)
        both = time.process_time() - prompted
        return prompted - start, both - (prompted - start)

    return run


def peer_subject(name: str, python: str | None, *, model: Path | None = None) -> Subject:
    """The peer, its process started. Raises ForetypeError.

    llama.cpp has its own model files; the others run `model`, by default the one that the default
    one was made from, which they can compute.
    """
    system, _, kind = name.partition(":")
    if system in RUNTIMES:
        return _step_subject(system, kind, python, model or original_path())
    if system != PEER:
        raise SettingError(
            f"No peer is called {name!r}; there are {PEER}, {', '.join(RUNTIMES)}, and {PEER}:Q8_0."
        )
    kind = kind or "Q4_0"
    program = peer_python(python)
    process = LlamaProcess(program, str(model_file(kind, python=program)))

    def run(prompt: int, tokens: int) -> tuple[float, float]:
        answer = process.ask("decode", prompt=prompt, tokens=tokens)
        return answer["prompt_s"], answer["decode_s"]

    facts = {
        "head": FULL_HEAD,
        "version": f"llama-cpp-python {process.version}",
        "model": f"{kind}, {ORIGIN}",
        "flash_attention": True,
        "batch_tokens": 512,
    }
    return Subject(f"{PEER} {kind}", DECODED_TOKENS, run, facts)


def _step_subject(system: str, kind: str, python: str | None, model: Path) -> Subject:
    context = PROMPT_TOKENS + DECODED_TOKENS
    peer = step_peer(system, kind, model=model, python=python, context=context)
    return Subject(peer.name, DECODED_TOKENS, peer.run, {"head": FULL_HEAD, **peer.facts})


def rates(subject: Subject) -> dict[str, Any]:
    """Tokens a second, median and best of the runs."""
    return (
        subject.facts
        | {"decoded_tokens": subject.tokens}
        | rate(subject.tokens, subject.times.decode_s, name="decoded_tokens")
        | rate(PROMPT_TOKENS, subject.times.prompt_s, name="prompt_tokens")
    )


def seconds_each(subject: Subject) -> list[float]:
    """Seconds for one token, run by run."""
    return [seconds / subject.tokens for seconds in subject.times.decode_s]
