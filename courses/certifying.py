"""Certificates: what a template may say, and giving one to a person, once for each occasion."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Contact
from courses.locking import lock
from courses.models import Certificate, CertificateTemplate, Enrolment
from triggers import evidence, languages, text
from triggers.facts import sources
from triggers.models import Organisation
from triggers.problems import Invalid, Problem

logger = logging.getLogger(__name__)
ORGANISATION: Final = ("name", "postal_address")
COURSE: Final = ("title", "completed_on")
# What keys of certificates for completed courses are made from.
COMPLETIONS: Final = UUID("5d0f3a3e-3a57-4f6b-9a53-7f3c0c5a1c11")


def problems_of(template: str) -> list[str]:
    """Why the text of a template cannot be filled in."""
    return [each.message for each in text.check(template, _is_known)]


def on_completion(enrolment: Enrolment) -> list[Certificate]:
    """Gives whoever completed the course the certificates that are given by themselves; once for the enrolment.

    A template that cannot be filled in does not undo what was completed: it is logged, and staff issue it by hand.
    """
    templates = CertificateTemplate.objects.filter(product=enrolment.product_id, on_completion=True).order_by("pk")
    now, made = timezone.now(), []
    for each in templates.select_related("product"):
        try:
            made.append(issue(enrolment.contact, each, now, uuid5(COMPLETIONS, f"{enrolment.pk}:{each.pk}")))
        except text.TextError as error:
            logger.error("no certificate of template %s for enrolment %s: %s", each.pk, enrolment.pk, error)
    return made


@transaction.atomic
def issue(contact: Contact, template: CertificateTemplate, now: datetime, key: UUID) -> Certificate:
    """Gives a certificate; the one there is where this key had one, or the contact has a valid one of the template.

    Raises `text.TextError` where the template cannot be filled in.
    """
    lock([contact.pk])
    known = Certificate.objects.filter(key=key).first() or valid(contact, template, now)
    if known is not None:
        return known
    product = template.product
    with languages.of_mail_to(contact.language), timezone.override(Organisation.get().zone):
        words = text.render(template.text, _values(contact, template, now))
    made: Certificate = Certificate.objects.create(
        key=key, contact=contact, template=template, name=contact.name[:200], course=product.title, title=template.title,
        text=words[:8000], issued_at=now,
        expires_at=now + timedelta(days=template.valid_days) if template.valid_days else None,
    )  # fmt: skip
    return made


def valid(contact: Contact, template: CertificateTemplate, now: datetime) -> Certificate | None:
    """The contact's newest certificate of this template that is valid."""
    rows = Certificate.objects.filter(contact=contact, template=template, revoked_at=None).order_by("-pk")
    return next((row for row in rows[:20] if row.standing(now) == "valid"), None)


def revoke(certificate: Certificate, now: datetime) -> None:
    """From now on its page says that it is revoked. Raises Invalid where that is so already."""
    if certificate.revoked_at is not None:
        raise Invalid([Problem((), _("It was revoked already."))])
    certificate.revoked_at = now
    certificate.save()


def _is_known(name: str) -> bool:
    namespace, _dot, rest = name.partition(".")
    if namespace == "contact":
        return sources["contact"].field(rest) is not None
    return (namespace, rest) in {("organisation", each) for each in ORGANISATION} | {
        ("course", each) for each in COURSE
    }


def _values(contact: Contact, template: CertificateTemplate, now: datetime) -> dict[str, Any]:
    organisation = Organisation.get()
    enrolment = Enrolment.objects.filter(contact=contact, product=template.product_id).first()
    at = enrolment.completed_at if enrolment else None
    course = {
        "title": template.product.title,
        "completed_on": date_format(timezone.localtime(at or now), "DATE_FORMAT"),
    }
    facts = sources["contact"].load({contact.pk}).get(contact.pk, {})
    own = {name: getattr(organisation, name) for name in ORGANISATION}
    return {"organisation": own, "course": course, "contact": evidence.nested(facts)}
