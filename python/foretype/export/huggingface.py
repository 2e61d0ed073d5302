"""A folder as Hugging Face keeps models: config.json, tokenizer.json, model.safetensors."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from foretype.export.texts import merge_texts, token_texts
from foretype.export.weights import DenseModel
from foretype.model.atomic import atomic_write
from foretype.model.config import Config
from foretype.model.huggingface_source import EMBEDDING, huggingface_name
from foretype.model.progress import Progress
from foretype.model.vocabulary import Vocabulary

DTYPES: dict[str, np.dtype[Any]] = {"f16": np.dtype("<f2"), "f32": np.dtype("<f4")}
CONTEXT_TOKENS = 2048  # what others set aside for a text; the container names no limit


def write(model: DenseModel, output: Path, numbers: str, progress: Progress) -> None:
    """Each file of the folder whole or as it was; config.json, which makes it a model, last."""
    _write_weights(model, output / "model.safetensors", numbers, progress)
    _write_json(output / "tokenizer.json", tokenizer(model.vocabulary))
    _write_json(output / "tokenizer_config.json", tokenizer_settings(model))
    with atomic_write(output / "README.md") as file:
        file.write(_card(model).encode())
    _write_json(output / "config.json", settings(model.config, numbers))


def settings(config: Config, numbers: str) -> dict[str, Any]:
    """config.json. Rotary settings stand there twice: newer readers ask for the second form."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": config.width,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_width,
        "intermediate_size": config.ffn_width,
        "vocab_size": config.vocabulary,
        "max_position_embeddings": CONTEXT_TOKENS,
        "rms_norm_eps": config.norm_epsilon,
        "rope_theta": config.rope_base,
        "rope_parameters": {"rope_type": "default", "rope_theta": config.rope_base},
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": config.begin_token,
        "eos_token_id": config.begin_token,
        "torch_dtype": DTYPES[numbers].name,
    }


def tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    """tokenizer.json. Ids that no token uses are left out, as the folder we read leaves them."""
    texts = token_texts(vocabulary)
    used = {text: token for token, text in enumerate(texts) if text}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": token, "content": texts[token], "special": True}
            | dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
            for token in vocabulary.specials
            if texts[token]
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                _byte_level(),
            ],
        },
        "post_processor": None,
        "decoder": _byte_level(),
        "model": {
            "type": "BPE",
            **dict.fromkeys(
                ("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"), None
            ),
            **dict.fromkeys(("fuse_unk", "byte_fallback", "ignore_merges"), False),
            "vocab": used,
            "merges": merge_texts(vocabulary),
        },
    }


def tokenizer_settings(model: DenseModel) -> dict[str, Any]:
    """tokenizer_config.json, without which transformers does not know the tokenizer's class."""
    boundary = token_texts(model.vocabulary)[model.config.begin_token]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": boundary,
        "eos_token": boundary,
        "clean_up_tokenization_spaces": False,
        "model_max_length": CONTEXT_TOKENS,
    }


def _byte_level() -> dict[str, Any]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def _card(model: DenseModel) -> str:
    """The front matter names the licence, which conversion reads there."""
    return (
        f"---\nlicense: {model.licence.lower()}\n---\n# {model.name}\n\n"
        f"Exported by Foretype from a container with SHA-256 {model.sha256}, made from "
        f"{model.source}. The weights are what its integers and scales stand for.\n"
    )


def _write_weights(model: DenseModel, path: Path, numbers: str, progress: Progress) -> None:
    """One matrix at a time: the dense model is several times as large as ours."""
    dtype = DTYPES[numbers]
    shapes = model.shapes()
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + int(np.prod(shape)) * dtype.itemsize
        foreign = EMBEDDING if name == "embedding" else huggingface_name(name)
        entries[foreign] = {"dtype": numbers.upper(), "shape": shape, "data_offsets": [begin, end]}
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    with atomic_write(path) as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for done, name in enumerate(shapes):
            progress("exporting", done, len(shapes))
            file.write(np.ascontiguousarray(model.tensor(name), dtype).reshape(-1).data)
    progress("exporting", len(shapes), len(shapes))


def _write_json(path: Path, content: dict[str, Any]) -> None:
    with atomic_write(path) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
