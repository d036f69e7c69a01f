"""`/b/`: where the script of a website reports. No cookies; nothing is answered that says who somebody is."""

from typing import IO, Any, Final, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import MethodNotAllowed, Throttled

from capture import pages
from capture.addresses import origin_of
from capture.models import Site
from capture.pages import Report
from capture.reading import UnknownType
from triggers import visiting
from triggers.api.parsers import check_headers, parse_json, read_body
from triggers.api.problems import answer

MAX_BODY: Final = 8 * 1024
A_MINUTE: Final = 120
TOGETHER: Final = 12_000


@csrf_exempt
@login_not_required
def beacon(request: HttpRequest) -> HttpResponse:
    """One report: 204 whatever became of it, or a problem document where it cannot be one."""
    try:
        _take_in(request)
        response = HttpResponse(status=204)
    except Exception as error:
        response = answer(error, request)
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


def _take_in(request: HttpRequest) -> None:
    if request.method != "POST":
        raise MethodNotAllowed(str(request.method)[:20], _("Report by POST."))
    # A text is what a browser sends to another website without asking first.
    if request.content_type != "text/plain":
        raise UnknownType(_("Send the report as text/plain."))
    check_headers(request.META, limit=MAX_BODY)
    raw = read_body(cast(IO[bytes], request), limit=MAX_BODY)
    if visiting.wants_no_tracking(request) or visiting.is_program(request):
        return
    body: Any = parse_json(raw, limit=MAX_BODY)
    report = Report.model_validate(body)
    site = Site.objects.filter(key=report.site, active=True).first() if report.site.isprintable() else None
    if site is None:
        raise Http404
    _check_origin(request, site, report)
    now = timezone.now()
    wait = visiting.seconds_to_wait(f"b:{site.pk}", request, A_MINUTE, TOGETHER, now)
    if wait:
        raise Throttled(wait)
    pages.take_in(site, report, now)


def _check_origin(request: HttpRequest, site: Site, report: Report) -> None:
    """Only a page of the website itself reports, and only about the website."""
    origin = request.headers.get("Origin", "")
    if origin not in site.allowed_origins or origin_of(report.url) not in site.allowed_origins:
        raise PermissionDenied(
            _("Reports are taken from the website's own pages alone. Name its address with the site.")
        )
