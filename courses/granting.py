"""Giving offers and taking them back, and the access to courses that follows from it.

A course opens with the first offer that holds it, and closes with the last. Everything about one contact's access is done
under a lock on the contact, so that two offers which end at the same moment see each other.
"""

from collections.abc import Collection, Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import m2m_changed
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contacts.models import Contact
from courses.locking import lock
from courses.models import Access, Enrolment, Offer, Product
from courses.models.access import active
from triggers import languages
from triggers.context import act_as, by_whom
from triggers.models.event import Lane

OVER: Final = gettext_noop("The time was over.")
MOVED: Final = gettext_noop("The end was moved.")
REMADE: Final = gettext_noop("The courses of the offer were changed.")
BATCH: Final = 200


class Occasion(NamedTuple):
    """Why courses open or close just now, and when."""

    reason: str
    at: datetime


_occasion: ContextVar[Occasion | None] = ContextVar("why and when courses open or close", default=None)


@transaction.atomic
def grant(contact: Contact, offer: Offer, reason: str = "", now: datetime | None = None) -> Access:
    """Gives the contact an offer. Given again, it is told again, and holds as long as the longer of both."""
    now = now or timezone.now()
    lock([contact.pk])
    access: Access | None = Access.objects.filter(contact=contact, offer=offer).first()
    until = now + timedelta(days=offer.access_days) if offer.access_days else None
    if access is None:
        access = Access(contact=contact, offer=offer, expires_at=until, granted_at=now, reason=reason[:300])
        access.save()
    else:
        access.expires_at = _later(access.expires_at, until) if access.is_active(now) else until
        _give_anew(access, reason, now)
    settle([contact.pk], now, reason)
    return access


@transaction.atomic
def revoke(contact: Contact, offer: Offer, reason: str = "", now: datetime | None = None) -> Access | None:
    """Takes an offer from the contact, and tells it each time; None, and nothing told, where it never had it."""
    now = now or timezone.now()
    lock([contact.pk])
    access: Access | None = Access.objects.filter(contact=contact, offer=offer).first()
    if access is not None:
        _remove(access, reason, now)
        settle([contact.pk], now, reason)
    return access


@transaction.atomic
def end_at(access: Access, until: datetime | None, now: datetime | None = None) -> Access:
    """Moves the end of an access; None is never. Raises ValidationError at `expires_at` (`check_end`).

    An end that is past ends it at once, told as every ending; one to come gives anew what was over or taken away.
    The end that it has already changes nothing.
    """
    now = now or timezone.now()
    lock([access.contact_id])
    # Read anew: it may have been given or taken until the lock was ours.
    row: Access = Access.objects.get(pk=access.pk)
    if until == row.expires_at:
        return row
    check_end(row, until)
    row.expires_at, ends = until, until is not None and until <= now
    if ends and row.removed_at is None:
        _remove(row, languages.stored(OVER), now)
    elif not ends and row.removed_at is not None:
        _give_anew(row, languages.stored(MOVED), now)
    else:
        row.save()
    settle([row.contact_id], now, row.reason)
    return row


def check_end(access: Access, until: datetime | None) -> None:
    """Raises ValidationError at `expires_at` for an end before the beginning."""
    if until is not None and until < access.granted_at:
        since = formats.date_format(timezone.localtime(access.granted_at), "DATETIME_FORMAT")
        told = _("That is before it began, on %(since)s. Give a later end.") % {"since": since}
        raise ValidationError({"expires_at": [told]})


def holds(contact_id: int, product: Product, now: datetime) -> bool:
    """Whether an offer gives the contact this course now."""
    return bool(Access.objects.filter(active(now), contact=contact_id, offer__products=product).exists())


def open_to(contact_id: int, now: datetime) -> set[int]:
    """The courses that the contact's offers give it now."""
    rows = Access.objects.filter(active(now), contact=contact_id, offer__products__isnull=False)
    return set(rows.order_by().values_list("offer__products", flat=True))


def ends(places: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime | None]:
    """By contact and course, when the last offer that holds now ends; None where one of them does not."""
    contacts, products = {contact for contact, _product in places}, {product for _contact, product in places}
    rows = Access.objects.filter(active(occasion().at), contact__in=contacts, offer__products__in=products)
    found: dict[tuple[int, int], datetime | None] = {}
    for contact, product, until in rows.order_by().values_list("contact", "offer__products", "expires_at"):
        place = (contact, product)
        found[place] = _later(found[place], until) if place in found else until
    return found


def settle(contact_ids: Collection[int], now: datetime, reason: str = "") -> None:
    """Opens and closes courses for these contacts as their offers say. The contacts are locked already."""
    held = set(
        Access.objects.filter(active(now), contact__in=contact_ids, offer__products__isnull=False)
        .order_by().values_list("contact", "offer__products")
    )  # fmt: skip
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(contact__in=contact_ids).order_by("pk")
    known = {(row.contact_id, row.product_id): row for row in rows}
    opening = [row.pk for place, row in known.items() if row.access_since is None and place in held]
    closing = [row.pk for place, row in known.items() if row.access_since is not None and place not in held]
    missing = [
        Enrolment(contact_id=who, product_id=what, access_since=now) for who, what in sorted(held - known.keys())
    ]
    token = _occasion.set(Occasion(reason[:300], now))
    try:
        Enrolment.objects.filter(pk__in=opening).update(access_since=now)
        Enrolment.objects.filter(pk__in=closing).update(access_since=None)
        Enrolment.objects.bulk_create(missing)
    finally:
        _occasion.reset(token)


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if _over(now).exists() else set()


def expire(lane: Lane, now: datetime) -> int:
    """Takes offers whose time is over, a batch of them; how many."""
    with transaction.atomic(), act_as(actor="clock", actor_id="", origin="course access"):
        contacts = list(_over(now).order_by("contact_id").values_list("contact_id", flat=True)[:BATCH])
        if not contacts:
            return 0
        lock(contacts)
        # Read anew: somebody may have prolonged it until the lock was ours.
        ending = list(_over(now).filter(contact__in=contacts).order_by("pk"))
        reason = languages.stored(OVER)
        for access in ending:
            _remove(access, reason, now)
        settle(set(contacts), now, reason)
    return len(ending)


def occasion() -> Occasion:
    """Why and when courses open or close here."""
    return _occasion.get() or Occasion("", timezone.now())


def connect() -> None:
    """Whoever holds an offer follows what becomes of its courses."""
    m2m_changed.connect(_products_changed, sender=Offer.products.through, dispatch_uid="courses.offer_products")


def _products_changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any) -> None:
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    if reverse and pk_set is None:
        open_now = Enrolment.objects.filter(product=instance.pk, access_since__isnull=False)
        contacts = open_now.values_list("contact_id", flat=True)
    else:
        offers = pk_set if reverse else {instance.pk}
        contacts = Access.objects.filter(offer__in=offers or ()).values_list("contact_id", flat=True)
    now = timezone.now()
    for portion in _portions(sorted(set(contacts))):
        lock(portion)
        settle(portion, now, languages.stored(REMADE))


def _give_anew(access: Access, reason: str, now: datetime) -> None:
    access.granted_at, access.granted_by, access.removed_at = now, by_whom(), None
    access.grants += 1
    access.reason = reason[:300]
    access.save()


def _remove(access: Access, reason: str, now: datetime) -> None:
    access.removed_at = access.removed_at or now
    access.removals += 1
    access.reason = reason[:300]
    access.save()


def _over(now: datetime) -> "models.QuerySet[Access]":
    rows: models.QuerySet[Access] = Access.objects.filter(removed_at=None, expires_at__lte=now)
    return rows


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Of two ends the later; None is none."""
    return None if one is None or other is None else max(one, other)


def _portions(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
