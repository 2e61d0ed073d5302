"""Puts a damaged profile together again from everything in its folder that checks."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from foretype.profile.image import Image, read_image
from foretype.profile.place import Place, sync_folder
from foretype.profile.records import Saved, Section, to_ms
from foretype.profile.whole_file import write_whole

_NOTHING = "nothing of it could be read"
_SINCE_COPY = "what was learned since its last copy may be missing"
_LAST = "some of what was learned last may be missing"


@dataclass(frozen=True)
class Recovered:
    """What could be saved. `lost` says what could not; empty if nothing is missing."""

    saved: Saved
    meta: dict[str, int]
    digests: list[bytes]
    lost: str
    backup_damaged: bool

    def sentence(self, path: Path, aside: Path | None) -> str:
        """The one sentence for the owner."""
        what = f"damaged and is set aside as {aside.name}" if aside else "gone"
        return f"The profile {path} was {what}: {self.lost or 'all of it was recovered'}."


def recover(place: Place, *, trust_database: bool = True) -> Recovered:
    """Read whatever checks; no file is changed.

    `trust_database` false: the core did not take its sections though they check, so those of the
    copy go first.
    """
    main = read_image(place.database, place.log)
    spare = read_image(place.backup)
    rows = main.saved().rows
    if spare.sections and not trust_database:
        main.sections.clear()
    sections, lost = _sections(main, spare)
    saved = Saved(tuple(sections), rows)
    return Recovered(
        saved,
        main.meta or spare.meta,
        main.digests,
        lost or _lost_rows(main, saved),
        spare.damaged and place.backup.exists(),
    )


def rebuild(place: Place, recovered: Recovered, now: datetime) -> Path | None:
    """Set the damaged files aside and put a whole one in their place.

    Returns the database's name aside, None if there was none. Raises StorageError or OSError; then
    the damaged files still stand where they stood.
    """
    place.prepare()
    aside = place.aside(now)
    meta = {"wipe": recovered.meta.get("wipe", 0), "complete_since": to_ms(now.timestamp())}
    part = place.part("recovered")
    ready = place.part("ready")
    write_whole(ready, part, recovered.saved, meta=meta, digests=recovered.digests)
    damaged = place.database.exists()
    if damaged:
        _keep(place.database, aside)
    with suppress(FileNotFoundError):
        place.log.replace(aside.with_suffix(".db-wal"))
    if recovered.backup_damaged:
        place.backup.replace(aside.with_suffix(".backup.db"))
    place.index.unlink(missing_ok=True)
    ready.replace(place.database)
    sync_folder(place.folder)
    return aside if damaged else None


def _keep(path: Path, aside: Path) -> None:
    """Give the file a second name, so that at no moment there is none under the first."""
    try:
        os.link(path, aside)
    except OSError:
        path.replace(aside)


def _sections(main: Image, spare: Image) -> tuple[list[Section], str]:
    """The sections of the database where none is missing, otherwise those of the copy.

    Never some of each: two snapshots may number their contexts differently, and what is private
    to one must not turn up in another.
    """
    whole = spare.sections.keys() <= main.sections.keys()
    if main.sections and (whole or not spare.sections):
        return list(main.sections.values()), ""
    if not spare.sections:
        return [], "" if main.rows else _NOTHING
    copy = Saved(tuple(spare.sections.values()), main.saved().rows)
    newest = max((section.number for section in main.sections.values()), default=-1)
    return list(copy.sections), "" if 0 <= newest <= copy.reached else _SINCE_COPY


def _lost_rows(main: Image, saved: Saved) -> str:
    """Whether rows behind the snapshot are missing, or may be."""
    if main.rows_damaged or saved.has_gap:
        return _LAST
    return ""
