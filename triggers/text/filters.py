"""The filters a text may use, and no others.

Text filters are Liquid's own behind a wrapper that turns every argument into text first. Written here are
those where Liquid's are slow on hostile input (strip_html, date), lose decimals (arithmetic), or cut a text
that fits (truncate, truncatewords).
"""

import inspect
import operator
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _
from liquid import RenderContext
from liquid.builtin.filters import array, misc, string
from liquid.filter import with_context

from triggers.text.arithmetic import absolute, arithmetic, ceil, divided, floor, number_of, rounded
from triggers.text.errors import TextError
from triggers.text.plain import text_of

Filter = Callable[..., Any]

MAX_DATE_FORMAT = 100
_TIMESTAMP = re.compile(r"[0-9]{9,11}")
# Possessive, so that a tag that never closes is given up at once.
_MARKUP = re.compile(r"<(/?)(\w*+)[^<>]*+>")


def _on_text(filter_: Filter) -> Filter:
    @wraps(filter_)
    def on_text(value: object, *args: object, **kwargs: Any) -> Any:
        return filter_(text_of(value), *map(text_of, args), **kwargs)

    return on_text


def _truncate(value: str, length: str = "50", end: str = "...") -> str:
    room = int(number_of(length))
    return value if len(value) <= room else value[: max(room - len(end), 0)] + end


def _truncatewords(value: str, length: str = "15", end: str = "...") -> str:
    room = max(int(number_of(length)), 1)
    words = value.split(None, room)
    return value if len(words) <= room else type(value)(" ".join(words[:room])) + end


@with_context
def _date(value: object, pattern: object, *, context: RenderContext) -> str:
    """A date in the zone it carries; `"now"` is the merge field `now`, the clock of the run."""
    if isinstance(value, str) and value in ("now", "today"):
        value = context.resolve("now", default=None)
        if value is None:
            raise TextError(_("There is no “now” in this text. Use a date field instead."))
    moment, written = _moment(value), text_of(pattern)
    if moment is None:
        return text_of(value)
    try:
        if len(written) > MAX_DATE_FORMAT:
            raise ValueError
        return type(written)(moment.strftime(written))
    except ValueError:
        message = _("“%(pattern)s” is not a date format. Write one such as %%d %%B %%Y.")
        raise TextError(message % {"pattern": written[:40]}) from None


def _moment(value: object) -> date | None:
    """A date, ISO 8601 text, or seconds since 1970; None for text that is no date and stays as it is."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and not _TIMESTAMP.fullmatch(value):
            return datetime.fromisoformat(value)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _strip_html(value: str) -> str:
    """The text between the tags, without comments, scripts and styles; time grows with the length only."""
    text, kept, skipping, end = _without_comments(value), [], False, 0
    for tag in _MARKUP.finditer(text):
        if not skipping:
            kept.append(text[end : tag.start()])
        if tag[2].lower() in ("script", "style"):
            skipping = not tag[1]
        end = tag.end()
    if not skipping:
        kept.append(text[end:])
    return type(value)("".join(kept))


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


FILTERS: Mapping[str, Filter] = {
    "upcase": _on_text(string.upcase),
    "downcase": _on_text(string.downcase),
    "capitalize": _on_text(string.capitalize),
    "default": misc.default,
    "date": _date,
    "strip": _on_text(string.strip),
    "truncate": _on_text(_truncate),
    "truncatewords": _on_text(_truncatewords),
    "append": _on_text(string.append),
    "prepend": _on_text(string.prepend),
    "escape": _on_text(string.escape),
    "url_encode": _on_text(string.url_encode),
    "plus": arithmetic(operator.add),
    "minus": arithmetic(operator.sub),
    "times": arithmetic(operator.mul),
    "divided_by": arithmetic(divided),
    "round": rounded,
    "floor": floor,
    "ceil": ceil,
    "abs": absolute,
    "first": array.first,
    "last": array.last,
    "size": misc.size,
    "strip_html": _on_text(_strip_html),
    "newline_to_br": _on_text(string.newline_to_br),
    "remove": _on_text(string.remove),
}

# How a filter with arguments is written, for the person who wrote it differently.
USAGE: Mapping[str, str] = {
    "default": 'default: "there"',
    "date": 'date: "%d %B %Y"',
    "truncate": "truncate: 50",
    "truncatewords": "truncatewords: 15",
    "append": 'append: "!"',
    "prepend": 'prepend: "Dear "',
    "plus": "plus: 1",
    "minus": "minus: 1",
    "times": "times: 2",
    "divided_by": "divided_by: 2",
    "round": "round: 2",
    "remove": 'remove: "-"',
}


def accepts(name: str, positional: int, keywords: Collection[str]) -> bool:
    """Whether the filter can be called with so many arguments and these named ones."""
    if not set(keywords) <= {"allow_false"}:
        return False
    signature = inspect.signature(FILTERS[name])
    from_engine = signature.parameters.keys() & {"context", "environment"}
    try:
        signature.bind(*[None] * (positional + 1), **dict.fromkeys([*from_engine, *keywords]))
    except TypeError:
        return False
    return True
