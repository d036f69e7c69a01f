"""What films and sounds a page plays that do not come from this installation: each response names its own."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

from django.http import HttpResponseBase

SELF: Final = "'self'"


def allow(response: HttpResponseBase, addresses: Iterable[str]) -> None:
    """Lets the page of this response play these https addresses, and nothing else from outside."""
    outside = sorted({source for address in addresses if (source := source_of(address))})
    if outside:
        response.media_sources = [SELF, *outside]  # type: ignore[attr-defined]


def source_of(address: str) -> str:
    """The address as a Content-Security-Policy names it: without its query, and nothing in it ends the directive."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        return ""
    host = parts.hostname.encode("idna").decode() + (f":{parts.port}" if parts.port else "")
    return f"https://{host}{quote(parts.path, safe='/%-._~')}"
