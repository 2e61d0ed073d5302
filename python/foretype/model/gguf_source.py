"""A GGUF file as a Source. Q4_0 and Q4_1 matrices and Q8_0 embeddings lose nothing."""

import hashlib
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt
from gguf import GGMLQuantizationType as Kind

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import HEAD_WIDTH, Config, unsupported
from foretype.model.groups import (
    INT8_LEVELS,
    Dense,
    Int4Groups,
    Int8Groups,
    quantize_int4,
    quantize_int8,
)
from foretype.model.layout import Bytes, Half
from foretype.model.vocabulary import Vocabulary, from_printable

MAGIC = b"GGUF"
GGUF_NAMES = {
    "attention.norm": "attn_norm",
    "attention.query": "attn_q",
    "attention.key": "attn_k",
    "attention.value": "attn_v",
    "attention.output": "attn_output",
    "ffn.norm": "ffn_norm",
    "ffn.gate": "ffn_gate",
    "ffn.up": "ffn_up",
    "ffn.down": "ffn_down",
}
# The values of tokenizer.ggml.pre that split text as SmolLM2 does: single digits, then GPT-2's
# pattern.
KNOWN_SPLITS = frozenset({"smollm", "starcoder", "refact", "command-r"})
ORDINARY_TOKEN = 1  # tokenizer.ggml.token_type; all others are control, unused or added tokens


class GgufSource:
    """Reads one GGUF file; the weights stay on disk until asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = _open(path)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        self._check_kind()
        self.vocabulary = self._read_vocabulary()
        self.config = self._read_config()
        self.config.check()
        self.name = path.stem
        self.licence = str(self._field("general.license", "unknown"))
        self.narrows = False
        self.others_bits: int | None = None

    def matrix(self, name: str) -> Int4Groups:
        """As it stands where the file has 4-bit groups of 32, else quantised."""
        tensor_name = gguf_name(name)
        kind, rows = self._rows(tensor_name)
        if kind == Kind.Q4_1:
            groups = _split_q4_1(rows)
        elif kind == Kind.Q4_0:
            groups = _split_q4_0(rows)
        else:
            groups = quantize_int4(self._dense(tensor_name), name=tensor_name)
        if name.endswith(("attention.query", "attention.key")):
            return groups.take_rows(half_split_order(len(groups.q)))
        return groups

    def dense(self, name: str) -> Dense:
        """A matrix of a layer, or "embedding", in float32 and not quantised again."""
        if name == "embedding":
            return self._dense("token_embd.weight")
        weights = self._dense(gguf_name(name))
        if name.endswith(("attention.query", "attention.key")):
            weights = weights[half_split_order(len(weights))]
        return weights

    def embedding(self) -> Int8Groups:
        """As it stands where the file has Q8_0, else quantised."""
        kind, rows = self._rows("token_embd.weight")
        if kind == Kind.Q8_0:
            groups = _split_q8_0(rows)
            if groups.q.min() >= -INT8_LEVELS:
                return groups
        return quantize_int8(self._dense("token_embd.weight"), name="token_embd.weight")

    def norm(self, name: str) -> Dense:
        """In float32."""
        return self._dense(gguf_name(name)).reshape(-1)

    def sha256(self) -> str:
        """Of the whole file."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _check_kind(self) -> None:
        architecture = self._field("general.architecture", "unknown")
        if architecture != "llama":
            raise unsupported(f"the architecture {architecture!r}; only 'llama' is supported")
        if self._field("split.count", 1) != 1:
            raise unsupported("its weights split over several GGUF files; join them first")
        if "output.weight" in self._tensors:
            raise unsupported("an output head of its own; only tied embeddings are supported")
        if "rope_freqs.weight" in self._tensors or "llama.rope.scaling.type" in self._reader.fields:
            raise unsupported("scaled rotary positions, which are not supported")
        biased = next((name for name in self._tensors if name.endswith(".bias")), None)
        if biased:
            raise unsupported(f"a bias ({biased}), which is not supported")

    def _read_config(self) -> Config:
        width = self._size("llama.embedding_length")
        heads = self._size("llama.attention.head_count")
        head_width = self._field("llama.attention.key_length", None) or width // max(heads, 1)
        first = self._field("tokenizer.ggml.bos_token_id", 0)
        return Config(
            layers=self._size("llama.block_count"),
            width=width,
            heads=heads,
            kv_heads=int(self._field("llama.attention.head_count_kv", heads)),
            head_width=int(head_width),
            ffn_width=self._size("llama.feed_forward_length"),
            vocabulary=len(self.vocabulary.tokens),
            rope_base=_shortest(self._field("llama.rope.freq_base", 10000.0)),
            norm_epsilon=_shortest(self._field("llama.attention.layer_norm_rms_epsilon", 1e-5)),
            begin_token=self.vocabulary.begin_token(otherwise=int(first)),
        )

    def _read_vocabulary(self) -> Vocabulary:
        model = self._field("tokenizer.ggml.model", "unknown")
        if model != "gpt2":
            raise unsupported(f"a {model!r} tokenizer; only byte-level BPE ('gpt2') is supported")
        split = self._field("tokenizer.ggml.pre", "default")
        if split not in KNOWN_SPLITS:
            raise unsupported(f"a tokenizer that splits text as {split!r}, which is not supported")
        texts = self._field("tokenizer.ggml.tokens", [])
        kinds = self._field("tokenizer.ggml.token_type", [ORDINARY_TOKEN] * len(texts))
        specials = [token for token, kind in enumerate(kinds) if kind != ORDINARY_TOKEN]
        merges = [merge.split(" ", 1) for merge in self._field("tokenizer.ggml.merges", [])]
        return from_printable(texts, merges, specials)

    def _field(self, key: str, otherwise: Any) -> Any:
        field = self._reader.fields.get(key)
        return otherwise if field is None else field.contents()

    def _size(self, key: str) -> int:
        value = self._field(key, None)
        if not isinstance(value, int):
            raise ModelError(f"{self._path} does not say its {key}; get the file again.")
        return value

    def _rows(self, name: str) -> tuple[Kind, npt.NDArray[Any]]:
        """Quantised tensors as bytes [rows, bytes of a row], others as numbers."""
        if name not in self._tensors:
            raise ModelError(f"{self._path} lacks the tensor {name}; get the file again.")
        tensor = self._tensors[name]
        return tensor.tensor_type, tensor.data

    def _dense(self, name: str) -> Dense:
        kind, rows = self._rows(name)
        try:
            return np.asarray(gguf.quants.dequantize(rows, kind), np.float32)
        except NotImplementedError as error:
            raise unsupported(f"weights of type {kind.name}, which gguf cannot read") from error


def _open(path: Path) -> gguf.GGUFReader:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ModelError(f"{path} is not a GGUF file.", code=ErrorCode.WRONG_FORMAT)
    return gguf.GGUFReader(path)


def _shortest(value: float) -> float:
    """The number as people wrote it, 1e-05, where the file holds its nearest float32."""
    return float(str(np.float32(value)))


def gguf_name(name: str) -> str:
    """Our name layers.3.ffn.up -> GGUF's blk.3.ffn_up.weight."""
    if name == "final_norm":
        return "output_norm.weight"
    _, layer, part = name.split(".", 2)
    return f"blk.{layer}.{GGUF_NAMES[part]}.weight"


def _split_q4_1(rows: Bytes) -> Int4Groups:
    """Blocks of 20 bytes: scale, minimum, then nibbles (columns 0..15 low, 16..31 high)."""
    blocks = rows.reshape(len(rows), -1, 20)
    return Int4Groups(_nibbles(blocks[:, :, 4:]), _half(blocks[:, :, :2]), _half(blocks[:, :, 2:4]))


def _split_q4_0(rows: Bytes) -> Int4Groups:
    """Blocks of 18 bytes, w = scale * (q - 8): the offset -8 * scale is exact in binary16."""
    blocks = rows.reshape(len(rows), -1, 18)
    scale = _half(blocks[:, :, :2])
    return Int4Groups(_nibbles(blocks[:, :, 2:]), scale, scale * np.float16(-8))


def _split_q8_0(rows: Bytes) -> Int8Groups:
    """Blocks of 34 bytes: scale, then 32 integers."""
    blocks = rows.reshape(len(rows), -1, 34)
    q = np.ascontiguousarray(blocks[:, :, 2:]).view(np.int8)
    return Int8Groups(q.reshape(len(rows), -1), _half(blocks[:, :, :2]))


def _nibbles(packed: Bytes) -> Bytes:
    """[rows, groups, 16] -> [rows, columns]."""
    q = np.concatenate([packed & 15, packed >> 4], axis=-1)
    return q.reshape(len(q), -1)


def _half(two_bytes: Bytes) -> Half:
    return np.ascontiguousarray(two_bytes).view("<f2")[..., 0]


def half_split_order(rows: int) -> npt.NDArray[np.intp]:
    """Row numbers in GGUF's interleaved rope order, listed in half-split order.

    Within a head GGUF has (0, 32), (1, 33), ... side by side; we keep 0..31, then 32..63.
    """
    order = np.arange(rows, dtype=np.intp).reshape(-1, HEAD_WIDTH // 2, 2)
    return order.transpose(0, 2, 1).reshape(-1)
