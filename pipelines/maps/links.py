"""The address of the lead's own page: signed, good for a while, and for the one journey it was made for.

Every address of a journey is good until a new link is made; then only those made from there on are.
"""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import F
from django.utils import timezone

from pipelines.models import Journey

SALT: Final = "pipelines.journey"


class Replaced(BadSignature):
    """The link was ours; a new one has been made since."""


def token(journey: Journey) -> str:
    number = f"-{journey.link_number}" if journey.link_number else ""
    return TimestampSigner(salt=SALT).sign(f"{journey.pk}{number}")


def address(journey: Journey) -> str:
    """The full address; each call makes one that is good from now on."""
    return f"{settings.PUBLIC_URL}/j/{token(journey)}/"


def make_new(journey: Journey, by: Any, now: datetime | None = None) -> str:
    """Ends every link there is to the lead's page; the address that works from here on. `by` is the user, or None."""
    Journey.objects.filter(pk=journey.pk).update(
        link_number=F("link_number") + 1, link_made_at=now or timezone.now(), link_made_by=by
    )
    journey.refresh_from_db(fields=["link_number", "link_made_at", "link_made_by"])
    return address(journey)


def journey_of(given: str) -> Journey | None:
    """The journey whose link this is; None where it was deleted.

    Raises BadSignature when forged, SignatureExpired when too old, Replaced when there is a new one.
    """
    seconds = settings.CONCOURS_JOURNEY_LINK_DAYS * 86400
    signed = TimestampSigner(salt=SALT).unsign(given, max_age=seconds)
    key, _dash, number = signed.partition("-")
    found: Journey | None = Journey.objects.filter(pk=int(key)).select_related("contact__owner", "map").first()
    if found is not None and found.link_number != int(number or 0):
        raise Replaced("A new link was made.")
    return found
