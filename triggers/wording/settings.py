"""Settings that were set, cleared or changed, each in a sentence: Subject of “Welcome” changed from “…” to “…”."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from pydantic import BaseModel

from triggers.wording.telling import value_in_words
from triggers.wording.words import quoted, within

LONG: Final = 80
# How much of what is the same stands before the first letter that differs.
BEFORE: Final = 24
NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


def changed_settings(
    old: Mapping[str, Any], new: Mapping[str, Any], kind: type[BaseModel] | None, called: str = ""
) -> Iterator[str]:  # fmt: skip
    """The sentences, in the order of the new settings. `kind` declares them, as far as its code is still there."""
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if was == now or (was in NOTHING and now in NOTHING):
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping) and name != "conditions":
            yield from changed_settings(was, now, None, called)
        else:
            yield _told(_of(_label(name, kind), called), *_both(was, now, _is_choice(name, kind)))


def mapping(value: Any) -> Mapping[str, Any]:
    """An object of any JSON; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def _told(what: str, was: str, now: str) -> str:
    words = {"what": what, "old": was, "new": now}
    if not was:
        return _("%(what)s is now %(new)s.") % words
    if not now:
        return _("%(what)s is no longer set; it was %(old)s.") % words
    return _("%(what)s changed from %(old)s to %(new)s.") % words


def _of(label: str, called: str) -> str:
    return _("%(label)s of “%(what)s”") % {"label": capfirst(label), "what": called} if called else capfirst(label)


def _label(name: str, kind: type[BaseModel] | None) -> str:
    """A setting's title as its type declares it; else its name without underscores."""
    info = kind.model_fields.get(name) if kind else None
    declared = (info.title if info is not None else "") or capfirst(str(name).replace("_", " "))
    return _(declared) if declared else ""


def _is_choice(name: str, kind: type[BaseModel] | None) -> bool:
    info = kind.model_fields.get(name) if kind else None
    return info is not None and any(
        get_origin(part) is Literal for part in (info.annotation, *get_args(info.annotation))
    )


def _both(was: Any, now: Any, is_choice: bool) -> tuple[str, str]:
    """Old and new as a reader sees them; of long texts the part that differs."""
    if is_choice:
        return _choice(was), _choice(now)
    if isinstance(was, str) and isinstance(now, str):
        same = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
        start = max(same - BEFORE, 0) if max(len(was), len(now)) > LONG else 0
        return _excerpt(was, start), _excerpt(now, start)
    return _said(was), _said(now)


def _excerpt(text: str, start: int) -> str:
    if not text:
        return ""
    words = " ".join(text[start:].split())
    return quoted(("…" if start else "") + Truncator(words).chars(LONG))


def _said(value: Any) -> str:
    if value in NOTHING:
        return ""
    return _excerpt(value, 0) if isinstance(value, str) else Truncator(value_in_words(value)).chars(LONG)


def _choice(value: Any) -> str:
    if isinstance(value, str) and value:
        return within(_(capfirst(value.replace("_", " "))))
    return _said(value)
