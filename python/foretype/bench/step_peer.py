"""Other runtimes with our model, exported for them: ONNX Runtime and LiteRT.

The exported file is made once for each model and kept in the cache. What a peer answers is
compared with what we answer before anything is timed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretype import _core
from foretype.errors import ForetypeError, SettingError
from foretype.export import export_steps
from foretype.model import open_model, read_info
from foretype.model.places import cache_folder
from foretype.model.tokenizer import open_tokenizer
from foretype.replay.llama.files import peer_python
from foretype.replay.llama.system import LlamaProcess

PROGRAM = Path(__file__).with_name("step_process.py")
# Made up. A text, because a model is sure of what follows in one, and ties prove nothing.
TEXT = (
    "Dear Ms Smith, thank you for your letter of 12 March. I am sorry that the delivery has not "
    "arrived yet. We will look into it and let you know as soon as possible. Kind regards"
)
LEAST_AGREEMENT = 0.6  # of next tokens; 8 bits with one scale for a row agree at 0.85


@dataclass(frozen=True)
class Runtime:
    """Where a runtime comes from and what it reads."""

    format: str
    suffix: str
    module: str
    package: str


RUNTIMES = {
    "onnxruntime": Runtime("onnx", ".onnx", "onnxruntime", "onnxruntime"),
    "litert": Runtime("litert", ".tflite", "ai_edge_litert", "ai-edge-litert"),
}
TYPES = ("int8", "f32")


@dataclass(frozen=True)
class StepPeer:
    """A peer, its process started and its answers checked."""

    name: str
    run: Callable[[int, int], tuple[float, float]]  # (tokens read, decoded) -> seconds of both
    facts: dict[str, Any]


def step_peer(system: str, kind: str, *, model: Path, python: str | None, context: int) -> StepPeer:
    """Start `system` with `model` in numbers of `kind`. Raises ForetypeError."""
    runtime, kind = RUNTIMES[system], kind or TYPES[0]
    if kind not in TYPES:
        raise SettingError(f"{system} is run as {' or '.join(TYPES)}, not {kind!r}.")
    program = peer_python(python, needs=(runtime.module, "numpy"), package=runtime.package)
    file = exported(model, runtime, kind, context)
    process = LlamaProcess(program, str(file), program=PROGRAM)
    agreement = _checked(process, model)
    vocabulary = read_info(model).config.vocabulary

    def run(prompt: int, tokens: int) -> tuple[float, float]:
        read = [7919 * index % vocabulary for index in range(prompt)]
        answer = process.ask("decode", read=read, tokens=tokens)
        return answer["prompt_s"], answer["decode_s"]

    facts = {
        "version": process.version,
        "model": f"the same weights, dense, as {kind}",
        "file_bytes": file.stat().st_size,
        "prompt": "one token at a time",
        "cache_tokens": context,
        "next_token_as_ours": round(agreement, 3),
    }
    return StepPeer(f"{system} {kind}", run, facts)


def exported(model: Path, runtime: Runtime, kind: str, context: int) -> Path:
    """The model in the runtime's format, made if it is not in the cache yet."""
    digest = read_info(model).sha256[:12]
    name = f"{model.name.split('.')[0]}-{digest}.{kind}.{context}{runtime.suffix}"
    target = cache_folder() / "peers" / name
    if not target.is_file():
        export_steps(model, target, to=runtime.format, numbers=kind, context=context)
    return target


def _checked(process: LlamaProcess, model: Path) -> float:
    """The share of next tokens that are ours. Raises ForetypeError if it is another model."""
    begin = read_info(model).config.begin_token
    tokens = [begin, *open_tokenizer(model).encode(TEXT.encode())]
    theirs = process.ask("next", tokens=tokens)["next"]
    agreement = _agreement(theirs, next_tokens(model, tokens))
    if agreement < LEAST_AGREEMENT:
        raise ForetypeError(
            f"{process.version} says another next token than we at {1 - agreement:.0%} of the "
            "places of a text; it is not timed."
        )
    return agreement


def next_tokens(model: Path, tokens: Sequence[int]) -> list[int]:
    """What our engine finds likeliest after each of the tokens."""
    engine = _core.Engine(open_model(model).buffer, None, "")
    return [engine.decode(tokens[: end + 1], 1, False)[-1] for end in range(len(tokens))]


def _agreement(one: Sequence[int], other: Sequence[int]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
