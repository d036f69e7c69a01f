"""Who looks at a website's page: known only by a token of ours, which a form or a link handed to that website.

The token comes in the part of an address behind the #, which browsers send to no server, or by a message between
frames. It is signed, names a contact, and ends after 90 days. It is taken from nobody else.
"""

from datetime import datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer

from capture.addresses import origin_of
from capture.models import Site
from contacts.dedupe import aliases
from contacts.models import Contact, Forgetting

SALT: Final = "capture.visitor"
GOOD_FOR: Final = timedelta(days=90)
# The same name stands in beacon.js.
FRAGMENT: Final = "concours_visitor"


def token(contact_id: int, now: datetime) -> str:
    return Signer(salt=SALT).sign(f"{contact_id}.{int(now.timestamp())}")


def read(given: str, now: datetime) -> int | None:
    """The contact of a token, as it goes by now; None for what is none of ours, too old, or of somebody gone."""
    try:
        contact_id, _stop, made = Signer(salt=SALT).unsign(given).partition(".")
    except (BadSignature, ValueError):
        return None
    age = now.timestamp() - int(made)
    return known(int(contact_id)) if age + 1 >= 0 and age < GOOD_FOR.total_seconds() else None


def known(contact_id: int) -> int | None:
    """The contact as it goes by now, also after a merge; None where it is gone, or asked to be forgotten."""
    number = aliases.survivor_of(contact_id) or contact_id
    if Forgetting.objects.filter(contact=number).exists():
        return None
    return number if Contact.objects.filter(pk=number).exists() else None


def handed_over(address: str, contact_id: int | None, now: datetime) -> str:
    """The address with the contact's token behind the #, where it leads to a website with our script."""
    if contact_id is None or not is_ours(address):
        return address
    before, _hash, fragment = address.partition("#")
    kept = f"{fragment}&" if fragment else ""
    return f"{before}#{kept}{FRAGMENT}={token(contact_id, now)}"


def is_ours(address: str) -> bool:
    """Whether the address lies on a website with our script."""
    origin = origin_of(address)
    sites = Site.objects.filter(active=True).values_list("allowed_origins", flat=True)
    return bool(origin) and any(origin in origins for origins in sites)
