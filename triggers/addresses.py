"""Addresses that staff enter, and where they lead. Only http and https."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A name or an address, nothing that a policy reads as a pattern.
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


def origin_of(address: str) -> str:
    """Scheme, host and port as browsers write an Origin; empty for what is no http address."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
        name = host.encode("idna").decode() if host else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(name):
        return ""
    shown = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != usual else "")


def check_destination(address: Any) -> None:
    """Raises ValidationError unless the address is a whole http or https address without a password in it."""
    text = str(address or "")
    if not origin_of(text) or "@" in urlsplit(text).netloc or "\\" in text or not _is_plain(text):
        raise ValidationError(_("Enter a whole address, such as https://www.example.com/offer."))


def _is_plain(text: str) -> bool:
    """Without blanks and control characters, quotes, semicolons or commas: nothing that ends a header's directive."""
    return text.isprintable() and not any(letter.isspace() or letter in "\"';,<>" for letter in text)
