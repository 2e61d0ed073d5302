"""A folder as Hugging Face keeps models: config.json, tokenizer.json and safetensors files."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import Config, unsupported
from foretype.model.dense_tensors import DenseTensors
from foretype.model.groups import (
    Dense,
    Int4Groups,
    Int8Groups,
    quantize_int4,
    quantize_int8,
)
from foretype.model.vocabulary import Vocabulary, from_printable

HUGGINGFACE_NAMES = {
    "attention.norm": "input_layernorm",
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.output": "self_attn.o_proj",
    "ffn.norm": "post_attention_layernorm",
    "ffn.gate": "mlp.gate_proj",
    "ffn.up": "mlp.up_proj",
    "ffn.down": "mlp.down_proj",
}
EMBEDDING = "model.embed_tokens.weight"
DEFAULT_ROPE_BASE = 10000.0
DEFAULT_NORM_EPSILON = 1e-6


class HuggingFaceSource:
    """Reads one folder. Query and key rows stand in half-split order there already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = _read_json(folder / "config.json")
        self._check_kind()
        self._files = [DenseTensors(path) for path in _weight_files(folder)]
        self.vocabulary = _read_vocabulary(folder / "tokenizer.json", self._size("vocab_size"))
        self.config = self._read_config()
        self.config.check()
        self.name = folder.resolve().name
        self.licence = _licence(folder / "README.md")
        self.narrows = False
        self.others_bits: int | None = None

    def matrix(self, name: str) -> Int4Groups:
        """Quantised."""
        return quantize_int4(self._dense(huggingface_name(name)), name=name)

    def dense(self, name: str) -> Dense:
        """A matrix of a layer, or "embedding", in float32 and not quantised."""
        return self._dense(EMBEDDING if name == "embedding" else huggingface_name(name))

    def embedding(self) -> Int8Groups:
        """Quantised."""
        return quantize_int8(self._dense(EMBEDDING), name=EMBEDDING)

    def norm(self, name: str) -> Dense:
        """In float32."""
        return self._dense(huggingface_name(name))

    def sha256(self) -> str:
        """Of the weight files, one after the other in the order of their names."""
        digest = hashlib.sha256()
        for file in self._files:
            digest.update(file.bytes.data)
        return digest.hexdigest()

    def _check_kind(self) -> None:
        kind = self._settings.get("model_type", "unknown")
        if kind != "llama":
            raise unsupported(f"the architecture {kind!r}; only 'llama' is supported")
        if not self._settings.get("tie_word_embeddings", False):
            raise unsupported("an output head of its own; only tied embeddings are supported")
        if self._settings.get("hidden_act", "silu") != "silu":
            raise unsupported("an activation other than SiLU, which is not supported")
        if self._settings.get("attention_bias") or self._settings.get("mlp_bias"):
            raise unsupported("biases, which are not supported")
        if self._rope().get("rope_type", "default") != "default":
            raise unsupported("scaled rotary positions, which are not supported")

    def _rope(self) -> dict[str, Any]:
        """Newer configurations say `rope_parameters`, older ones `rope_scaling`."""
        found = self._settings.get("rope_parameters") or self._settings.get("rope_scaling") or {}
        return {"rope_type": found.get("type", "default"), **found}

    def _read_config(self) -> Config:
        width, heads = self._size("hidden_size"), self._size("num_attention_heads")
        base = self._rope().get("rope_theta", self._settings.get("rope_theta", DEFAULT_ROPE_BASE))
        first = self._settings.get("bos_token_id") or 0
        return Config(
            layers=self._size("num_hidden_layers"),
            width=width,
            heads=heads,
            kv_heads=int(self._settings.get("num_key_value_heads") or heads),
            head_width=int(self._settings.get("head_dim") or width // max(heads, 1)),
            ffn_width=self._size("intermediate_size"),
            vocabulary=len(self.vocabulary.tokens),
            rope_base=float(base),
            norm_epsilon=float(self._settings.get("rms_norm_eps", DEFAULT_NORM_EPSILON)),
            begin_token=self.vocabulary.begin_token(otherwise=int(first)),
        )

    def _size(self, key: str) -> int:
        value = self._settings.get(key)
        if not isinstance(value, int):
            raise ModelError(f"{self._folder / 'config.json'} does not say its {key}.")
        return value

    def _dense(self, name: str) -> Dense:
        for file in self._files:
            if name in file:
                return file.tensor(name)
        raise ModelError(f"{self._folder} lacks the tensor {name}; get the folder again.")


def huggingface_name(name: str) -> str:
    """Our name layers.3.ffn.up -> model.layers.3.mlp.up_proj.weight."""
    if name == "final_norm":
        return "model.norm.weight"
    _, layer, part = name.split(".", 2)
    return f"model.layers.{layer}.{HUGGINGFACE_NAMES[part]}.weight"


def _licence(card: Path) -> str:
    """What the front matter of the model's card says."""
    text = card.read_text("utf-8", errors="replace") if card.is_file() else ""
    found = re.search(r"\A---\n(?:.*\n)*?license:\s*(\S+)", text)
    return found[1] if found else "unknown"


def _weight_files(folder: Path) -> list[Path]:
    """One file, or the shards that an index names."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        shards = _read_json(index).get("weight_map", {}).values()
        return sorted({folder / Path(shard).name for shard in shards})
    return [folder / "model.safetensors"]


def _read_vocabulary(path: Path, size: int) -> Vocabulary:
    """`size` rows of the embedding: ids that no token uses become control tokens."""
    tokenizer = _read_json(path)
    model = tokenizer.get("model", {})
    if model.get("type") != "BPE" or not _splits_as_we_do(tokenizer.get("pre_tokenizer")):
        raise unsupported(
            "a tokenizer other than byte-level BPE with single digits, which is not supported"
        )
    added = {entry["id"]: entry["content"] for entry in tokenizer.get("added_tokens", [])}
    by_id = {token: text for text, token in model.get("vocab", {}).items()} | added
    if max(by_id, default=0) >= size:
        raise ModelError(f"{path} has more tokens than config.json says; get the folder again.")
    specials = set(range(size)) - by_id.keys() | added.keys()
    texts = [by_id.get(token, "") for token in range(size)]
    merges = [merge.split(" ", 1) if isinstance(merge, str) else merge for merge in model["merges"]]
    return from_printable(texts, merges, specials)


def _splits_as_we_do(pre_tokenizer: dict[str, Any] | None) -> bool:
    """Single digits, then GPT-2's pattern: what our tokenizer does."""
    steps = (pre_tokenizer or {}).get("pretokenizers", [])
    if [step.get("type") for step in steps] != ["Digits", "ByteLevel"]:
        return False
    digits, byte_level = steps
    return (
        digits.get("individual_digits") is True
        and byte_level.get("add_prefix_space") is False
        and byte_level.get("use_regex", True) is True
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelError(
            f"{path.parent} lacks {path.name}; a model folder has config.json, tokenizer.json "
            "and model.safetensors.",
            code=ErrorCode.WRONG_FORMAT,
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read as JSON; get it again.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} does not hold a JSON object; get it again.")
    return content
