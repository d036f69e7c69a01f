"""Values as plain data, and plain data as text: nothing else ever comes near a template.

Subclasses of text and numbers are taken down to their base class, so that neither their methods nor a mark
such as "this is safe HTML" comes along. Kinds are told by `type`, never by `isinstance`, which asks the object
itself: a lazy object would then load what it stands for.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.translation import gettext as _
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.undefined import Undefined

from triggers.text.errors import TextError

MAX_VALUE = 64 * 1024  # characters of one text value
MAX_DEPTH = 20
MAX_PARTS = 100_000
MAX_DIGITS = 100
STEP = 16  # what one step of work counts, in characters
WORK = 2_000_000


class Snapshot(dict[str, Any]):
    """The values of one rendering, each root copied when the text first names it, and the work still allowed.

    The work is counted in characters: what is looked up, filtered and repeated adds up, so that no loop,
    filter chain or repeated `when` keeps a worker busy for longer than a fraction of a second.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self._values = values
        self._left = WORK

    def __missing__(self, root: str) -> Any:
        copied = self[root] = plain(self._values[root])
        return copied

    def spend(self, characters: int) -> None:
        """Raises TextError once the rendering has done more than its share of work."""
        self._left -= characters
        if self._left < 0:
            raise TextError(_("The text takes too much work to render. Use shorter loops and fewer filters."))


def is_hidden(name: str) -> bool:
    """Names that never reach a template: Python's own, and anything marked private."""
    return name.startswith("_") or "__" in name


def plain(value: Any, depth: int = 0, parts: Iterator[int] | None = None) -> Any:
    """A copy of plain data, texts cut at 64 KB. Raises TextError for objects and for what is too large."""
    parts = parts or count(1)
    if depth > MAX_DEPTH or next(parts) > MAX_PARTS:
        raise TextError(_("The values for this text are too large or nested too deep."))
    if issubclass(type(value), dict):
        return {_key(key): plain(item, depth + 1, parts) for key, item in dict.items(value)}
    if issubclass(type(value), list | tuple):
        return [plain(item, depth + 1, parts) for item in value]
    return _scalar(value)


def _key(key: Any) -> str:
    if not issubclass(type(key), str):
        raise _refused(key)
    return str.__str__(key)


def _scalar(value: Any) -> Any:
    if value is None or type(value) in (bool, date, datetime):
        return value
    if issubclass(type(value), str):
        return str.__str__(value)[:MAX_VALUE]
    number = _number(value)
    if number is None:
        raise _refused(value)
    return number


def _number(value: Any) -> int | float | Decimal | None:
    """The number in its base class; None for what is no number, infinite or longer than 100 digits."""
    if issubclass(type(value), int):
        whole = int.__int__(value)
        return whole if abs(whole) < 10**MAX_DIGITS else None
    if issubclass(type(value), float) and math.isfinite(value):
        return float.__float__(value)
    if type(value) is Decimal and value.is_finite() and abs(value.adjusted()) < MAX_DIGITS:
        return value
    return None


def _refused(value: object) -> TextError:
    message = _("A value of the kind “%(kind)s” cannot stand in a text. Use text, numbers and dates.")
    return TextError(message % {"kind": type(value).__name__})


def text_of(value: object) -> str:
    """The value as a reader sees it: missing is "", a list is joined by commas, a group raises TextError."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Undefined | Empty | Blank):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _digits(value)
    if isinstance(value, list | tuple):
        return ", ".join(text_of(item) for item in value)
    raise TextError(_("A group of fields cannot be shown as text. Name one field of the group."))


def _digits(number: int | float | Decimal) -> str:
    """Digits without an exponent, however small or large the number is."""
    if isinstance(number, int):
        return str(number)
    return f"{Decimal(repr(number)) if isinstance(number, float) else number:f}"


def json_of(value: object) -> Any:
    """The value as JSON knows it: a date becomes ISO 8601 text, a missing value null, a Decimal a number."""
    if isinstance(value, Undefined):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: json_of(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_of(item) for item in value]
    return value


def extent(value: object) -> int:
    """How much there is to a value, in characters, all the way down."""
    if isinstance(value, str):
        return STEP + len(value)
    if isinstance(value, dict):
        return STEP + sum(len(key) + extent(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return STEP + sum(extent(item) for item in value)
    return STEP
