"""Websites that staff enter: which may embed a form, or report their visitors."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from triggers.addresses import check_destination, origin_of

__all__ = ["MAX_ORIGINS", "as_origins", "check_destination", "check_origins", "origin_of"]

MAX_ORIGINS: Final = 50


def check_origins(value: Any) -> None:
    """Raises ValidationError naming the first entry that is no website: scheme and host alone."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValidationError(_("Enter a list of websites, such as https://www.example.com."))
    if len(value) > MAX_ORIGINS:
        raise ValidationError(_("Enter at most %(n)d websites.") % {"n": MAX_ORIGINS})
    for each in value:
        if origin_of(each) != each:
            raise ValidationError(
                _("“%(entry)s” is no website. Enter scheme and host alone, such as https://www.example.com.")
                % {"entry": each[:80]}
            )


def as_origins(lines: Any) -> Any:
    """What was typed, each entry cut down to its origin where it has one, so that a pasted page address does."""
    if not isinstance(lines, list):
        return lines
    return list(dict.fromkeys(origin_of(each) or each.strip() for each in lines if str(each).strip()))
