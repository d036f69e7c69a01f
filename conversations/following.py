"""Following a mail: the picture that tells of its opening, and links that go by way of us.

A link's token holds the message's key and the link's place in it, signed; where it leads stands with the message,
so that nobody can make one that leads elsewhere.
"""

import html as markup_text
import re
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from conversations.composing import before_body_end
from conversations.models import Message

OPENING: Final = "conversations.opening"
CLICK: Final = "conversations.click"
# A mail with more links keeps the others as they are.
MOST: Final = 200
_LINK: Final = re.compile(r"""(<a\b[^<>]*?\bhref\s*=\s*)(["'])([^"'<>]*)\2""", re.IGNORECASE)


def followed(html: str, key: UUID, *, opens: bool, clicks: bool) -> tuple[str, tuple[str, ...]]:
    """The HTML of a mail with links that go by way of us and the picture, and where each link leads, by its place."""
    links: list[str] = []

    def by_way_of_us(found: re.Match[str]) -> str:
        before, quote, written = found.groups()
        url = markup_text.unescape(written).strip()
        if not _may_follow(url) or (url not in links and len(links) >= MOST):
            return found.group()
        if url not in links:
            links.append(url)
        return f"{before}{quote}{click_url(key, links.index(url))}{quote}"

    if clicks:
        html = _LINK.sub(by_way_of_us, html)
    if opens and html:
        html = before_body_end(html, f'<img src="{opening_url(key)}" width="1" height="1" alt="">')
    return html, tuple(links)


def opening_url(key: UUID) -> str:
    return f"{settings.PUBLIC_URL}/o/{Signer(salt=OPENING).sign(key.hex)}.gif"


def click_url(key: UUID, place: int) -> str:
    return f"{settings.PUBLIC_URL}/c/{Signer(salt=CLICK).sign(f'{key.hex}.{place}')}/"


def opened_message(token: str) -> Message | None:
    """The message whose picture this is; None where it was erased or blanked. Raises BadSignature when forged."""
    return _message(Signer(salt=OPENING).unsign(token))


def clicked_message(token: str) -> tuple[Message | None, str]:
    """The message whose link this is, and where it leads; empty where that is gone. Raises BadSignature when forged."""
    key, _dot, place = Signer(salt=CLICK).unsign(token).partition(".")
    message = _message(key)
    if message is None or not place.isdecimal() or int(place) >= len(message.links):
        return message, ""
    url = str(message.links[int(place)])
    return message, url if _may_follow(url) else ""


def _message(key: str) -> Message | None:
    try:
        return Message.objects.filter(key=UUID(hex=key)).exclude(to_address="").first()
    except ValueError:
        raise BadSignature("no key") from None


def _may_follow(url: str) -> bool:
    """Links to pages; the way out and our own public pages stay as they are."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    ours = any(url.startswith(f"{settings.PUBLIC_URL}/{page}/") for page in "uoc")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 2000 and not ours
