"""What a recipe may set of a stage: the fields of its dataclass, with their bounds."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from foretype.errors import SettingError

Made = TypeVar("Made")


@dataclass(frozen=True)
class Bounds:
    """Which values a parameter may have."""

    least: float | None = None
    most: float | None = None
    choices: tuple[Any, ...] = ()

    def complaint(self, value: Any) -> str | None:
        """What is wrong with a value of the right type."""
        if self.choices and value not in self.choices:
            return "must be one of " + ", ".join(str(choice) for choice in self.choices)
        if self.least is not None and value < self.least:
            return f"must be at least {self.least:g}"
        if self.most is not None and value > self.most:
            return f"must be at most {self.most:g}"
        return None


def parameter(
    default: Any,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[Any, ...] = (),
) -> Any:
    """A field of a stage; the bounds hold for each member of a list."""
    bounds = Bounds(least, most, choices)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={"bounds": bounds})
    return dataclasses.field(default=default, metadata={"bounds": bounds})


def make(kind: type[Made], settings: Mapping[str, Any], *, where: str) -> Made:
    """A stage from what a recipe says of it. Raises SettingError, in one sentence."""
    hints = typing.get_type_hints(kind)
    fields = {each.name: each for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    values = {}
    for key, value in settings.items():
        if key not in fields:
            known = ", ".join(fields) or "none"
            raise SettingError(f"{where} has no parameter {key!r}; it has: {known}.")
        try:
            values[key] = _checked(value, hints[key], fields[key].metadata.get("bounds", Bounds()))
        except ValueError as error:
            raise SettingError(f"{where}: {key} {error}, not {value!r}.") from None
    return kind(**values)


def _checked(value: Any, hint: Any, bounds: Bounds) -> Any:
    """The value in the type of its field. Raises ValueError: what it must be."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _checked(value, arguments[0], bounds)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError("must be a list")
        return tuple(_checked(each, arguments[0], bounds) for each in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError("must be an object")
        return {str(key): _checked(each, arguments[1], bounds) for key, each in value.items()}
    _check_type(value, hint)
    complaint = bounds.complaint(value)
    if complaint:
        raise ValueError(complaint)
    return float(value) if hint is float else value


def _check_type(value: Any, hint: Any) -> None:
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
    fitting = (int, float) if hint is float else hint
    if not isinstance(value, fitting) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"must be {names[hint]}")
