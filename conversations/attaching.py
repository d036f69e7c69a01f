"""Files that are made for a mail, such as an appointment for the reader's calendar. Apps above say how (`makers`).

A file is text with a type; it is kept with the message, so that a mail that goes again goes with the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from email.mime.text import MIMEText
from typing import Any, Final

from django.utils.translation import gettext as _

from triggers import choices
from triggers.run_context import RunContext


@dataclass(frozen=True)
class File:
    """`type` is such as text/calendar; `params` stand beside it, such as the method of a calendar."""

    name: str
    type: str
    text: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Maker:
    """What staff call it; and the file for a run, None where it is about nothing that there is one of."""

    label: Any
    make: Callable[[RunContext], File | None]


# By the name that settings have it by; filled in `ready` of whoever knows conversations and what is attached.
makers: Final[dict[str, Maker]] = {}


def register() -> None:
    choices.register("attachment", lambda: [(name, str(maker.label)) for name, maker in makers.items()])


def made(names: Iterable[str], ctx: RunContext) -> tuple[dict[str, Any], ...]:
    """The files as a message keeps them."""
    files = [makers[name].make(ctx) for name in names if name in makers]
    return tuple(asdict(file) for file in files if file is not None)


def part_of(kept: dict[str, Any]) -> MIMEText:
    """A file as part of a mail."""
    part = MIMEText(kept["text"], kept["type"].partition("/")[2], "utf-8")
    for name, value in kept["params"].items():
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=kept["name"])
    return part


def unknown(name: str) -> str:
    return _("There is nothing called “%(name)s” to attach.") % {"name": name[:40]}
