"""Makes a compressed model the default one, which is a part of the package.

usage: python -m scripts.ship_model MODEL.foretype.safetensors REPORT.json...

The reports are those of the runs of `foretype compress` that made it, in order: they go along as
recipe.json.
Afterwards docs/model-card.md, NOTICE and docs/benchmarks.md want looking at.
"""

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from foretype.errors import ForetypeError
from foretype.model import pin, places, read_info

LARGEST_BYTES = 55_000_000
RECIPE_FILE = "recipe.json"


def main() -> None:
    """Copies the file and the recipe, and writes the checksum to model/pin.py."""
    try:
        model, *reports = map(Path, sys.argv[1:])
    except ValueError:
        sys.exit(__doc__)
    try:
        print(ship(model, reports))
    except (ForetypeError, OSError) as error:
        sys.exit(f"ship_model: {error}")


def ship(model: Path, reports: Sequence[Path]) -> str:
    """What was shipped, in a sentence."""
    size = model.stat().st_size
    if size > LARGEST_BYTES:
        raise OSError(f"{model} has {size / 1e6:.1f} MB; a model to ship has 55 at most.")
    info = read_info(model)  # looks at the checksum
    runs = [json.loads(report.read_text("utf-8")) for report in reports]
    target = places.SHIPPED_FOLDER / pin.SHIPPED.file_name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(model, target)
    kept = [_without_places(run) for run in runs]
    recipe = json.dumps({"runs": kept, "sha256": info.sha256}, indent=1) + "\n"
    target.with_name(RECIPE_FILE).write_text(recipe, "utf-8")
    _write_pin(info.sha256)
    return f"{target.name}: {size / 1e6:.1f} MB, sha256 {info.sha256}"


def _without_places(run: dict[str, Any]) -> dict[str, Any]:
    """A run's report without paths of the machine that it ran on."""
    for stage in run.get("stages", []):
        if teacher := stage["settings"].get("teacher"):
            stage["settings"]["teacher"] = Path(teacher).name
    return {name: value for name, value in run.items() if name != "output"}


def _write_pin(sha256: str) -> None:
    file = Path(pin.__file__)
    text, count = re.subn(
        r'(SHIPPED = ShippedModel\(.*?sha256=")[0-9a-f]{64}(")',
        rf"\g<1>{sha256}\g<2>",
        file.read_text("utf-8"),
        flags=re.DOTALL,
    )
    if count != 1:
        raise OSError(f"{file} has no checksum of a shipped model in its place.")
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
