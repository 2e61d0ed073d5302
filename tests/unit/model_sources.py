"""Tiny foreign models for tests: one set of dense weights, as a GGUF file and as a folder."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind

from foretype.model.config import Config
from foretype.model.gguf_source import GGUF_NAMES
from foretype.model.groups import Dense
from foretype.model.huggingface_source import HUGGINGFACE_NAMES
from foretype.model.vocabulary import BYTE_OF_CHARACTER, Vocabulary
from foretype.reference.tiny_model import random_vocabulary

CHARACTER_OF_BYTE = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}
SPLITTER = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
    ],
}

VOCABULARY = random_vocabulary(20, seed=3)
CONFIG = Config(
    layers=2,
    width=64,
    heads=2,
    kv_heads=1,
    head_width=64,
    ffn_width=96,
    vocabulary=len(VOCABULARY.tokens),
    rope_base=10000.0,
    norm_epsilon=1e-5,
    begin_token=0,
)


def dense_weights(*, seed: int = 0, config: Config = CONFIG) -> dict[str, Dense]:
    """By our names, query and key rows in half-split order."""
    random = np.random.default_rng(seed)

    def normal(*shape: int) -> Dense:
        return random.standard_normal(shape, np.float32) / 8

    weights = {"embedding": normal(config.vocabulary, config.width)}
    for layer in range(config.layers):
        for part in ("attention.norm", "ffn.norm"):
            weights[f"layers.{layer}.{part}"] = 1 + normal(config.width)
        for part, shape in config.matrices().items():
            weights[f"layers.{layer}.{part}"] = normal(*shape)
    return {**weights, "final_norm": 1 + normal(config.width)}


def printable(token: bytes) -> str:
    return "".join(CHARACTER_OF_BYTE[byte] for byte in token)


def token_texts(vocabulary: Vocabulary) -> list[str]:
    return [
        token.decode() if number in vocabulary.specials else printable(token)
        for number, token in enumerate(vocabulary.tokens)
    ]


def merge_texts(vocabulary: Vocabulary) -> list[str]:
    texts = token_texts(vocabulary)
    return [f"{texts[left]} {texts[right]}" for left, right in vocabulary.merges]


def interleaved(rows: Dense, head_width: int = 64) -> Dense:
    """Half-split rope order -> the order GGUF keeps, as llama.cpp's converter does it."""
    heads = rows.reshape(-1, 2, head_width // 2, rows.shape[1])
    return heads.swapaxes(1, 2).reshape(rows.shape)


def gguf_tensors(weights: dict[str, Dense]) -> dict[str, Dense]:
    """By GGUF's names, in GGUF's order of rows."""
    tensors = {}
    for name, weight in weights.items():
        if name in ("embedding", "final_norm"):
            foreign = {"embedding": "token_embd", "final_norm": "output_norm"}[name]
        else:
            _, layer, part = name.split(".", 2)
            foreign = f"blk.{layer}.{GGUF_NAMES[part]}"
            if part in ("attention.query", "attention.key"):
                weight = interleaved(weight)
        tensors[foreign + ".weight"] = weight
    return tensors


def write_gguf(
    path: Path,
    *,
    weights: dict[str, Dense] | None = None,
    kind: Kind = Kind.Q4_1,
    embedding_kind: Kind = Kind.Q8_0,
    architecture: str = "llama",
    split: str = "smollm",
    head_width: int = CONFIG.head_width,
    extra: dict[str, Dense] | None = None,
    without: str = "",
) -> Path:
    """Write a GGUF file; matrices of type `kind`, norms in float32."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(CONFIG.layers)
    writer.add_embedding_length(CONFIG.width)
    writer.add_head_count(CONFIG.heads)
    writer.add_head_count_kv(CONFIG.kv_heads)
    writer.add_key_length(head_width)
    writer.add_feed_forward_length(CONFIG.ffn_width)
    writer.add_rope_freq_base(CONFIG.rope_base)
    writer.add_layer_norm_rms_eps(CONFIG.norm_epsilon)
    writer.add_license("apache-2.0")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(split)
    writer.add_token_list(token_texts(VOCABULARY))
    writer.add_token_types([3 if i in VOCABULARY.specials else 1 for i in range(CONFIG.vocabulary)])
    writer.add_token_merges(merge_texts(VOCABULARY))
    writer.add_bos_token_id(1)
    for name, weight in (gguf_tensors(weights or dense_weights()) | (extra or {})).items():
        if name == without:
            continue
        stored_as = embedding_kind if name.startswith("token_embd") else kind
        if weight.ndim == 1:
            stored_as = Kind.F32
        data = gguf.quants.quantize(np.ascontiguousarray(weight, np.float32), stored_as)
        writer.add_tensor(name, data, raw_dtype=stored_as)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_folder(
    folder: Path,
    *,
    weights: dict[str, Dense] | None = None,
    dtype: str = "F32",
    shards: int = 1,
    **settings: Any,
) -> Path:
    """Write a Hugging Face folder; `settings` override config.json."""
    folder.mkdir()
    config = {
        "model_type": "llama",
        "hidden_size": CONFIG.width,
        "num_hidden_layers": CONFIG.layers,
        "num_attention_heads": CONFIG.heads,
        "num_key_value_heads": CONFIG.kv_heads,
        "head_dim": CONFIG.head_width,
        "intermediate_size": CONFIG.ffn_width,
        "vocab_size": CONFIG.vocabulary,
        "rms_norm_eps": CONFIG.norm_epsilon,
        "rope_theta": CONFIG.rope_base,
        "tie_word_embeddings": True,
        "bos_token_id": 1,
        **settings,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer()))
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# Tiny\n")
    tensors = list(_folder_tensors(weights or dense_weights()).items())
    names = [f"model-{shard}.safetensors" for shard in range(shards)]
    if shards == 1:
        names = ["model.safetensors"]
    else:
        placed = {tensor: names[i % shards] for i, (tensor, _) in enumerate(tensors)}
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": placed}))
    for shard, name in enumerate(names):
        (folder / name).write_bytes(dense_safetensors(dict(tensors[shard::shards]), dtype))
    return folder


def dense_safetensors(tensors: dict[str, Dense], dtype: str) -> bytes:
    """A safetensors file in F32, F16 or BF16 (cut off, which our reader must widen again)."""
    entries, data = {}, b""
    for name, tensor in tensors.items():
        stored = {
            "F32": tensor,
            "F16": tensor.astype(np.float16),
            "BF16": (np.ascontiguousarray(tensor).view(np.uint32) >> 16).astype(np.uint16),
        }[dtype].tobytes()
        offsets = [len(data), len(data) + len(stored)]
        entries[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": offsets}
        data += stored
    header = json.dumps(entries).encode()
    return len(header).to_bytes(8, "little") + header + data


def _folder_tensors(weights: dict[str, Dense]) -> dict[str, Dense]:
    tensors = {}
    for name, weight in weights.items():
        if name in ("embedding", "final_norm"):
            tensors[f"model.{'embed_tokens' if name == 'embedding' else 'norm'}.weight"] = weight
            continue
        _, layer, part = name.split(".", 2)
        tensors[f"model.layers.{layer}.{HUGGINGFACE_NAMES[part]}.weight"] = weight
    return tensors


def _tokenizer() -> dict[str, Any]:
    texts = token_texts(VOCABULARY)
    return {
        "added_tokens": [
            {"id": token, "content": texts[token], "special": True} for token in VOCABULARY.specials
        ],
        "pre_tokenizer": SPLITTER,
        "model": {
            "type": "BPE",
            "vocab": {text: token for token, text in enumerate(texts)},
            "merges": merge_texts(VOCABULARY),
        },
    }
