"""What a learning system outside tells: who began or completed what, by the numbers that it has for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Contact
from courses import granting, learning
from courses.learning import Part, State
from courses.models import Category, Enrolment, Lesson, Product

# Clocks differ a little.
AHEAD: Final = timedelta(minutes=5)
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
    if at > now + AHEAD:
        raise ValidationError({"occurred_at": _("That has not happened yet. Give the moment when it did.")})
    product = learning.product_of(part)
    if not product.is_taught_outside and not granting.holds(contact.pk, product, now):
        told = _("%(contact)s has no access to “%(course)s”. Grant an offer that holds it first.")
        raise ValidationError({"contact": told % {"contact": contact, "course": product}})
    return learning.note(contact, part, state, min(at, now))
