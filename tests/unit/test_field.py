"""Fields as Python programs describe them."""

import dataclasses

import pytest

from foretype import Field, _core


def test_an_ordinary_field_is_read() -> None:
    field = Field(name="shipping", label="Your opinion", autocomplete="street-address")
    assert field.may_read
    assert field.refusal is None


@pytest.mark.parametrize(
    "field",
    [
        Field(type="password"),
        Field(ever_password=True),
        Field(autocomplete="section-x cc-number"),
        Field(autocomplete="one-time-code"),
        Field(name="cvv"),
        Field(id="userPin"),
        Field(label="Social Security Number"),
        Field(private_window=True),
        Field(terminal=True),
        Field(read_only=True),
    ],
    ids=str,
)
def test_a_refused_field_says_why(field: Field) -> None:
    assert not field.may_read
    assert field.refusal is not None
    assert field.refusal.endswith(".")


def test_a_page_may_ask_for_silence_only() -> None:
    field = Field(writing_suggestions=False)
    assert field.may_read
    assert field.refusal is not None


def test_every_attribute_reaches_the_core() -> None:
    """The core's names, so that none is forgotten there or here."""
    names = {field.name for field in dataclasses.fields(Field)}
    assert names == {name for name in vars(_core.Field) if not name.startswith("_")}
