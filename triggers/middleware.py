"""Gives every request an id, and every event recorded during it the person who made it."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from triggers.context import act_as


class RequestContextMiddleware:
    """Marks what happens during a request: by whom, and under which request id.

    An API key takes the place of the user later, when REST framework has authenticated it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        with act_as(**_who(request), request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


def _who(request: HttpRequest) -> dict[str, str]:
    origin = "admin" if request.path.startswith("/admin/") else "web"
    user = getattr(request, "user", None)
    if request.path.startswith("/api/") or user is None or not user.is_authenticated:
        return {"actor": "system", "actor_id": "", "origin": origin}
    return {"actor": "user", "actor_id": str(user.pk), "origin": origin}
