"""Problem documents (RFC 9457): one shape for everything the API refuses, from one exception handler."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from django.core import exceptions as django
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import ValidationError
from rest_framework import exceptions as drf
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.settings import api_settings

from triggers.context import acting
from triggers.problems import Invalid, Path, Problem, from_pydantic, pointer

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final = {
    400: gettext_lazy("The request is not right"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not possible here"),
    406: gettext_lazy("No such format"),
    409: gettext_lazy("Not possible now"),
    410: gettext_lazy("Gone"),
    411: gettext_lazy("Length missing"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Not in this format"),
    422: gettext_lazy("Refused"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("A fault of ours"),
    503: gettext_lazy("Busy"),
}


_CODES: Final = {400: "invalid", 409: "conflict"}


class Conflict(drf.APIException):
    """What stands in the database does not allow it now (409); the message says what to do first."""

    status_code = 409
    default_code = "conflict"


class Changed(drf.APIException):
    """The row is not as the client last saw it (412)."""

    status_code = 412
    default_code = "changed"
    default_detail = gettext_lazy("Somebody changed this since you read it. Read it again, then repeat.")


@dataclass(frozen=True)
class Trouble:
    """What a problem document says. `code` names the kind for programs and never changes."""

    status: int
    code: str
    detail: str
    problems: list[Problem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        """The document; `instance` is the path of the request."""
        return {
            "type": f"urn:concours:problem:{self.code}",
            "title": str(TITLES.get(self.status, TITLES[400])),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "request_id": acting().request_id,
            "errors": [located(problem) for problem in self.problems],
        }


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """REST framework's EXCEPTION_HANDLER: any exception as a problem document."""
    request = context.get("request")
    found = trouble(exc, request)
    instance = getattr(request, "path", "")
    return Response(found.document(instance), found.status, headers=found.headers, content_type=MEDIA_TYPE)


def answer(exc: Exception, request: HttpRequest) -> JsonResponse:
    """The same for plain Django views, such as the public webhooks."""
    found = trouble(exc, request)
    return JsonResponse(
        found.document(request.path), status=found.status, headers=found.headers, content_type=MEDIA_TYPE
    )


def trouble(exc: Exception, request: Any = None) -> Trouble:
    """What went wrong, in words for the client. A fault of ours is logged, and nothing of it is told."""
    match exc:
        case Invalid():
            status = getattr(exc, "status_code", 422)
            return _many(status, _CODES.get(status, "refused"), exc.problems)
        case ValidationError() if getattr(request, "method", "POST") not in SAFE_METHODS:
            return _many(400, "invalid", from_pydantic(exc))
        case drf.ValidationError():
            return _many(400, "invalid", list(_flat(exc.detail, ())))
        case django.ValidationError():
            return _many(400, "invalid", list(_flat(_details(exc), ())))
        case Http404():
            return Trouble(404, "not_found", _("There is nothing at this address, or not any more."))
        case django.PermissionDenied():
            return Trouble(403, "permission_denied", str(exc) or _("Your account may not do this."))
        case drf.APIException() if exc.status_code < 500:
            return _of_framework(exc)
        case django.RequestDataTooBig():
            return Trouble(413, "too_large", _("The body is too large; send less at once."))
        case django.SuspiciousOperation() | UnreadablePostError():
            return Trouble(400, "bad_request", _("The request cannot be read; send it again."))
        case DataError():
            log.warning("refused by the database", exc_info=exc)
            return Trouble(400, "invalid", _("A value is too large, or not of the kind its field holds."))
        case IntegrityError():
            log.warning("refused by the database", exc_info=exc)
            return Trouble(409, "conflict", _("Somebody changed this at the same time. Read it again, then repeat."))
        case OperationalError():
            log.error("the database did not answer", exc_info=exc)
            busy = _("The database is busy; try again in a few seconds.")
            return Trouble(503, "busy", busy, headers={"Retry-After": "5"})
    log.error("request %s broke", acting().request_id, exc_info=exc)
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return Trouble(500, "fault", _("Something broke on our side. It is logged under this request_id."))


def _of_framework(exc: drf.APIException) -> Trouble:
    headers: dict[str, str] = {}
    detail = str(exc.detail)
    match exc:
        case drf.NotAuthenticated():
            detail = _("Send an API key as “Authorization: Bearer cck_…”, or sign in.")
        case drf.Throttled():
            seconds = max(1, ceil(getattr(exc, "wait", None) or 1))
            headers["Retry-After"] = str(seconds)
            detail = ngettext("Try again in %(n)d second.", "Try again in %(n)d seconds.", seconds) % {"n": seconds}
        case drf.UnsupportedMediaType():
            detail = _("Send the body as application/json.")
        case drf.NotAcceptable():
            detail = _("The answer comes as application/json; accept that.")
        case drf.NotFound() if exc.detail == drf.NotFound.default_detail:
            detail = _("There is nothing at this address, or not any more.")
    challenge = getattr(exc, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    code = exc.get_codes()
    return Trouble(exc.status_code, code if isinstance(code, str) else "refused", detail, headers=headers)


def _many(status: int, code: str, problems: list[Problem]) -> Trouble:
    if len(problems) == 1:
        only = problems[0]
        where = pointer(only.path)
        return Trouble(status, code, f"{where}: {only.message}" if where else only.message, problems)
    count = len(problems)
    told = ngettext("%(n)d thing is wrong; see errors.", "%(n)d things are wrong; see errors.", count)
    return Trouble(status, code, told % {"n": count}, problems)


def located(problem: Problem) -> dict[str, str]:
    """A problem with its place twice: `pointer` is a JSON Pointer (RFC 6901), as a URI fragment."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in problem.path)
    return {
        "pointer": "#" + "".join(f"/{part}" for part in parts),
        "field": pointer(problem.path),
        "message": problem.message,
    }


def _details(exc: django.ValidationError) -> Any:
    return exc.message_dict if hasattr(exc, "error_dict") else exc.messages


def _flat(detail: Any, path: Path) -> Iterator[Problem]:
    """REST framework's nested error details, one problem for each message."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            whole = name in (api_settings.NON_FIELD_ERRORS_KEY, django.NON_FIELD_ERRORS)
            yield from _flat(below, path if whole else (*path, name))
    elif isinstance(detail, Iterable) and not isinstance(detail, str):
        for index, below in enumerate(detail):
            yield from _flat(below, path if isinstance(below, str) else (*path, index))
    else:
        yield Problem(path, str(detail))
