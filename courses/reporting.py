"""What a learning system outside tells: who began or completed what, by the numbers that it has for it; who signed in."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from contacts.models import Contact
from courses import granting, learning
from courses.learning import Part, State
from courses.locking import lock
from courses.models import Category, Enrolment, Lesson, LoginOutside, Member, Product

# Clocks differ a little.
AHEAD: Final = timedelta(minutes=5)
# So long numbers of sign-ins are known; what is older is not taken, so that none counts twice.
KEEP: Final = timedelta(days=90)
CHUNK: Final = 2000
LONGEST: Final = 160
MODELS: Final[Mapping[str, Any]] = {
    "lesson": Lesson.objects.select_related("category__product"),
    "category": Category.objects.select_related("product"),
    "course": Product.objects.all(),
}


def part_of(named: Mapping[str, str]) -> Part:
    """The lesson, category or course of this number outside; `named` holds one of them. Raises ValidationError there."""
    given = {kind: number.strip() for kind, number in named.items() if kind in MODELS and number.strip()}
    if len(given) != 1:
        raise ValidationError({"lesson": _("Name one of these by its number outside: lesson, category or course.")})
    [(kind, number)] = given.items()
    found: Part | None = MODELS[kind].filter(external_id=number).first()
    if found is None:
        told = _("Nothing here has the number “%(number)s” outside. Enter it at the course, category or lesson.")
        raise ValidationError({kind: told % {"number": number}})
    return found


def record(contact: Contact, part: Part, state: State, at: datetime, now: datetime) -> Enrolment:
    """Writes down what was told, in whichever order it arrives. Raises ValidationError by field.

    Of a course that is taught here, only whoever has access is taken.
    """
    _refuse_what_is_to_come(at, now)
    product = learning.product_of(part)
    if not product.is_taught_outside and not granting.holds(contact.pk, product, now):
        told = _("%(contact)s has no access to “%(course)s”. Grant an offer that holds it first.")
        raise ValidationError({"contact": told % {"contact": contact, "course": product}})
    return learning.note(contact, part, state, min(at, now))


@transaction.atomic
def record_login(contact: Contact, number: str, at: datetime | None, now: datetime) -> Member:
    """Counts a sign-in outside, once by its number there; one without a number once by its moment, if that is told.

    In whichever order they arrive, the last sign-in stays the latest. Raises ValidationError by field.
    """
    moment, number = at or now, number.strip() or (at.isoformat() if at else "")
    _refuse_what_is_to_come(moment, now)
    if moment < now - KEEP:
        told = _("That is more than %(n)d days ago. Sign-ins are taken until then.") % {"n": KEEP.days}
        raise ValidationError({"occurred_at": told})
    lock([contact.pk])
    member: Member = Member.objects.filter(contact=contact).first() or Member(contact=contact)
    if number and not LoginOutside.objects.get_or_create(contact=contact, number=number, defaults={"at": moment})[1]:
        return member
    moment = min(moment, now)
    member.logins += 1
    member.last_login_at = max(moment, member.last_login_at or moment)
    member.save()
    return member


def number_in(text: str) -> str:
    """The number of a sign-in outside that a text tells. Raises ValidationError at `number` for one too long to keep."""
    number = text.strip()
    if len(number) > LONGEST:
        told = _("A number outside has at most %(n)d characters.") % {"n": LONGEST}
        raise ValidationError({"number": told})
    return number


def moment_in(text: str, zone: tzinfo) -> datetime | None:
    """The moment that a text tells; None for an empty one. Raises ValidationError at `occurred_at`.

    Without an offset it is a time of this zone.
    """
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        told = _("“%(text)s” is no date and time, such as 2026-03-04T10:00:00Z.") % {"text": text.strip()}
        raise ValidationError({"occurred_at": told})
    return found if timezone.is_aware(found) else timezone.make_aware(found, zone)


def purge(now: datetime) -> int:
    """Deletes numbers of sign-ins that are too old to be told again, in chunks; how many."""
    old, total = LoginOutside.objects.filter(at__lt=now - KEEP), 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        LoginOutside.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total


def _refuse_what_is_to_come(at: datetime, now: datetime) -> None:
    if at > now + AHEAD:
        raise ValidationError({"occurred_at": _("That has not happened yet. Give the moment when it did.")})
