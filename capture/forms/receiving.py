"""What a visitor's browser, or a script on a website, sends to a form: bounded, and read as names and values.

Raises `Unreadable` and its kin (`triggers.api.parsers`), each with the status it is answered with.
"""

from typing import IO, Any, Final, cast

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from capture.forms import files
from capture.reading import UnknownType
from triggers.api.parsers import TooLarge, Unreadable, check_headers, parse_json, read_body

MAX_TEXT: Final = 512 * 1024
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """The values and the files of a request."""
    kind = request.content_type
    if kind not in (*FORMS, "application/json"):
        raise UnknownType(_("Send a form, or a JSON object of names and values."))
    is_multipart = kind == "multipart/form-data"
    check_headers(request.META, limit=files.MAX_REQUEST if is_multipart else MAX_TEXT)
    if kind == "application/json":
        return _of_json(read_body(cast(IO[bytes], request), limit=MAX_TEXT)), MultiValueDict()
    try:
        return request.POST, request.FILES
    except RequestDataTooBig:
        raise TooLarge(MAX_TEXT) from None
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnreadablePostError, ValueError, LookupError):
        raise Unreadable(_("The form broke off on its way. Go back and send it again.")) from None


def _of_json(body: bytes) -> QueryDict:
    """A flat object as a form would have sent it: lists several times, true as yes."""
    value = parse_json(body, limit=MAX_TEXT)
    if not isinstance(value, dict):
        raise Unreadable(_('Send a JSON object of names and values, such as {"email": "anna@example.com"}.'))
    given = QueryDict(mutable=True)
    for name, item in value.items():
        given.setlist(name, [_text(each) for each in (item if isinstance(item, list) else [item])])
    return given


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise Unreadable(_("Send text, numbers, true or false, and lists of these; no objects."))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
