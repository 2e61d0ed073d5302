"""A GGUF file, as llama.cpp reads it: query and key rows in interleaved order, norms in float32."""

import os
from contextlib import suppress
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt
from gguf import GGMLQuantizationType as Kind
from gguf.quants import quant_shape_to_byte_shape, quantize

from foretype.export.texts import merge_texts, token_texts
from foretype.export.weights import DenseModel
from foretype.model.atomic import storage_error
from foretype.model.config import HEAD_WIDTH
from foretype.model.gguf_source import ORDINARY_TOKEN, gguf_name
from foretype.model.groups import Dense
from foretype.model.layout import Bytes
from foretype.model.progress import Progress
from foretype.model.vocabulary import Vocabulary

KINDS = {
    "f32": (Kind.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (Kind.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (Kind.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
CONTEXT_TOKENS = 2048  # what others set aside for a text; the container names no limit
CONTROL_TOKEN, UNUSED_TOKEN = 3, 5  # tokenizer.ggml.token_type
SPLIT = "smollm"  # tokenizer.ggml.pre: single digits, then GPT-2's pattern


def write(model: DenseModel, output: Path, numbers: str, progress: Progress) -> None:
    """The file whole, or `output` as it was."""
    kind, file_type = KINDS[numbers]
    temporary = output.with_name(f".{output.name}.{os.urandom(6).hex()}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        writer = gguf.GGUFWriter(temporary, "llama")
        try:
            _add_settings(writer, model, file_type)
            _add_vocabulary(writer, model.vocabulary)
            _write_tensors(writer, model, kind, progress)
        finally:
            writer.close()
        temporary.replace(output)
    except OSError as error:
        raise storage_error(output, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _add_settings(
    writer: gguf.GGUFWriter, model: DenseModel, file_type: gguf.LlamaFileType
) -> None:
    config = model.config
    writer.add_name(model.name)
    writer.add_license(model.licence)
    writer.add_description(f"exported by Foretype from a container with SHA-256 {model.sha256}")
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_block_count(config.layers)
    writer.add_embedding_length(config.width)
    writer.add_feed_forward_length(config.ffn_width)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_key_length(config.head_width)
    writer.add_value_length(config.head_width)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_layer_norm_rms_eps(config.norm_epsilon)
    writer.add_vocab_size(config.vocabulary)
    writer.add_bos_token_id(config.begin_token)
    writer.add_eos_token_id(config.begin_token)
    writer.add_add_bos_token(True)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    """Ids that no token uses get a name, because llama.cpp wants every name once."""
    control = set(vocabulary.specials)
    texts, kinds = [], []
    for token, text in enumerate(token_texts(vocabulary)):
        texts.append(text or f"[UNUSED{token}]")
        kinds.append(
            ORDINARY_TOKEN if token not in control else CONTROL_TOKEN if text else UNUSED_TOKEN
        )
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(SPLIT)
    writer.add_token_list(texts)
    writer.add_token_types(kinds)
    writer.add_token_merges(merge_texts(vocabulary))


def _write_tensors(
    writer: gguf.GGUFWriter, model: DenseModel, kind: Kind, progress: Progress
) -> None:
    """Announced first, then computed and written one at a time."""
    shapes = model.shapes()
    for name, shape in shapes.items():
        stored_as = Kind.F32 if len(shape) == 1 else kind
        dtype: npt.DTypeLike = {Kind.F32: np.float32, Kind.F16: np.float16}.get(stored_as, np.uint8)
        if stored_as == Kind.Q8_0:
            shape = quant_shape_to_byte_shape(shape, stored_as)
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        writer.add_tensor_info(_foreign_name(name), shape, np.dtype(dtype), size, stored_as)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for done, (name, shape) in enumerate(shapes.items()):
        progress("exporting", done, len(shapes))
        writer.write_tensor_data(_stored(model, name, Kind.F32 if len(shape) == 1 else kind))
    progress("exporting", len(shapes), len(shapes))


def _stored(model: DenseModel, name: str, kind: Kind) -> Bytes:
    weights = model.tensor(name)
    if name.endswith(("attention.query", "attention.key")):
        weights = interleaved(weights)
    return np.asarray(quantize(np.ascontiguousarray(weights), kind))


def interleaved(rows: Dense) -> Dense:
    """Half-split rope order -> GGUF's: a head's dimensions i and i + 32 side by side."""
    heads = rows.reshape(-1, 2, HEAD_WIDTH // 2, rows.shape[1])
    return heads.swapaxes(1, 2).reshape(rows.shape)


def _foreign_name(name: str) -> str:
    return "token_embd.weight" if name == "embedding" else gguf_name(name)
