"""Files that visitors attach: how many, how large, of which kinds.

What a file is called says nothing for sure, so the first bytes are looked at where a kind has any. How they are kept
and given to staff stands in `triggers.files`.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers.files import HEAD, KINDS, MAX_SIZE, MEGABYTE, begins_as, ending, plain_name

MOST: Final = 3
# A whole request: all files of a form, and its answers.
MAX_REQUEST: Final = 25 * MEGABYTE
ACCEPT: Final = ",".join(f".{ending}" for ending in KINDS)


def checked(attached: Sequence[Any]) -> list[Any]:
    """The files of one question, with names as they may be kept. Raises ValidationError that says what is too much."""
    given = [each for each in attached if each]
    if len(given) > MOST:
        raise ValidationError(ngettext("Choose at most %(n)d file.", "Choose at most %(n)d files.", MOST) % {"n": MOST})
    for each in given:
        each.name = plain_name(each.name or "")
        _check(each)
    return given


def _check(file: Any) -> None:
    words = {"name": file.name, "kinds": ", ".join(KINDS), "n": MAX_SIZE // MEGABYTE}
    kind = ending(file.name)
    if kind not in KINDS:
        raise ValidationError(_("“%(name)s” is of a kind that is not taken. Choose one of these: %(kinds)s.") % words)
    if file.size > MAX_SIZE:
        raise ValidationError(_("“%(name)s” is too large. Choose a file of at most %(n)d MB.") % words)
    head = file.read(HEAD)
    file.seek(0)
    if not begins_as(KINDS[kind], head):
        raise ValidationError(_("“%(name)s” is not what its ending says. Choose another file.") % words)
