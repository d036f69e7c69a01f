"""What is wrong with something a person or a client wrote, and where: the same shape for all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """`path` leads from the root of the document to the field; `message` says what would be right."""

    path: Path
    message: str
    warning: bool = False

    def under(self, *prefix: str | int) -> "Problem":
        return Problem((*prefix, *self.path), self.message, self.warning)

    def as_json(self) -> dict[str, Any]:
        return {
            "path": list(self.path),
            "message": self.message,
            "level": "warning" if self.warning else "error",
        }


class Invalid(ValueError):
    """Raised by services that refuse a document; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{pointer(p.path)}: {p.message}" for p in self.problems))


def pointer(path: Path) -> str:
    """The path as a reader writes it: `actions[0].config.subject`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def from_pydantic(error: ValidationError) -> list[Problem]:
    """Pydantic's errors in the product's words."""
    return [Problem(tuple(item["loc"]), _message(item)) for item in error.errors()]


def _message(item: Any) -> str:
    context = item.get("ctx", {})
    kind = item["type"]
    if kind == "missing":
        return _("This is required.")
    if kind == "extra_forbidden":
        return _("There is no such setting here; remove it or check its spelling.")
    if kind in ("int_type", "int_parsing", "int_from_float"):
        return _("Enter a whole number, for example 3.")
    if kind in ("float_type", "float_parsing", "decimal_type", "decimal_parsing"):
        return _("Enter a number, for example 12.50.")
    if kind in ("bool_type", "bool_parsing"):
        return _("Choose yes or no.")
    if kind == "string_type":
        return _("Enter text.")
    if kind == "literal_error":
        return _("Choose one of: %(choices)s.") % {"choices": context.get("expected", "")}
    if kind == "value_error":
        return str(context.get("error", item["msg"]))
    return str(item["msg"])
