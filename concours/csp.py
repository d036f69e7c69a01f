"""Content-Security-Policy: browsers load and run nothing but this installation's own files."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

HEADER: Final = "Content-Security-Policy"
POLICY: Final = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
# Swagger's page brings a <style> element, style attributes and images inside its stylesheet.
LENIENT: Final = f"{POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
EXCEPTIONS: Final = {"api:docs": LENIENT}


def media_of(response: HttpResponseBase) -> str:
    """What a view has declared that its page plays (`triggers.media.allow`); nothing for all other pages."""
    sources = getattr(response, "media_sources", ())
    return f"; media-src {' '.join(sources)}" if sources else ""


class ContentSecurityPolicyMiddleware:
    """Sends the policy with every response that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else ""
        response.headers.setdefault(HEADER, EXCEPTIONS.get(view, POLICY) + media_of(response))
        return response
