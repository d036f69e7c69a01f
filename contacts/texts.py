"""Text as a contact keeps it: storable in every database, without stray blanks."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def line(value: Any) -> str:
    """A text in one line, each run of blanks as one space; a number becomes text, None the empty text."""
    return " ".join(written(value).split())


def written(value: Any) -> str:
    """A text with its line breaks, without blanks around it. Raises ValidationError for what is no text."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValidationError(_("Enter text."))
    return storable(str(value)).strip()


def storable(text: str) -> str:
    """The text itself; raises ValidationError where a database cannot hold it."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValidationError(_("Remove the unreadable characters from this text."))
    return text
