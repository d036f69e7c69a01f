"""Files that visitors attach: how many, how large, of which kinds; and how they are given to staff.

What a file is called says nothing for sure, so the first bytes are looked at where a kind has any. Files are
only ever downloaded, never shown: nothing in them runs in the browser of staff.
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MEGABYTE: Final = 1024 * 1024
MAX_SIZE: Final = 10 * MEGABYTE
MOST: Final = 3
# A whole request: all files of a form, and its answers.
MAX_REQUEST: Final = 25 * MEGABYTE
# By ending how such a file begins; empty where it may begin with anything.
KINDS: Final[dict[str, tuple[bytes, ...]]] = {
    "pdf": (b"%PDF-",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF8",), "webp": (b"RIFF",), "heic": (), "doc": (b"\xd0\xcf\x11\xe0",), "docx": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",), "xls": (b"\xd0\xcf\x11\xe0",), "xlsx": (b"PK\x03\x04",), "txt": (), "csv": (),
}  # fmt: skip
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


def plain_name(name: str) -> str:
    """The last part of a file's name, without what a screen or a header would trip over."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in "\"'<>|:*?;")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:80]}{dot}{ending[:20]}".strip() or "file"


def _check(file: Any) -> None:
    words = {"name": file.name, "kinds": ", ".join(KINDS), "n": MAX_SIZE // MEGABYTE}
    ending = file.name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise ValidationError(_("“%(name)s” is of a kind that is not taken. Choose one of these: %(kinds)s.") % words)
    if file.size > MAX_SIZE:
        raise ValidationError(_("“%(name)s” is too large. Choose a file of at most %(n)d MB.") % words)
    head = file.read(16)
    file.seek(0)
    if KINDS[ending] and not head.startswith(KINDS[ending]):
        raise ValidationError(_("“%(name)s” is not what its ending says. Choose another file.") % words)
