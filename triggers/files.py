"""Files that people outside hand in: what they may be called, whether they are what they say, and how staff get them.

They lie under a name nobody can guess, outside of what is served, and are only ever downloaded: nothing in them runs
in the browser of staff.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

MEGABYTE: Final = 1024 * 1024
MAX_SIZE: Final = 10 * MEGABYTE
# By ending how such a file begins; empty where it may begin with anything.
KINDS: Final[dict[str, tuple[bytes, ...]]] = {
    "pdf": (b"%PDF-",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF8",), "webp": (b"RIFF",), "heic": (), "doc": (b"\xd0\xcf\x11\xe0",), "docx": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",), "xls": (b"\xd0\xcf\x11\xe0",), "xlsx": (b"PK\x03\x04",), "txt": (), "csv": (),
}  # fmt: skip
# How many of a file's first bytes `begins_as` wants.
HEAD: Final = 16
# What a page lets people choose from.
ACCEPT: Final = ",".join(f".{each}" for each in KINDS)

_written: ContextVar[list[str] | None] = ContextVar("files_written", default=None)


def plain_name(name: str) -> str:
    """The last part of a file's name, without what a screen or a header would trip over."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in "\"'<>|:*?;")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:80]}{dot}{ending[:20]}".strip() or "file"


def ending(name: str) -> str:
    """The ending of a name in small letters; empty where it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def begins_as(marks: tuple[bytes, ...], head: bytes) -> bool:
    """Whether a file that begins so is of the kind with these marks."""
    return not marks or head.startswith(marks)


def check(file: Any) -> None:
    """Raises ValidationError for a file that is too large, or of no kind that is taken.

    What it is called says nothing for sure, so the first bytes are looked at where a kind has any.
    """
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


@contextmanager
def undone_on_failure() -> Iterator[None]:
    """A block whose rows go with its transaction where it raises: the files it wrote (`written`) go then, too."""
    if _written.get() is not None:
        yield
        return
    names: list[str] = []
    token = _written.set(names)
    try:
        yield
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise
    finally:
        _written.reset(token)


def written(file: Any) -> None:
    """Notes a stored file, for `undone_on_failure`."""
    names = _written.get()
    if names is not None and file.name:
        names.append(str(file.name))


def go_with(model: type[models.Model], name: str = "file") -> None:
    """Has each row's file go along once it is sure that the row is gone, however it is deleted."""

    def gone(instance: models.Model, **_: Any) -> None:
        kept = str(getattr(instance, name).name or "")
        if kept:
            transaction.on_commit(partial(default_storage.delete, kept))

    post_delete.connect(gone, sender=model, weak=False, dispatch_uid=f"files.{model._meta.label}")


def download(file: Any, name: str) -> FileResponse:
    """The file as it came, always as a download. Raises Http404 where it is gone."""
    try:
        opened = file.open("rb")
    except (FileNotFoundError, ValueError):
        # a row without a file, or one whose file somebody took away
        raise Http404 from None
    answer = FileResponse(opened, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
