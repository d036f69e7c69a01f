"""Addresses of affiliates: the links they spread, and the signed one of their own page, which runs out."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from affiliates.models import Affiliate

SALT: Final = "affiliates.portal"
GOOD_FOR: Final = timedelta(days=14)


def of_affiliate(code: str) -> str:
    """The link that leads to the affiliate's first campaign."""
    return f"{settings.PUBLIC_URL}/r/{code}/"


def portal() -> str:
    """Where an affiliate asks for a link to their own page, which is then mailed to them."""
    return f"{settings.PUBLIC_URL}/affiliate/"


def magic(affiliate_id: int, now: datetime | None = None) -> str:
    """The whole address of the affiliate's own page. Whoever has it sees the page, for fourteen days."""
    return settings.PUBLIC_URL + magic_path(affiliate_id, now or timezone.now())


def magic_path(affiliate_id: int, now: datetime) -> str:
    return f"/affiliate/{Signer(salt=SALT).sign(f'{affiliate_id}.{int(now.timestamp())}')}/"


def affiliate_of(token: str, now: datetime) -> tuple[Affiliate | None, bool]:
    """Whose page it is, and whether the link has run out; None for what is none of ours, and for nobody's any more."""
    try:
        number, _stop, made = Signer(salt=SALT).unsign(token).partition(".")
    except (BadSignature, ValueError):
        return None, False
    found = Affiliate.objects.select_related("contact", "merged_into__contact").filter(pk=int(number)).first()
    if found is not None and found.merged_into is not None:
        found = found.merged_into
    if found is None or found.contact is None:
        return None, False
    return found, now.timestamp() - int(made) >= GOOD_FOR.total_seconds()
