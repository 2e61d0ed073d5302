"""llama.cpp as a completer of words: the program that runs in the peer's own Python.

Needs llama-cpp-python and numpy, nothing of Foretype. `python process.py quantize SOURCE
TARGET TYPE` makes a model file. `python process.py MODEL` answers JSON lines, one
for each: {"do": "begin", "earlier"}, {"do": "suggest", "text"}, {"do": "remember", "text"},
{"do": "score", "text", "before"}, {"do": "resident"}, {"do": "decode", "prompt", "tokens"}.

What makes it a fair peer: one thread; the prompt cache reads only what changed; what the
author wrote before stands before the text; the caret's word is healed (the model chooses among
the tokens that agree with the typed letters); no forward pass while the user types along the
ghost text.
"""

import bisect
import ctypes
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

llama_cpp: Any = importlib.import_module("llama_cpp")

Logits = npt.NDArray[np.float32]
Tokens = list[int]

CONTEXT_TOKENS = 1024
BATCH_TOKENS = 512
SCORE_TOKENS = 64  # at a time: each has a row of logits as wide as the vocabulary
MEMORY_TOKENS = 256  # at least, of what the author wrote before
MEMORY_LIMIT = 640  # the memory grows to this before it is cut back: the cache stays valid
WORD_TOKENS = 12  # a word longer than this is cut off
SEPARATOR = "\n\n"


class Model:
    """The weights, and a context whose cache keeps what was read last."""

    def __init__(self, path: str) -> None:
        self._model = llama_cpp.llama_model_load_from_file(
            path.encode(), llama_cpp.llama_model_default_params()
        )
        if not self._model:
            raise SystemExit(f"llama.cpp cannot load {path}")
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = CONTEXT_TOKENS
        options.n_batch = options.n_ubatch = BATCH_TOKENS
        options.n_threads = options.n_threads_batch = 1
        options.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
        self._context = llama_cpp.llama_init_from_model(self._model, options)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._batch = llama_cpp.llama_batch_init(BATCH_TOKENS, 0, 1)
        self.size: int = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self.begin: int = llama_cpp.llama_vocab_bos(self._vocabulary)
        self._cached: Tokens = []

    def tokens(self, text: str) -> Tokens:
        """Tokens of a text, without a begin token."""
        data = text.encode("utf-8", "replace")
        room = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(
            self._vocabulary, data, len(data), room, len(room), False, False
        )
        return list(room[:count])

    def piece(self, token: int) -> bytes:
        """The bytes of a token; none for a control token."""
        room = ctypes.create_string_buffer(256)
        length = llama_cpp.llama_token_to_piece(self._vocabulary, token, room, 256, 0, False)
        return room.raw[: max(0, length)]

    def read(self, tokens: Tokens) -> Logits:
        """Logits after `tokens`, shape (vocabulary,), valid until the next read."""
        shared = _common(self._cached, tokens[:-1])
        self.keep(shared)
        for start in range(shared, len(tokens), BATCH_TOKENS):
            self._decode(tokens[start : start + BATCH_TOKENS], every=False)
        return self._logits(len(tokens) - 1 - start)

    def score(self, before: Tokens, text: Tokens) -> float:
        """Nats of the tokens `text` after `before`."""
        self.keep(0)
        tokens = (before + text)[-CONTEXT_TOKENS:]
        first = max(1, len(tokens) - len(text))
        nats = 0.0
        for start in range(0, len(tokens), SCORE_TOKENS):
            chunk = tokens[start : start + SCORE_TOKENS]
            self._decode(chunk, every=True)
            for offset in range(len(chunk)):
                target = start + offset + 1
                if first <= target < len(tokens):
                    logits = self._logits(offset)
                    nats += _log_sum(logits) - float(logits[tokens[target]])
        return nats

    def keep(self, count: int) -> None:
        """Keep the first `count` tokens of what was read, forget the rest."""
        del self._cached[count:]
        memory = llama_cpp.llama_get_memory(self._context)
        llama_cpp.llama_memory_seq_rm(memory, 0, count, -1)

    def _decode(self, tokens: Tokens, *, every: bool) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = len(self._cached) + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = every or index == len(tokens) - 1
        if llama_cpp.llama_decode(self._context, batch):
            raise SystemExit("llama.cpp could not decode")
        self._cached += tokens

    def _logits(self, index: int) -> Logits:
        pointer = llama_cpp.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, (self.size,))


class Vocabulary:
    """Tokens by their bytes, to find those that agree with typed letters."""

    def __init__(self, model: Model) -> None:
        self.pieces = [model.piece(token) for token in range(model.size)]
        known = sorted((piece, token) for token, piece in enumerate(self.pieces) if piece)
        self._sorted = [piece for piece, _ in known]
        self._tokens = np.array([token for _, token in known])
        self._token_of = dict(known)

    def agreeing(self, typed: bytes) -> npt.NDArray[np.int64]:
        """Tokens that begin with the bytes `typed`; if none, those that `typed` begins with."""
        low = bisect.bisect_left(self._sorted, typed)
        high = bisect.bisect_left(self._sorted, typed + b"\xff" * 8)
        if low < high:
            return self._tokens[low:high]
        shorter = [
            self._token_of[typed[:length]]
            for length in range(1, len(typed))
            if typed[:length] in self._token_of
        ]
        return np.array(shorter, dtype=np.int64)


class Completer:
    """Proposes the rest of the word at the caret, or the next word."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._vocabulary = Vocabulary(model)
        self.begin_author("")

    def begin_author(self, earlier: str) -> None:
        """Another author; `earlier` is the end of what they wrote."""
        self._memory = self._model.tokens(earlier)[-MEMORY_TOKENS:]
        self._shown = ("", "", 0.0)
        self._anchor: tuple[Tokens, Logits] = ([], np.zeros(0, dtype=np.float32))

    def remember(self, text: str) -> None:
        """A finished message, from now on read before the next ones."""
        self._memory += self._model.tokens(text + SEPARATOR)
        if len(self._memory) > MEMORY_LIMIT:
            self._memory = self._memory[-MEMORY_TOKENS:]
        self._shown = ("", "", 0.0)

    def suggest(self, text: str) -> tuple[str, float]:
        """(ghost text, probability) of the next word; ("", 0.0) for none."""
        before, ghost, probability = self._shown
        typed = text[len(before) :] if text.startswith(before) else None
        if typed and ghost.startswith(typed) and len(ghost) > len(typed):
            ghost = ghost[len(typed) :]
        elif typed != "":
            ghost, probability = self._complete(text)
        self._shown = (text, ghost, probability)
        return ghost, probability

    def _complete(self, text: str) -> tuple[str, float]:
        border = _healing_border(text)
        typed = text[border:].encode("utf-8", "replace")
        context = self._fit(self._model.tokens(text[:border]))
        word, probability = self._word(context, typed)
        if word == typed:  # the word is whole: offer the next one
            word, more = self._word(context, typed + b" ")
            probability *= more
        try:
            ghost = word[len(typed) :].decode()
        except UnicodeDecodeError:
            return "", 0.0
        return (ghost, probability) if ghost.strip() else ("", 0.0)

    def _word(self, context: Tokens, typed: bytes) -> tuple[bytes, float]:
        """The likeliest continuation of `context` that agrees with `typed`, to a word's end."""
        word, probability, rest = b"", 1.0, typed
        tokens = list(context)
        for _ in range(WORD_TOKENS):
            logits = self._read(tokens)
            token, share = self._choose(logits, rest)
            piece = self._vocabulary.pieces[token]
            if not rest and word and not _continues(piece):
                break
            word += piece
            rest = rest[len(piece) :]
            probability *= share
            tokens.append(token)
            if not piece:
                break
        return word, probability

    def _choose(self, logits: Logits, typed: bytes) -> tuple[int, float]:
        """The likeliest token, and its share among those that agree with `typed`."""
        if not typed:
            token = int(logits.argmax())
            return token, float(np.exp(logits[token] - _log_sum(logits)))
        allowed = self._vocabulary.agreeing(typed)
        if not len(allowed):
            return self._model.begin, 0.0
        shares = logits[allowed]
        best = int(shares.argmax())
        return int(allowed[best]), float(np.exp(shares[best] - _log_sum(shares)))

    def _read(self, tokens: Tokens) -> Logits:
        """Logits; those at the last word's start are kept, since every letter asks for them."""
        if self._anchor[0] == tokens:
            return self._anchor[1]
        logits = self._model.read(tokens)
        if len(tokens) == self._context_length:
            self._anchor = (tokens[:], logits.copy())
            return self._anchor[1]
        return logits

    def _fit(self, message: Tokens) -> Tokens:
        """Begin, memory, message; cut in large steps at the front where it is too long."""
        room = CONTEXT_TOKENS - WORD_TOKENS - 2
        tokens = self._memory + message
        over = len(tokens) - room
        if over > 0:
            tokens = tokens[-(-over // MEMORY_TOKENS) * MEMORY_TOKENS :]
        self._context_length = len(tokens) + 1
        return [self._model.begin, *tokens]


def _healing_border(text: str) -> int:
    """Where the caret's word begins, its one leading space included."""
    start = len(text)
    while start and not text[start - 1].isspace():
        start -= 1
    return start - 1 if start and text[start - 1] == " " else start


def _continues(piece: bytes) -> bool:
    """Whether a token goes on with the word before it."""
    text = piece.decode("utf-8", "ignore") if piece else " "
    return text[:1].isalnum() or (text[:1] in "'-\u2019" and text[1:2].isalnum())


def _common(one: Tokens, other: Tokens) -> int:
    """How many tokens both begin with."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _log_sum(logits: Logits) -> float:
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - top).sum()))


def _resident_bytes() -> int | None:
    try:
        rows = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(row.split()[1]) * 1024 for row in rows if row.startswith("VmRSS")), None)


def decode_seconds(model: Model, prompt: int, tokens: int) -> dict[str, float]:
    """Processor seconds to read `prompt` tokens at once, then to decode `tokens` greedily."""
    read = [(7919 * index) % 40000 + 300 for index in range(prompt)]
    model.keep(0)
    start = time.process_time()
    token = int(model.read(read).argmax())
    prompted = time.process_time()
    for _ in range(tokens):
        read.append(token)
        token = int(model.read(read).argmax())
    return {"prompt_s": prompted - start, "decode_s": time.process_time() - prompted}


def answer(model: Model, completer: Completer, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one line."""
    match request["do"]:
        case "begin":
            completer.begin_author(request["earlier"])
        case "remember":
            completer.remember(request["text"])
        case "suggest":
            wall, processor = time.perf_counter(), time.process_time()
            text, probability = completer.suggest(request["text"])
            return {
                "text": text,
                "probability": probability,
                "ms": (time.perf_counter() - wall) * 1e3,
                "processor_ms": (time.process_time() - processor) * 1e3,
            }
        case "score":
            before = [model.begin, *model.tokens(request["before"])]
            return {"nats": model.score(before, model.tokens(request["text"]))}
        case "resident":
            return {"bytes": _resident_bytes()}
        case "decode":
            return decode_seconds(model, request["prompt"], request["tokens"])
    return {}


def serve(path: str) -> None:
    """Answer requests until the input ends; nothing else may write to standard output."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    model = Model(path)
    completer = Completer(model)
    print(json.dumps({"version": llama_cpp.__version__}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(model, completer, json.loads(line))), file=out, flush=True)


def quantize(source: str, target: str, kind: str) -> int:
    """Make a file of another quantisation; 0 if it went well."""
    options = llama_cpp.llama_model_quantize_default_params()
    options.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{kind}")
    options.allow_requantize = True
    options.nthread = 1
    code: int = llama_cpp.llama_model_quantize(
        source.encode(), target.encode(), ctypes.byref(options)
    )
    return code


def _quiet(level: int, text: bytes, user_data: object) -> None:
    """llama.cpp tells a great deal."""


if __name__ == "__main__":
    quiet = llama_cpp.llama_log_callback(_quiet)  # kept as long as llama.cpp may call it
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    if sys.argv[1] == "quantize":
        sys.exit(quantize(*sys.argv[2:]))
    serve(sys.argv[1])
