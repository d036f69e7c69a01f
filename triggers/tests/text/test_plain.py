from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from django.db.models import TextChoices
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import mark_safe
from markupsafe import Markup

from triggers.text import TextError
from triggers.text.plain import WORK, Snapshot, extent, json_of, plain, text_of


class Status(TextChoices):
    OPEN = "open", "Open"


class Sticky(str):
    """Text that stays of its kind whatever is done with it."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> "Sticky":
        return self


class Level(IntEnum):
    HIGH = 3


def test_plain_data_is_copied() -> None:
    given: dict[str, Any] = {"a": [1, 2.5, Decimal("1.10"), None, True], "b": {"c": date(2026, 1, 1)}}

    copied = plain(given)

    assert copied == given
    assert copied is not given
    assert copied["a"] is not given["a"]
    assert copied["b"] is not given["b"]


@pytest.mark.parametrize(
    ("value", "expected", "kind"),
    [
        (mark_safe("<b>"), "<b>", str),
        (Markup("<b>"), "<b>", str),
        (Sticky("<b>"), "<b>", str),
        (Status.OPEN, "open", str),
        (Level.HIGH, 3, int),
        (True, True, bool),
        ((1, 2), [1, 2], list),
        (OrderedDict(a=1), {"a": 1}, dict),
    ],
)
def test_subclasses_come_down_to_their_base_class(value: object, expected: object, kind: type) -> None:
    copied = plain(value)

    assert copied == expected
    assert type(copied) is kind


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: "run",
        UUID(int=1),
        lazystr("later"),
        time(1),
        timedelta(1),
        {1, 2},
        b"bytes",
        range(3),
        MappingProxyType({"a": 1}),
        {1: "a"},
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("1E+100"),
        10**100,
    ],
)
def test_everything_else_is_refused(value: object) -> None:
    with pytest.raises(TextError) as raised:
        plain({"a": [value]})

    assert "cannot stand in a text" in str(raised.value)


def test_a_lazy_object_is_refused_without_loading_it() -> None:
    loaded: list[str] = []

    with pytest.raises(TextError):
        plain({"owner": SimpleLazyObject(lambda: loaded.append("loaded") or {"name": "Ada"})})

    assert loaded == []


def test_values_that_contain_themselves_are_refused() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless["and again"] = endless

    with pytest.raises(TextError) as raised:
        plain(endless)

    assert str(raised.value) == "The values for this text are too large or nested too deep."


def test_long_texts_are_cut_at_64_kb() -> None:
    assert plain("a" * 70_000) == "a" * 65_536


@pytest.mark.parametrize("levels", [19, 20])
def test_depth_is_bounded(levels: int) -> None:
    nested: Any = "a"
    for _ in range(levels):
        nested = [nested]

    assert plain(nested) == nested
    with pytest.raises(TextError):
        plain([[nested]])


def test_the_number_of_parts_is_bounded() -> None:
    assert len(plain([0] * 99_999)) == 99_999
    with pytest.raises(TextError):
        plain([0] * 100_000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (1e16, "10000000000000000"),
        (1e-7, "0.0000001"),
        (2.0, "2.0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("10.50"), "10.50"),
        (Decimal("1E-7"), "0.0000001"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02 03:04:05+00:00"),
        (["a", 1, None, ["b"]], "a, 1, , b"),
        ([], ""),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_group_of_fields_is_no_text() -> None:
    with pytest.raises(TextError) as raised:
        text_of({"a": 1})

    assert str(raised.value) == "A group of fields cannot be shown as text. Name one field of the group."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("10.50"), 10.5),
        (Decimal("3"), 3),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "2026-01-02T03:04:00+00:00"),
        ({"a": [Decimal("1.5"), None, True]}, {"a": [1.5, None, True]}),
        ("text", "text"),
    ],
)
def test_values_as_json(value: object, expected: object) -> None:
    assert json_of(value) == expected
    assert type(json_of(value)) is type(expected)


def test_extent_counts_all_the_way_down() -> None:
    assert extent("abc") == 19
    assert extent([1, {"key": "abc"}]) == 16 + 16 + 16 + 3 + 19


def test_a_snapshot_copies_a_root_once_and_when_asked() -> None:
    contact = {"name": "Ada"}
    snapshot = Snapshot({"contact": contact, "event": object()})

    first = snapshot["contact"]
    contact["name"] = "Bob"

    assert snapshot["contact"] == {"name": "Ada"}
    assert snapshot["contact"] is first
    assert list(snapshot) == ["contact"]


def test_a_snapshot_stops_when_its_work_is_spent() -> None:
    snapshot = Snapshot({})
    snapshot.spend(WORK)

    with pytest.raises(TextError) as raised:
        snapshot.spend(1)

    assert str(raised.value) == ("The text takes too much work to render. Use shorter loops and fewer filters.")
