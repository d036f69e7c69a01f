"""What machines ask of the installation: is it up, is it ready, how is it doing."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from concours import health


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database, the migrations and the sweep are as they should be, else 503; says which."""
    checks = health.readiness()
    body = {check.name: {"ok": check.ok, "detail": check.detail} for check in checks}
    return JsonResponse(body, status=200 if all(check.ok for check in checks) else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for bearers of METRICS_TOKEN and for staff."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    allowed = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not (allowed or getattr(request.user, "is_staff", False)):
        return HttpResponse("Send METRICS_TOKEN as a bearer token.\n", status=401, content_type="text/plain")
    return HttpResponse(health.metrics(), content_type="text/plain; version=0.0.4")
