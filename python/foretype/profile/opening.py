"""Opens a profile: takes the lock, reads what is there, mends it, fills the core."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from foretype.errors import StorageError
from foretype.profile.core import Core
from foretype.profile.database import Damage, Database
from foretype.profile.fill import Refused, fill, fill_with_what_loads
from foretype.profile.image import read_image
from foretype.profile.lock import Held, Lock, holder
from foretype.profile.log import read_log
from foretype.profile.place import Place
from foretype.profile.records import Saved
from foretype.profile.recover import rebuild, recover
from foretype.profile.schema import PAGE_SIZE, VERSION, claimed_version, newer
from foretype.profile.trouble import Trouble

Connection = tuple[Lock, Database]


@dataclass
class Opened:
    """A filled core. `connection` is None while its folder cannot be written."""

    saved: Saved
    trouble: Trouble
    read_only: bool
    connection: Connection | None = None
    rewrite: bool = False  # the files are due to be made anew: after damage, or to wipe something


def open_place(place: Place, core: Core, *, read_only: bool, now: datetime) -> Opened:
    """Read the profile at `place` into `core`, which is empty.

    Raises ProfileError for a file of a newer version.
    """
    _refuse_newer(place)
    trouble = Trouble()
    if read_only:
        return Opened(_read_beside(place, core, trouble), trouble, read_only=True)
    try:
        place.prepare()
        lock = Lock.acquire(place.lock)
    except Held:
        trouble.found(_in_use(place, "it is only read here, and what is learned here is not kept"))
        return Opened(_read_beside(place, core, trouble), trouble, read_only=True)
    except OSError as error:
        trouble.failing(_unwritable(place, error))
        return Opened(_read_beside(place, core, trouble), trouble, read_only=False)
    try:
        return _open_to_write(place, core, lock, trouble, now)
    except BaseException:
        lock.release()
        raise


def connect_later(place: Place, last: int) -> Connection:
    """Open for writing a profile that could only be read at first, when `last` was its last row.

    Raises StorageError if that fails still, or if another process has written since.
    """
    try:
        place.prepare()
        lock = Lock.acquire(place.lock)
    except Held:
        raise StorageError(_in_use(place, "what is learned here waits in memory")) from None
    except OSError as error:
        raise StorageError(_unwritable(place, error)) from error
    try:
        return lock, _open_unchanged(place, last)
    except Damage as damage:
        lock.release()
        raise StorageError(f"The profile {place.folder} is damaged: open it again.") from damage
    except BaseException:
        lock.release()
        raise


def _open_unchanged(place: Place, last: int) -> Database:
    database = Database.open(place.database)
    if database.read().last != last:
        database.close()
        raise StorageError(
            f"The profile {place.folder} was changed by another process: open it again."
        )
    return database


def _open_to_write(place: Place, core: Core, lock: Lock, trouble: Trouble, now: datetime) -> Opened:
    place.clear_parts()
    try:
        try:
            saved, database = _open_whole(place, core)
            rewrite = database.wipe_due
        except (Damage, Refused) as problem:
            trust = isinstance(problem, Damage)
            saved, database = _open_damaged(place, core, trouble, now, trust_database=trust)
            rewrite = True
    except (StorageError, OSError) as error:
        lock.release()
        trouble.failing(f"{error} What is learned is kept in memory until it can be written.")
        return Opened(_read_beside(place, core, trouble), trouble, read_only=False)
    return Opened(saved, trouble, False, (lock, database), rewrite)


def _open_whole(place: Place, core: Core) -> tuple[Saved, Database]:
    """The way that is nearly always taken. Raises Damage, Refused or StorageError."""
    if not place.database.exists() and place.backup.exists():
        raise Damage("the database is missing")
    if place.log.exists() and read_log(place.log.read_bytes(), PAGE_SIZE).damaged:
        raise Damage("the write-ahead log")
    database = Database.open(place.database)
    try:
        saved = database.read()
        if saved.has_gap:
            raise Damage("journal rows are missing")
        fill(core, saved)
    except BaseException:
        with suppress(StorageError, Damage):
            database.close()
        raise
    return saved, database


def _open_damaged(
    place: Place, core: Core, trouble: Trouble, now: datetime, *, trust_database: bool
) -> tuple[Saved, Database]:
    found = recover(place, trust_database=trust_database)
    if fill_with_what_loads(core, found.saved):
        found = replace(found, lost="part of it could not be read")
    aside = rebuild(place, found, now)
    trouble.found(found.sentence(place.database, aside))
    return found.saved, Database.open(place.database)


def _read_beside(place: Place, core: Core, trouble: Trouble) -> Saved:
    """Read without writing anything, though another process may be writing."""
    if not place.database.exists() and not place.backup.exists():
        return Saved()
    try:
        saved = _read_live(place)
        fill(core, saved)
        return saved
    except (Damage, Refused, StorageError):
        found = recover(place)
    if found.lost:
        trouble.found(f"The profile {place.database} is damaged: {found.lost}.")
    fill_with_what_loads(core, found.saved)
    return found.saved


def _read_live(place: Place) -> Saved:
    database = Database.open_to_read(place.database)
    try:
        return database.read()
    finally:
        database.close()


def _refuse_newer(place: Place) -> None:
    """A header may also be damaged: it is believed only if the table of versions agrees."""
    with suppress(OSError):
        claimed = claimed_version(place.database)
        if claimed > VERSION:
            found = read_image(place.database, place.log).meta.get("version", claimed)
            if found > VERSION:
                raise newer(place.database, found)


def _in_use(place: Place, so: str) -> str:
    process = holder(place.lock)
    who = f"process {process}" if process else "another process"
    return f"The profile {place.folder} is in use by {who}: {so}."


def _unwritable(place: Place, error: OSError) -> str:
    return (
        f"The profile {place.folder} cannot be written ({error.strerror or error}): "
        "what is learned is kept in memory until it can."
    )
