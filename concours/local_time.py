"""Staff read and enter times in the organisation's time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from triggers.models import Organisation


class OrganisationTimeMiddleware:
    """Makes the organisation's zone the current one for the admin; machines keep speaking UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        with timezone.override(Organisation.get().zone):
            return self.get_response(request)
