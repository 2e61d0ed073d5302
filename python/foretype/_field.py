"""What a program knows about a text field, and whether its text may be read."""

from __future__ import annotations

from dataclasses import dataclass, fields

from foretype import _core


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A text field, in the terms of HTML; what is not known stays as it is.

    `ever_password`: the field's type was once "password", as behind a button that shows it.
    `label`: what the user reads beside the field, its placeholder included.
    `writing_suggestions`: False if the page says writingsuggestions="false".
    """

    type: str = "text"
    autocomplete: str = ""
    name: str = ""
    id: str = ""
    label: str = ""
    ever_password: bool = False
    private_window: bool = False
    terminal: bool = False
    read_only: bool = False
    writing_suggestions: bool = True

    @property
    def refusal(self) -> str | None:
        """Why nothing is shown here, a sentence for the user; None if nothing is refused."""
        return _core.refusal_of(self._core()) or None

    @property
    def may_read(self) -> bool:
        """Whether the text may be read and learned from. Decided without the text."""
        return _core.may_read(self._core())

    def _core(self) -> _core.Field:
        core = _core.Field()
        for field in fields(self):
            setattr(core, field.name, getattr(self, field.name))
        return core
