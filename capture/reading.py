"""From raw bytes to the object that mappings and workflows read: JSON, or a form's fields as one.

What is refused is raised as `Unreadable` (400, or 415 for a type that is neither), as the API does.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _

from triggers.api.parsers import MAX_KEYS, MAX_TEXT, Unreadable, parse_json

MAX_BODY: Final = 256 * 1024
MAX_QUERY: Final = 8 * 1024
MAX_NESTING: Final = 8
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
# Some senders of JSON give it no type, or call it text.
_JSON: Final = re.compile(r"|text/plain|text/json|application/json|application/[a-z0-9.+-]+\+json")
_NESTED: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_PARTS: Final = re.compile(r"\[([^\[\]]*)\]")

Json = dict[str, Any]
Pairs = Iterable[tuple[str, str]]


class UnknownType(Unreadable):
    """Neither JSON nor a form."""

    status_code = 415
    default_code = "unknown_type"


def read(content_type: str, body: bytes) -> tuple[Json, list[str]]:
    """The object that the body holds, and what in it was left out. Raises `Unreadable`."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _MULTIPART:
        return _multipart(content_type, body)
    if kind == _FORM or (not body and not kind):
        return nested(_pairs(_text(body))), []
    if not _JSON.fullmatch(kind):
        raise UnknownType(
            _("Send application/json or a form, not %(type)s.") % {"type": kind[:80]},
        )
    value = parse_json(body, limit=MAX_BODY)
    if not isinstance(value, dict):
        raise Unreadable(_('Send a JSON object, such as {"email": "anna@example.com"}, not a list or a single value.'))
    return value, []


def read_query(query: str) -> Json:
    """The address's query as an object. Raises `Unreadable`."""
    if len(query) > MAX_QUERY:
        raise Unreadable(_("The query may have at most %(n)d characters.") % {"n": MAX_QUERY})
    return nested(_pairs(query))


def nested(pairs: Pairs) -> Json:
    """Form fields as an object: `a[b]` within `a`, `a[]` and a repeated `a` as lists, `a[0]`, `a[1]` too."""
    fields: Json = {}
    for name, value in pairs:
        _put(fields, _steps(name), name, value)
    return {name: _lists(value) for name, value in fields.items()}


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_KEYS)
    except UnicodeDecodeError:
        raise Unreadable(_("The form's text is not UTF-8; send it as UTF-8.")) from None
    except ValueError:
        raise Unreadable(_("A form may have at most %(n)d fields.") % {"n": MAX_KEYS}) from None
    return [(_checked(name), _checked(value)) for name, value in pairs]


class _NoFiles(FileUploadHandler):
    """Notes the names of attached files and keeps none."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self.names.append(file_name)
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _multipart(content_type: str, body: bytes) -> tuple[Json, list[str]]:
    """The fields of a multipart form; attached files are named among what was left out."""
    files = _NoFiles()
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body)}
    try:
        # As Latin-1, which keeps every byte: Django would replace what is not UTF-8 without a word.
        parsed, _files = MultiPartParser(meta, BytesIO(body), [files], "latin-1").parse()
    except (MultiPartParserError, SuspiciousOperation):
        raise Unreadable(_("The multipart form is broken; send it whole.")) from None
    fields = [(_bytes(name), _bytes(value)) for name, values in parsed.lists() for value in values]
    if len(fields) > MAX_KEYS:
        raise Unreadable(_("A form may have at most %(n)d fields.") % {"n": MAX_KEYS})
    left_out = [_("The file “%(name)s” was not taken.") % {"name": _shown(name)} for name in files.names]
    return nested((_checked(_text(name)), _checked(_text(value))) for name, value in fields), left_out


def _bytes(text: Any) -> bytes:
    return str(text).encode("latin-1")


def _shown(name: str) -> str:
    return name.encode("latin-1", "replace").decode(errors="replace").replace("\0", "")[:80]


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unreadable(_("The form's text is not UTF-8; send it as UTF-8.")) from None


def _checked(text: str) -> str:
    """Text as every database takes it."""
    if "\0" in text:
        raise Unreadable(_("A text holds the character \\u0000; remove it."))
    if len(text.encode()) > MAX_TEXT:
        raise Unreadable(_("A text may have at most %(n)d bytes.") % {"n": MAX_TEXT})
    return text


def _steps(name: str) -> list[str]:
    """`a[b][]` as ["a", "b", ""]; the name itself where it is not of this form."""
    found = _NESTED.fullmatch(name)
    steps = [found[1], *_PARTS.findall(found[2])] if found else [name]
    return [name] if len(steps) > MAX_NESTING or "" in steps[:-1] else steps


def _put(fields: Json, steps: list[str], name: str, value: str) -> None:
    """Stores the value where its name says; under the whole name where something else stands in the way."""
    place: Any = fields
    listed = steps[-1] == "" and len(steps) > 1
    *parents, last = steps[:-1] if listed else steps
    for step in parents:
        place = place.setdefault(step, {}) if isinstance(place, dict) else None
    if not isinstance(place, dict) or isinstance(place.get(last), dict):
        place, last, listed = fields, name, False
    if listed or last in place:
        before = place.get(last, [])
        place[last] = [*(before if isinstance(before, list) else [before]), value]
    else:
        place[last] = value


def _lists(value: Any) -> Any:
    """Objects whose keys count from 0 as lists, as PHP writes them."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(item) for name, item in value.items()}
    return list(inner.values()) if list(inner) == [str(n) for n in range(len(inner))] else inner
