"""Files that visitors attach: how many. Of which kinds, how they are kept and given to staff stands in `triggers.files`."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from triggers.files import ACCEPT, MEGABYTE, check, plain_name

MOST: Final = 3
# A whole request: all files of a form, and its answers.
MAX_REQUEST: Final = 25 * MEGABYTE
__all__ = ["ACCEPT", "MAX_REQUEST", "MOST", "checked"]


def checked(attached: Sequence[Any]) -> list[Any]:
    """The files of one question, with names as they may be kept. Raises ValidationError that says what is too much."""
    given = [each for each in attached if each]
    if len(given) > MOST:
        raise ValidationError(ngettext("Choose at most %(n)d file.", "Choose at most %(n)d files.", MOST) % {"n": MOST})
    for each in given:
        each.name = plain_name(each.name or "")
        check(each)
    return given
