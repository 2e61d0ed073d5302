"""Makes a compressed model the default one, which is a part of the package.

usage: python -m scripts.ship_model MODEL.foretype.safetensors WORK_FOLDER

WORK_FOLDER is that of the `foretype compress` that made it: its report goes along as recipe.json.
Afterwards docs/model-card.md, NOTICE and docs/benchmarks.md want looking at.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from foretype.errors import ForetypeError
from foretype.model import pin, places, read_info

LARGEST_BYTES = 55_000_000
RECIPE_FILE = "recipe.json"


def main() -> None:
    """Copies the file and the recipe, and writes the checksum to model/pin.py."""
    try:
        model, work = map(Path, sys.argv[1:])
    except ValueError:
        sys.exit(__doc__)
    try:
        print(ship(model, work))
    except (ForetypeError, OSError) as error:
        sys.exit(f"ship_model: {error}")


def ship(model: Path, work: Path) -> str:
    """What was shipped, in a sentence."""
    size = model.stat().st_size
    if size > LARGEST_BYTES:
        raise OSError(f"{model} has {size / 1e6:.1f} MB; a model to ship has 55 at most.")
    info = read_info(model)  # looks at the checksum
    report = json.loads((work / "report.json").read_text("utf-8"))
    target = places.SHIPPED_FOLDER / pin.SHIPPED.file_name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(model, target)
    kept = {name: value for name, value in report.items() if name != "output"}
    recipe = json.dumps(kept | {"sha256": info.sha256}, indent=1) + "\n"
    target.with_name(RECIPE_FILE).write_text(recipe, "utf-8")
    _write_pin(info.sha256)
    return f"{target.name}: {size / 1e6:.1f} MB, sha256 {info.sha256}"


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
