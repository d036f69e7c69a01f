"""`/j/<token>/`: the lead's own page."""

from django.http import Http404, HttpRequest, HttpResponse


def lead_page(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404
