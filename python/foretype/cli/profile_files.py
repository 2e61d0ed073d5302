"""`foretype profile export | import`: the whole profile as one plain file, and back."""

import argparse
from pathlib import Path

from foretype.cli.answer import count, print_json, size
from foretype.cli.profile_open import reading, writing
from foretype.cli.progress import working
from foretype.errors import SettingError
from foretype.profile import export_profile, import_profile


def add_parts(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the two parts."""
    export = parts.add_parser(
        "export",
        parents=[common],
        help="write everything to a plain file",
        description="Write everything that is known to one file of JSON lines "
        "(docs/formats/profile-export.md). It holds your words: keep it as you keep your mail.",
    )
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--force", action="store_true", help="replace the file that is there")
    export.set_defaults(part=_export)
    bring = parts.add_parser(
        "import",
        parents=[common],
        help="add what an exported file holds",
        description="Add what an exported file holds to the profile.",
    )
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.set_defaults(part=_import)


def _export(args: argparse.Namespace) -> int:
    if args.file.exists() and not args.force:
        raise SettingError(f"{args.file} is there already: --force replaces it.")
    with reading(args) as profile, working("exporting"):
        export_profile(profile, args.file)
        stats = profile.stats()
    file_bytes = args.file.stat().st_size
    if args.json:
        print_json({"path": str(args.file), "ngrams": stats.ngrams, "file_bytes": file_bytes})
    else:
        print(f"{count(stats.ngrams, 'n-gram')} written, {size(file_bytes)}: {args.file}")
    return 0


def _import(args: argparse.Namespace) -> int:
    with writing(args) as profile, working("importing"):
        before = profile.stats().ngrams
        import_profile(profile, args.file)
        after = profile.stats().ngrams
    if args.json:
        print_json({"path": str(args.file), "ngrams_before": before, "ngrams": after})
    else:
        print(f"The profile holds {count(after, 'n-gram')}; before it held {before:,}.")
    return 0
