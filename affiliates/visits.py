"""Following an affiliate's link: whose it is, the click, and the cookie by which a buyer is known later on.

The cookie is signed and names enrolments and moments, nothing of the person. It goes when none of its clicks counts any
more; whether one does is judged by its campaign once more when somebody buys.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from affiliates.models import Affiliate, Click, Enrolment, Referral
from contacts.models import Contact
from triggers import visiting

COOKIE: Final = "concours_referral"
SALT: Final = "affiliates.referral"
# Of so many campaigns a visitor's click is remembered; of more the latest.
MOST: Final = 10
# Followed again within this time is one click: a double click, a browser that asks twice.
REPEAT: Final = timedelta(seconds=10)
KEEP: Final = timedelta(days=90)
CHUNK: Final = 2000


class Came(NamedTuple):
    """By whose link, when, and for how many days that was to count."""

    enrolment: int
    at: datetime
    days: int

    @property
    def until(self) -> datetime:
        return self.at + timedelta(days=self.days)


def enrolment_of(code: str, campaign: str = "") -> Enrolment | None:
    """Whose link it is: of the campaign with this key, else of the first one they were enrolled in."""
    if not (code.isascii() and code.isprintable() and campaign.isprintable()):
        return None
    affiliate = Affiliate.objects.filter(code=code).first()
    if affiliate is None:
        return None
    rows = Enrolment.objects.filter(affiliate=affiliate.merged_into_id or affiliate.pk)
    if campaign:
        rows = rows.filter(campaign__key=campaign)
    found: Enrolment | None = rows.select_related("affiliate", "campaign").order_by("pk").first()
    return found


def click(enrolment: Enrolment, request: HttpRequest, now: datetime) -> bool:
    """Writes a click down; False where it is a repetition. Where it came from is kept without its query."""
    who = visiting.mark_of(request, now)
    if Click.objects.filter(enrolment=enrolment, who=who, at__gt=now - REPEAT, at__lte=now).exists():
        return False
    bucket = int(now.timestamp() // REPEAT.total_seconds())
    referrer = visiting.address(request.headers.get("Referer", ""))
    try:
        # Two at once: the unique row decides.
        with transaction.atomic():
            Click.objects.create(
                enrolment=enrolment, who=who, bucket=bucket, at=now, landing=enrolment.destination,
                referrer=_without_query(referrer),
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def remember(request: HttpRequest, response: HttpResponse, enrolment: Enrolment, now: datetime) -> None:
    """Puts the click into the visitor's cookie, as the campaign counts: the first one that still counts, or the latest."""
    found = read(request.COOKIES.get(COOKIE, ""))
    known = {key: came for key, came in found.items() if came.until > now}
    campaign = enrolment.campaign
    before = known.get(campaign.pk)
    if not (before and campaign.counts == campaign.Counts.FIRST and campaign.is_within(before.at, now)):
        known[campaign.pk] = Came(enrolment.pk, now, campaign.window_days)
    kept = sorted(known.items(), key=lambda item: item[1].at)[-MOST:]
    told = {str(key): [came.enrolment, int(came.at.timestamp()), came.days] for key, came in kept}
    response.set_cookie(
        COOKIE, Signer(salt=SALT).sign_object(told), max_age=max(came.until for _key, came in kept) - now,
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def read(given: str) -> dict[int, Came]:
    """What a cookie says, by campaign; nothing for one that is none of ours."""
    try:
        found = Signer(salt=SALT).unsign_object(given) if given else {}
    except (BadSignature, ValueError):
        return {}
    return {int(key): Came(row, datetime.fromtimestamp(at, UTC), days) for key, (row, at, days) in found.items()}


def recognise(request: HttpRequest, contact: Contact, now: datetime) -> None:
    """Notes by whose links the contact came, as their cookie says (`contacts.arrivals`)."""
    came = read(request.COOKIES.get(COOKIE, ""))
    if came:
        refer(contact, came, now)


def refer(contact: Contact, came: Mapping[int, Came], now: datetime) -> list[Referral]:
    """Notes the clicks that still count; nobody is referred by themselves. Those that are new."""
    wanted = {each.enrolment: each.at for each in came.values()}
    rows = Enrolment.objects.filter(pk__in=wanted).select_related("affiliate", "campaign").order_by("pk")
    noted = []
    for enrolment in rows:
        at = wanted[enrolment.pk]
        if enrolment.affiliate.contact_id != contact.pk and enrolment.campaign.is_within(at, now):
            referral = _refer(contact, enrolment, at, now)
            noted += [referral] if referral else []
    return noted


def _refer(contact: Contact, enrolment: Enrolment, at: datetime, now: datetime) -> Referral | None:
    campaign, told = enrolment.campaign, {"enrolment": enrolment, "clicked_at": at, "noted_at": now}
    with transaction.atomic():
        row, is_new = Referral.objects.select_for_update(of=("self",)).get_or_create(
            contact=contact, campaign=campaign, defaults=told
        )
        if is_new:
            return row
        stays = campaign.is_within(row.clicked_at, now) if campaign.counts == campaign.Counts.FIRST else False
        if stays or row.clicked_at >= at:
            return None
        row.enrolment, row.clicked_at, row.noted_at = enrolment, at, now
        row.save()
        return row


def purge(now: datetime | None = None) -> int:
    """Deletes clicks older than 90 days, in chunks; how many. Referrals stay: by them purchases are credited."""
    old, total = Click.objects.filter(at__lt=(now or timezone.now()) - KEEP), 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        Click.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total


def _without_query(address: str) -> str:
    try:
        return urlsplit(address)._replace(query="", fragment="").geturl()
    except ValueError:
        return ""
