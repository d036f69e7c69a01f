"""Files that go with a mail: made for it, such as an appointment for the reader's calendar, or kept by staff.

Apps above say how theirs are made (`makers`): text with a type, kept with the message, so that a mail that goes again
goes with the same. Of a file that staff keep (`file:<key>`) the message has the place alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from conversations.models import MailFile
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


class NoFile(LookupError):
    """A file that staff kept is gone; the message says what to do."""


KEPT: Final = "file:"
# By the name that settings have it by; filled in `ready` of whoever knows conversations and what is attached.
makers: Final[dict[str, Maker]] = {}


def register() -> None:
    choices.register("attachment", _choices)


def made(names: Iterable[str], ctx: RunContext) -> tuple[dict[str, Any], ...]:
    """The files as a message keeps them. Raises NoFile."""
    found = []
    for name in names:
        if name.startswith(KEPT):
            found.append(_kept(name))
        elif name in makers:
            file = makers[name].make(ctx)
            found += [asdict(file)] if file is not None else []
    return tuple(found)


def part_of(kept: dict[str, Any]) -> MIMEBase:
    """A file as part of a mail. Raises NoFile."""
    part: MIMEBase
    if "place" in kept:
        part = MIMEBase(*kept["type"].split("/", 1))
        part.set_payload(_content(kept))
        encode_base64(part)
    else:
        part = MIMEText(kept["text"], kept["type"].partition("/")[2], "utf-8")
        for name, value in kept["params"].items():
            part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=kept["name"])
    return part


def is_known(name: str) -> bool:
    """Whether there is such a file, or such a way to make one."""
    return name in makers or (name.startswith(KEPT) and _row(name) is not None)


def unknown(name: str) -> str:
    return _("There is nothing called “%(name)s” to attach.") % {"name": name[:40]}


def _choices() -> list[choices.Choice]:
    kept = choices.of_records(MailFile.objects.order_by("name"), "key", "name")
    return [
        *((name, str(maker.label)) for name, maker in makers.items()),
        *((f"{KEPT}{key}", name) for key, name in kept),
    ]


def _row(name: str) -> MailFile | None:
    return MailFile.objects.filter(key=name.removeprefix(KEPT)).first()


def _kept(name: str) -> dict[str, Any]:
    row = _row(name)
    if row is None:
        raise NoFile(unknown(name))
    return {"name": row.filename, "type": row.content_type, "place": str(row.file.name), "kept": name}


def _content(kept: dict[str, Any]) -> bytes:
    """What the file holds; where another has taken its place meanwhile, that one."""
    row = _row(kept["kept"])
    for place in (kept["place"], str(row.file.name) if row else ""):
        try:
            with default_storage.open(place) as file:
                return bytes(file.read())
        except (OSError, SuspiciousOperation):
            continue
    raise NoFile(_("The file “%(name)s” is gone. Hand it in again.") % {"name": kept["name"]})
