"""The small language that says where in received data a value stands. No expressions, no code.

    contact.email                      a key within an object
    items[0].sku   items[-1].sku       an element of a list, counted from the front or from the end
    answers[type=email].email          the first element whose `type` is "email"
    answers[field.ref=mail].email      the same, the key being a path of its own
    query.utm_source                   the address's query instead of the body; `body.` says body

A key that itself contains full stops is found whole first: "1.3" reads {"1.3": …} and then {"1": {"3": …}}.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

MAX_LENGTH: Final = 300
MAX_KEYS: Final = 20
_KEYS = re.compile(r"[^\[\]]+")
_INDEX = re.compile(r"-?[0-9]{1,4}")

Keys = tuple[str, ...]
Json = Mapping[str, Any]


class WrongPath(ValueError):
    """The path is not one of this language; the message says what would be right."""


@dataclass(frozen=True)
class Where:
    """The first element of a list whose value under `keys` reads `value`."""

    keys: Keys
    value: str


Step = Keys | int | Where


class Missing:
    """What stands where the data has nothing. None is a value of its own."""


MISSING: Final = Missing()


@lru_cache(maxsize=2048)
def parse(path: str) -> tuple[Step, ...]:
    """The steps of a path. Raises `WrongPath`."""
    if len(path) > MAX_LENGTH:
        raise WrongPath(_("A path has at most %(n)d characters.") % {"n": MAX_LENGTH})
    steps: list[Step] = []
    rest = path.strip()
    if not rest or rest.startswith("["):
        raise WrongPath(_("A path begins with a key, for example contact.email."))
    while rest:
        if rest.startswith("["):
            inside, closed, rest = rest[1:].partition("]")
            if not closed or "[" in inside:
                raise WrongPath(_("“[%(text)s” lacks its closing bracket.") % {"text": inside})
            steps.append(_selector(inside))
        else:
            found = _KEYS.match(rest)
            if found is None:
                raise WrongPath(_("“]” stands without its opening bracket."))
            steps.append(_keys(_after_bracket(found[0]) if steps else found[0]))
            rest = rest[found.end() :]
    return tuple(steps)


def find(path: str, body: Json, query: Json) -> Any:
    """What stands at the path; `MISSING` where there is nothing. Raises `WrongPath`."""
    first, *others = parse(path)
    assert isinstance(first, tuple)
    source: Any = {"query": query, "body": body}.get(first[0]) if len(first) > 1 else None
    value = _descend(body, first) if source is None else _descend(source, first[1:])
    for step in others:
        value = _step(value, step)
    return value


def _selector(inside: str) -> Step:
    """What brackets hold: a position, or a key and the value it is to have."""
    key, equals, value = inside.partition("=")
    if equals:
        return Where(_keys(key), value.strip())
    if not _INDEX.fullmatch(inside.strip()):
        raise WrongPath(_("In brackets stands a position such as 0 or -1, or a choice such as type=email."))
    return int(inside)


def _after_bracket(text: str) -> str:
    if not text.startswith("."):
        raise WrongPath(_("After a bracket comes a full stop or another bracket."))
    return text[1:]


def _keys(text: str) -> Keys:
    keys = tuple(part.strip() for part in text.split("."))
    if not all(keys):
        raise WrongPath(_("Between two full stops stands a key, for example contact.email."))
    if len(keys) > MAX_KEYS:
        raise WrongPath(_("A path has at most %(n)d keys in a row.") % {"n": MAX_KEYS})
    return keys


def _step(value: Any, step: Step) -> Any:
    if isinstance(step, tuple):
        return _descend(value, step)
    if not isinstance(value, list):
        return MISSING
    if isinstance(step, int):
        return value[step] if -len(value) <= step < len(value) else MISSING
    return next((item for item in value if _reads(_descend(item, step.keys), step.value)), MISSING)


def _descend(value: Any, keys: Keys) -> Any:
    """Follows keys through objects, at each the longest run of keys that it has as one."""
    while keys:
        if not isinstance(value, Mapping):
            return MISSING
        for length in range(len(keys), 0, -1):
            whole = ".".join(keys[:length])
            if whole in value:
                value, keys = value[whole], keys[length:]
                break
        else:
            return MISSING
    return value


def _reads(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text == str(value).lower()
    return isinstance(value, str | int | float) and str(value) == text
