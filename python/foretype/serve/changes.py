"""The changes that the page may ask for, read strictly: one change a request."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from foretype.errors import SettingError
from foretype.serve.desk import Desk
from foretype.serve.messages import MessageError, flag, name

if TYPE_CHECKING:
    from foretype.profile.facts import Forgotten

# Wrong suggestions in 100 words; nobody is wrong more often than five times a word.
WIDEST_DIAL = 500
# As long as the profile can tell what was learned when.
MOST_MINUTES = 24 * 60

Fields = dict[str, Any]


def make_change(desk: Desk, fields: Fields) -> "Forgotten | None":
    """Makes the change that `fields` names, on the engine's thread; says what was forgotten.

    Raises MessageError for anything but one known change.
    """
    make = CHANGES.get(frozenset(fields))
    if make is None:
        raise MessageError("no change known here")
    return make(desk, fields)


def _pause(desk: Desk, fields: Fields) -> None:
    desk.profile.paused = flag(fields["paused"])


def _turn_dial(desk: Desk, fields: Fields) -> None:
    dial = fields["wrong_per_100_words"]
    if dial is not None and (type(dial) not in (int, float) or not 0 <= dial <= WIDEST_DIAL):
        raise MessageError("outside the dial")
    desk.turn_dial(dial)


def _block(desk: Desk, fields: Fields) -> None:
    word = _something(fields["block"])
    if not desk.profile.block(word):
        raise SettingError(f"“{word}” is not one word, and cannot be blocked.")


def _unblock(desk: Desk, fields: Fields) -> None:
    desk.profile.unblock(_something(fields["unblock"]))


def _set_private(desk: Desk, fields: Fields) -> None:
    desk.profile.set_private(_something(fields["context"]), flag(fields["private"]))


def _forget(desk: Desk, fields: Fields) -> "Forgotten":
    return desk.profile.forget(_something(fields["forget"]))


def _forget_minutes(desk: Desk, fields: Fields) -> "Forgotten":
    minutes = fields["forget_minutes"]
    if type(minutes) is not int or not 1 <= minutes <= MOST_MINUTES:
        raise MessageError("no number of minutes")
    return desk.profile.forget_since(timedelta(minutes=minutes))


def _forget_context(desk: Desk, fields: Fields) -> "Forgotten":
    return desk.profile.forget_context(_something(fields["forget_context"]))


def _forget_everything(desk: Desk, fields: Fields) -> "Forgotten":
    if not flag(fields["forget_everything"]):
        raise MessageError("nothing to forget")
    return desk.profile.forget_all()


def _something(value: object) -> str:
    text = name(value).strip()
    if not text:
        raise MessageError("an empty name")
    return text


CHANGES: dict[frozenset[str], Callable[[Desk, Fields], "Forgotten | None"]] = {
    frozenset({"paused"}): _pause,
    frozenset({"wrong_per_100_words"}): _turn_dial,
    frozenset({"block"}): _block,
    frozenset({"unblock"}): _unblock,
    frozenset({"context", "private"}): _set_private,
    frozenset({"forget"}): _forget,
    frozenset({"forget_minutes"}): _forget_minutes,
    frozenset({"forget_context"}): _forget_context,
    frozenset({"forget_everything"}): _forget_everything,
}
