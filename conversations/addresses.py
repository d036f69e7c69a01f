"""E-mail addresses: read from what people type, and brought to the one form in which they are compared."""

import re
import unicodedata
from email.utils import getaddresses, parseaddr, quote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

# A name with one of these is quoted in a header (RFC 5322, 3.2.3).
_SPECIAL = re.compile(r'[\]\[\\()<>@,:;".]')


class BadAddress(ValueError):
    """A text that is not one e-mail address; the message says what would be right."""


def read(text: str) -> str:
    """One address as it goes into a header, with the name where there is one. Raises BadAddress."""
    found = getaddresses([text.strip()])
    name, address = found[0] if len(found) == 1 else ("", "")
    try:
        validate_email(address)
    except ValidationError:
        message = _("“%(text)s” is not one e-mail address. Write it like anna@example.org.")
        raise BadAddress(message % {"text": text.strip()[:120]}) from None
    shown = f'"{quote(name)}"' if _SPECIAL.search(name) else name
    return f"{shown} <{address}>" if name else address


def normalised(text: str) -> str:
    """The form addresses are compared in: without name and spaces, one case, the domain as ASCII.

    What differs for the receiving server stays different: dots and +tags are kept.
    """
    # Only mail has names and groups: “sms:+4930123456” is a number on one channel, not a group called sms.
    bare = (parseaddr(text.strip())[1] if "@" in text else "") or text.strip()
    address = unicodedata.normalize("NFKC", bare).casefold()
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{punycode(domain)}"
    except UnicodeError:
        return address


def masked(text: str) -> str:
    """The address as a page shows it that anybody with the link can open: a…@example.org."""
    local, _at, domain = normalised(text).rpartition("@")
    return f"{local[:1]}…@{domain}"
