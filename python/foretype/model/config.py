"""The shape of a Llama-architecture model, and what of it we can run."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from foretype.errors import ErrorCode, ModelError

HEAD_WIDTH = 64  # what the attention kernels compute
GROUP = 32  # columns of a matrix that share a scale
LEAST_WINDOW = 64  # tokens of attention, where a layer's is limited
WINDOWS_KEY = "attention_windows"


@dataclass(frozen=True)
class Config:
    """The numbers that fix every tensor's shape, and the two that fix the arithmetic."""

    layers: int
    width: int  # hidden size
    heads: int  # query heads
    kv_heads: int  # key/value heads; divides heads
    head_width: int
    ffn_width: int
    vocabulary: int
    rope_base: float
    norm_epsilon: float
    begin_token: int  # stands before every text
    # [layers]: of how many tokens, the newest, a layer's attention sees keys, beside the first
    # token's; 0: of all. Empty: all layers see all.
    attention_windows: tuple[int, ...] = ()

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> Self:
        """From a container's metadata, in which every value is a string."""
        return cls(
            layers=int(metadata["layers"]),
            width=int(metadata["width"]),
            heads=int(metadata["heads"]),
            kv_heads=int(metadata["kv_heads"]),
            head_width=int(metadata["head_width"]),
            ffn_width=int(metadata["ffn_width"]),
            vocabulary=int(metadata["vocabulary"]),
            rope_base=float(metadata["rope_base"]),
            norm_epsilon=float(metadata["norm_epsilon"]),
            begin_token=int(metadata["begin_token"]),
            attention_windows=tuple(
                int(window) for window in metadata.get(WINDOWS_KEY, "").split(",") if window
            ),
        )

    def to_metadata(self) -> dict[str, str]:
        """What `from_metadata` reads."""
        values = {key: str(value) for key, value in vars(self).items() if key != WINDOWS_KEY}
        if any(self.attention_windows):
            values[WINDOWS_KEY] = ",".join(map(str, self.attention_windows))
        return values

    def attention_window(self, layer: int) -> int:
        """Of one layer; 0: its attention sees every token."""
        return self.attention_windows[layer] if self.attention_windows else 0

    def matrices(self) -> dict[str, tuple[int, int]]:
        """[rows, columns] of each matrix of a layer, in the order the forward pass reads them."""
        query, keys = self.heads * self.head_width, self.kv_heads * self.head_width
        return {
            "attention.query": (query, self.width),
            "attention.key": (keys, self.width),
            "attention.value": (keys, self.width),
            "attention.output": (self.width, query),
            "ffn.gate": (self.ffn_width, self.width),
            "ffn.up": (self.ffn_width, self.width),
            "ffn.down": (self.width, self.ffn_width),
        }

    def check(self) -> None:
        """Raise ModelError if no kernel can run a model of this shape, or none has such numbers."""
        if self.head_width != HEAD_WIDTH:
            raise unsupported(f"heads of width {self.head_width}; only {HEAD_WIDTH} is supported")
        if min(self.layers, self.width, self.heads, self.kv_heads, self.ffn_width) < 1:
            raise unsupported("a size below 1")
        if self.heads % self.kv_heads:
            raise unsupported(
                f"{self.heads} query heads, which {self.kv_heads} key/value heads do not divide"
            )
        for what, size in (("width", self.width), ("FFN width", self.ffn_width)):
            if size % GROUP:
                raise unsupported(f"{what} {size}, which is not a multiple of {GROUP}")
        if self.attention_windows and len(self.attention_windows) != self.layers:
            raise unsupported(
                f"{len(self.attention_windows)} attention windows for {self.layers} layers"
            )
        if any(0 < window < LEAST_WINDOW for window in self.attention_windows):
            raise unsupported(f"an attention window below {LEAST_WINDOW} tokens")
        for number in (self.rope_base, self.norm_epsilon):
            if not (math.isfinite(number) and number > 0):
                raise unsupported(f"the number {number} for its rotary base or its norms")
        if not 0 <= self.begin_token < self.vocabulary:
            raise unsupported(f"the first token {self.begin_token}, outside its vocabulary")


def unsupported(what: str) -> ModelError:
    """The error for a well-formed model that asks for something we do not do."""
    return ModelError(
        f"This model has {what}. Choose a Llama-architecture model such as SmolLM2-135M.",
        code=ErrorCode.UNSUPPORTED,
    )
