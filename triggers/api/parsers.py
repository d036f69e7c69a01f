"""The one door for JSON: UTF-8, bounded in every direction, and nothing that two readers would read differently.

`parse_json` serves the API and the public webhooks alike. The bounds are reliability rule R19's.
"""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32
# Of one object. A workflow or a provider's order holds more than that in all.
MAX_KEYS: Final = 1000
MAX_KEYS_IN_ALL: Final = 20_000
MAX_TEXT: Final = 64 * 1024
# As in conditions: wider than any amount, narrow enough that nothing computed from it can run away.
MAX_DIGITS: Final = 30
CHUNK: Final = 64 * 1024


class Unreadable(APIException):
    """The body is not JSON as we take it; the message says what would be right."""

    status_code = 400
    default_code = "unreadable"


class TooLarge(Unreadable):
    """The body is longer than allowed."""

    status_code = 413
    default_code = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(_("The body may have at most %(limit)d bytes; send less at once.") % {"limit": limit})


class Compressed(Unreadable):
    """The body is compressed: what it unpacks to cannot be bounded beforehand."""

    status_code = 415
    default_code = "compressed"

    def __init__(self) -> None:
        super().__init__(_("Compressed bodies are not taken; send the JSON as it is, without Content-Encoding."))


class LengthMissing(Unreadable):
    """A chunked body: Django would take it for an empty one."""

    status_code = 411
    default_code = "length_missing"

    def __init__(self) -> None:
        super().__init__(_("Say the body's length in Content-Length; chunked bodies are not taken."))


def parse_json(body: bytes, *, limit: int = MAX_BYTES, keys: int = MAX_KEYS_IN_ALL) -> Any:
    """The value of a JSON document in UTF-8. Raises `Unreadable` (400) or `TooLarge` (413)."""
    if len(body) > limit:
        raise TooLarge(limit)
    try:
        text = body.decode()
        value = json.loads(
            text, object_pairs_hook=_Keys(keys), parse_int=_int, parse_float=_float, parse_constant=_constant
        )
    except UnicodeDecodeError as error:
        raise Unreadable(_("Byte %(n)d is not UTF-8; send the JSON as UTF-8.") % {"n": error.start}) from None
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno, "why": error.msg}
        raise Unreadable(_("This is not JSON, at line %(line)d column %(column)d: %(why)s.") % where) from None
    except RecursionError:
        _too_deep()
    _check(value)
    return value


def check_headers(meta: Mapping[str, Any], *, limit: int | None = MAX_BYTES) -> None:
    """Refuses by its headers (a WSGI environ) what need not be read: compressed, chunked, too long.

    `limit` None leaves the length to the reader. Raises `Compressed`, `LengthMissing` or `TooLarge`.
    """
    if meta.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        raise Compressed()
    length = meta.get("CONTENT_LENGTH") or ""
    if not length and meta.get("HTTP_TRANSFER_ENCODING"):
        raise LengthMissing()
    stated = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0
    if limit is not None and stated > limit:
        raise TooLarge(limit)


def read_body(stream: IO[bytes], *, limit: int = MAX_BYTES) -> bytes:
    """The stream to its end; stops at the limit, whatever the headers said. Raises `TooLarge`."""
    parts: list[bytes] = []
    left = limit + 1
    try:
        while left > 0 and (part := stream.read(min(left, CHUNK))):
            parts.append(part)
            left -= len(part)
    except UnreadablePostError:
        raise Unreadable(_("The body broke off before its end; send it again.")) from None
    if left <= 0:
        raise TooLarge(limit)
    return b"".join(parts)


class StrictJSONParser(BaseParser):
    """`application/json` for REST framework, through `parse_json`; a subclass may set other limits."""

    media_type = "application/json"
    limit: int = MAX_BYTES
    keys: int = MAX_KEYS_IN_ALL

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        request = (parser_context or {}).get("request")
        if request is not None:
            check_headers(request.META, limit=self.limit)
        return parse_json(read_body(stream, limit=self.limit), limit=self.limit, keys=self.keys)


class _Keys:
    """Builds the objects of one document, counting keys as they come."""

    def __init__(self, most: int) -> None:
        self.seen, self.most = 0, most

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.seen += len(pairs)
        if len(pairs) > MAX_KEYS:
            raise Unreadable(_("An object may have at most %(n)d keys.") % {"n": MAX_KEYS})
        if self.seen > self.most:
            raise Unreadable(_("The document may have at most %(n)d keys.") % {"n": self.most})
        built = dict(pairs)
        if len(built) < len(pairs):
            raise Unreadable(_("The key “%(key)s” stands twice in one object; keep one.") % {"key": _twice(pairs)})
        return built


def _twice(pairs: list[tuple[str, Any]]) -> str:
    names = [name for name, _value in pairs]
    return next(name for name in names if names.count(name) > 1)[:60]


def _int(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Unreadable(_("A number may have at most %(n)d digits.") % {"n": MAX_DIGITS})
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits) if len(digits) <= 2 * MAX_DIGITS else math.nan
    if not math.isfinite(value):
        raise Unreadable(
            _("The number %(number)s… is too long or too large; send at most %(n)d digits.")
            % {"number": digits[:20], "n": MAX_DIGITS}
        )
    return value


def _constant(name: str) -> NoReturn:
    raise Unreadable(_("%(name)s is not JSON; send a number or null.") % {"name": name})


def _too_deep() -> NoReturn:
    raise Unreadable(_("Objects and lists may nest at most %(n)d deep.") % {"n": MAX_DEPTH})


def _check(value: Any) -> None:
    """Depth and texts, level by level, without recursion."""
    level, depth = [value], 0
    while level:
        below: list[Any] = []
        nested = False
        for item in level:
            kind = type(item)
            if kind is str:
                _check_text(item)
            elif kind is list:
                nested = True
                below.extend(item)
            elif kind is dict:
                nested = True
                for key in item:
                    _check_text(key)
                below.extend(item.values())
        depth += nested
        if depth > MAX_DEPTH:
            _too_deep()
        level = below


def _check_text(text: str) -> None:
    """No database takes half of a surrogate pair, and PostgreSQL no NUL."""
    if text.isascii():
        length = len(text)
    else:
        try:
            length = len(text.encode())
        except UnicodeEncodeError:
            raise Unreadable(_("A text holds half of a character (\\ud800 to \\udfff); remove it.")) from None
    if length > MAX_TEXT:
        raise Unreadable(_("A text may have at most %(n)d bytes.") % {"n": MAX_TEXT})
    if "\0" in text:
        raise Unreadable(_("A text holds the character \\u0000; remove it."))
