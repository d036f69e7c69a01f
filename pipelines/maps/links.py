"""The address of the lead's own page: signed, good for a while, and for the one journey it was made for."""

from typing import Final

from django.conf import settings
from django.core.signing import TimestampSigner

from pipelines.models import Journey

SALT: Final = "pipelines.journey"


def token(journey: Journey) -> str:
    return TimestampSigner(salt=SALT).sign(str(journey.pk))


def address(journey: Journey) -> str:
    """The full address; each call makes one that is good from now on."""
    return f"{settings.PUBLIC_URL}/j/{token(journey)}/"


def journey_of(given: str) -> Journey | None:
    """The journey whose link this is; None where it was deleted. Raises BadSignature when forged or too old."""
    seconds = settings.CONCOURS_JOURNEY_LINK_DAYS * 86400
    number = TimestampSigner(salt=SALT).unsign(given, max_age=seconds)
    found: Journey | None = Journey.objects.filter(pk=int(number)).select_related("contact__owner", "map").first()
    return found
