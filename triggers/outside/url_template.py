"""A URL with merge fields. The host is written out, and what is filled in stays within its place: it cannot add
a path segment, a query field or a host.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext as _

from triggers.outside import net

LONGEST: Final = 4000
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ORIGIN = re.compile(r"https?://[^/?#{}\s]+(?=[/?#]|\Z)", re.IGNORECASE)


def faults(template: str) -> list[str]:
    """What is wrong with it, in words for its author; its merge fields' names are checked elsewhere."""
    if not _ORIGIN.match(template):
        return [
            _(
                "Write out the host: https://api.example.com/. Merge fields may stand behind it, in the path and"
                " in the query, and nowhere else."
            )
        ]
    marks = _MARK.findall(template)
    if any(mark.startswith("{%") for mark in marks):
        return [_("Tags such as {% if %} cannot stand in a URL. Use merge fields alone.")]
    if any("url_encode" in mark for mark in marks):
        return [_("Values are escaped for the URL by themselves. Take url_encode out.")]
    try:
        net.check_url(_MARK.sub("x", template))
    except net.UnsafeUrl as error:
        return [str(error)]
    return []


def host(template: str) -> str:
    """The host's name; empty where none is written out."""
    origin = _ORIGIN.match(template)
    return (urlsplit(origin.group()).hostname or "") if origin else ""


def fill(template: str, render: Callable[[str], str]) -> str:
    """The URL with each `{{ … }}` replaced by what `render` makes of it, escaped.

    Raises UnsafeUrl when a merge field in the path comes out empty, or leads out of its path: with either the
    call would reach another object than the one that is meant.
    """
    found = faults(template)
    if found:
        raise net.UnsafeUrl(found[0])

    def value(mark: re.Match[str]) -> str:
        text = render(mark.group())
        in_path = "?" not in _MARK.sub("", template[: mark.start()])
        if in_path and not text:
            raise net.UnsafeUrl(_("%(field)s is empty, and the URL needs it.") % {"field": mark.group()})
        return quote(text, safe="", errors="replace")

    url = _MARK.sub(value, template)
    if any(unquote(segment) in (".", "..") for segment in urlsplit(url).path.split("/")):
        raise net.UnsafeUrl(_("The path of the URL holds “.” or “..”, which leads elsewhere. Take it out."))
    if len(url) > LONGEST:
        raise net.UnsafeUrl(_("The URL is longer than %(n)d characters. Send the rest in the body.") % {"n": LONGEST})
    return url


def with_query(url: str, query: str) -> str:
    """The URL with one more piece of query, already encoded."""
    if not query:
        return url
    bare = url.partition("#")[0]
    return f"{bare}{'&' if '?' in bare else '?'}{query}"
