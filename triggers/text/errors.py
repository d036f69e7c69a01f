"""What is wrong with a text, told to the person who wrote it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class TextProblem:
    """One thing to put right before the text can be saved; `line` counts from 1, None is the whole text."""

    message: str
    line: int | None


class TextError(Exception):
    """The text cannot be read or rendered; `message` says what happened and what to do."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


def line_at(source: str, index: int) -> int | None:
    """The line of the character at `index`, from 1; None for Liquid's -1, the end of a text."""
    return source.count("\n", 0, index) + 1 if index >= 0 else None
