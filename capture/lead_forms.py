"""Leads of lead forms: each becomes a contact and an event, once; and is erased when its network says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Q

from capture import mapping
from capture.events.lead_form_facebook_submitted import LeadFormFacebookSubmitted
from capture.events.lead_form_instagram_submitted import LeadFormInstagramSubmitted
from capture.events.lead_form_linkedin_submitted import LeadFormLinkedinSubmitted
from capture.events.lead_form_tiktok_submitted import LeadFormTiktokSubmitted
from capture.lead_events import Lead
from contacts import leads
from contacts.models import Contact
from contacts.privacy import forgetting
from triggers import holdings
from triggers.models import Event
from triggers.outbox import emit_once
from triggers.problems import Problem, pointer

Network = Literal["facebook", "instagram", "tiktok", "linkedin"]
EVENTS: Final[dict[Network, type[Lead]]] = {
    "facebook": LeadFormFacebookSubmitted,
    "instagram": LeadFormInstagramSubmitted,
    "tiktok": LeadFormTiktokSubmitted,
    "linkedin": LeadFormLinkedinSubmitted,
}
MATCH_BY: Final = ("email", "phone")
# What networks call their own questions, in lower case and with low lines; the first that was answered counts.
STANDARD: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email", "email_address", "work_email"),
    "phone": ("phone_number", "phone", "mobile_phone", "work_phone_number", "work_phone"),
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "name": ("full_name", "name"),
    "company": ("company_name", "company"),
    "job_title": ("job_title",),
    "street": ("street_address", "address"),
    "city": ("city",),
    "state": ("state", "province", "state_province"),
    "postal_code": ("postal_code", "post_code", "zip_code", "zip", "zip_postal_code"),
    "country": ("country",),
    "birth_date": ("date_of_birth", "birthday"),
    "website": ("website",),
}
MAX_ANSWERS: Final = 200
# Kinds of events that tell how a message of ours fared, and nothing that the contact wanted.
FARED: Final = ("email.", "sms.", "phone.", "contact.dnd_changed", "contact.engagement_score_changed")


@dataclass(frozen=True)
class Told:
    """A lead as its network tells it. `mapping` is the connection's own; what it does not name goes by `STANDARD`."""

    network: Network
    lead_id: str
    answers: dict[str, Any]
    mapping: Mapping[str, str] = field(default_factory=dict)
    form_id: str = ""
    form: str = ""
    page_id: str = ""
    campaign_id: str = ""
    adgroup_id: str = ""
    ad_id: str = ""
    submitted_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of a lead. `is_new` is False where it had been taken before, and this is what became of it then."""

    event_id: int
    contact_id: int | None
    problems: list[str]
    is_new: bool


class _Known(Exception):
    """The lead was taken by somebody else meanwhile."""

    def __init__(self, event: Event) -> None:
        self.event = event


def submit(lead: Told) -> Taken:
    """Finds or makes the contact and tells of the lead, both or neither; a lead that was told before changes nothing."""
    known = Event.objects.filter(dedup_key=_key(lead.network, lead.lead_id)).first()
    if known is not None:
        return _as_before(known)
    try:
        return _submit(lead)
    except _Known as known_now:
        return _as_before(known_now.event)


@transaction.atomic
def _submit(lead: Told) -> Taken:
    answers = dict(list(lead.answers.items())[:MAX_ANSWERS])
    wanted = {**standard_mapping(answers), **lead.mapping}
    values, problems = mapping.apply(wanted, {"answers": answers, "lead": _about(lead)}, {})
    contact, refused, made = leads.settle(values, MATCH_BY)
    told = [_in_words(problem) for problem in (*problems, *refused)]
    payload = EVENTS[lead.network](
        contact_id=contact.pk if contact else None, answers=answers, problems=told, is_new_contact=made,
        submitted_at=lead.submitted_at, is_test=lead.is_test, **_about(lead),
    )  # fmt: skip
    event, is_new = emit_once(_key(lead.network, lead.lead_id), payload, occurred_at=lead.submitted_at)
    if not is_new:
        raise _Known(event)
    return Taken(event.pk, payload.contact_id, told, is_new=True)


def standard_mapping(answers: Mapping[str, Any]) -> dict[str, str]:
    """Contact field to path, for the questions that networks put into every form."""
    named = {re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_"): name for name in answers}
    found = {
        contact_field: next((f"answers.{named[name]}" for name in names if name in named), "")
        for contact_field, names in STANDARD.items()
    }
    return {contact_field: path for contact_field, path in found.items() if path}


@transaction.atomic
def erase(network: Network, lead_id: str) -> int | None:
    """Erases a lead that its network has deleted; the id of its event, None where there is none.

    What was told of it goes. The contact goes too where the lead made it and nothing has happened to it since but
    what came of the lead; one that was there before, or has a life of its own by now, stays.
    """
    event = Event.objects.select_for_update(of=("self",)).filter(dedup_key=_key(network, lead_id)).first()
    if event is None:
        return None
    contact = Contact.objects.filter(pk=event.contact_id).first() if event.data.get("is_new_contact") else None
    holdings.blank_events([event.pk])
    if contact is not None and not _has_own_life(contact, event):
        forgetting.forget(contact)
    return event.pk


def _has_own_life(contact: Contact, lead: Event) -> bool:
    """Whether somebody has done anything with the contact since, or it has done anything itself.

    What workflows made of the lead is the lead's, and so is how our own messages fared; the clock is nobody.
    """
    since = Event.objects.filter(contact_id=contact.pk, pk__gt=lead.pk, cause=None)
    ours = Q(*(("type__startswith", kind) for kind in FARED), _connector=Q.OR)
    return since.exclude(ours).exclude(actor=Event.Actor.CLOCK).exists()


def _key(network: str, lead_id: str) -> str:
    return f"lead:{network}:{lead_id}"[:200]


def _about(lead: Told) -> dict[str, str]:
    names = ("lead_id", "form_id", "form", "page_id", "campaign_id", "adgroup_id", "ad_id")
    return {name: getattr(lead, name) for name in names}


def _as_before(event: Event) -> Taken:
    return Taken(event.pk, event.contact_id, list(event.data.get("problems", [])), is_new=False)


def _in_words(problem: Problem) -> str:
    where = pointer(problem.path)
    return f"{where}: {problem.message}" if where else problem.message
