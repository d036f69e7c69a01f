"""The demo: a small organisation with contacts, workflows, forms and a webhook, so that a first look shows life.

Every part is made only when it is missing, so `manage.py demo` may be run at each start.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from capture.models import InboundWebhook
from capture.services import create as create_webhook
from communities import services as communities
from communities.models import Group as CommunityGroup
from concours import demonstration_affiliates as affiliates
from concours import demonstration_appointments as visits
from concours import demonstration_capture as forms
from concours import demonstration_commerce as shop
from concours import demonstration_courses as lessons
from concours import demonstration_deals as deals
from concours import demonstration_maps as maps
from contacts.models import Contact, CustomField, Tag
from contacts.services import update as update_contact
from triggers import services
from triggers.context import quiet
from triggers.models import Organisation, Workflow

Json = dict[str, Any]

PEOPLE: Final = (
    ("Anna", "Schmidt", "anna.schmidt@example.org", "DE", "Europe/Berlin"),
    ("Jonas", "Weber", "jonas.weber@example.org", "DE", "Europe/Berlin"),
    ("Leyla", "Demir", "leyla.demir@example.org", "AT", "Europe/Vienna"),
    ("Marie", "Dubois", "marie.dubois@example.org", "FR", "Europe/Paris"),
    ("Tomás", "García", "tomas.garcia@example.org", "ES", "Europe/Madrid"),
    ("Aiko", "Tanaka", "aiko.tanaka@example.org", "JP", "Asia/Tokyo"),
)
# What the demo keeps of its contacts besides: key, label, kind, and what else there is to say.
FIELDS: Final[tuple[tuple[str, str, str, Json], ...]] = (
    ("budget", "Budget", "money", {"currency": "EUR", "help_text": "What the kitchen may cost."}),
    ("style", "Style", "choice", {"choices": ["Modern", "Country house", "Industrial"]}),
    ("interests", "Interested in", "multi_choice", {"choices": ["Kitchen", "Worktop", "Appliances", "Lighting"]}),
    ("fitted_on", "Fitted on", "date", {"help_text": "The day the kitchen was finished."}),
    ("showroom", "Was in the showroom", "yesno", {}),
)
VALUES: Final[dict[str, Json]] = {
    "Jonas": {"budget": "18500", "style": "Industrial", "interests": ["Kitchen", "Lighting"], "showroom": True},
    "Leyla": {"budget": "9200", "style": "Modern", "fitted_on": "2025-03-14", "showroom": True},
    "Tomás": {"interests": ["Worktop"], "showroom": False},
}
MAPPING: Final = {
    "email": "email",
    "first_name": "first_name",
    "last_name": "last_name",
    "phone": "phone",
    "country": "country",
}


@dataclass(frozen=True)
class Login:
    """What a person needs to look around: the admin's name and password, and the webhook's address."""

    username: str
    password: str
    webhook: str


@transaction.atomic
def ensure() -> Login:
    """Makes what is missing of the demo and tells how to get in."""
    if not Organisation.objects.exists():
        Organisation.objects.create(
            name="Brandt Küchen", time_zone="Europe/Berlin", postal_address="Waldstraße 12, 10551 Berlin",
            sender="Brandt Küchen <hello@brandt-kuechen.example>",
        )  # fmt: skip
    admin = _kept("demo-password")
    owner = _user("admin", admin, is_superuser=True)
    clara = _user("clara", admin)
    _fields()
    _people(clara)
    deals.ensure(clara, owner)
    token = _webhook(owner)
    webhook = InboundWebhook.objects.get(name="Website")
    form, link = forms.ensure()
    showroom = visits.ensure(clara, owner)
    shop.ensure()
    offer = lessons.ensure()
    campaign = affiliates.ensure()
    for name, document, folder in (
        ("Welcome a new lead", welcome(webhook.pk), "Sales"),
        ("VIP welcome", vip(), "Sales"),
        ("Note who replied", replied(), "After sales"),
        ("Look after stale deals", deals.stale(), "Sales"),
        ("Look after unpaid invoices", shop.overdue(), "After sales"),
        ("Answer a wish to visit", forms.asked_for_a_visit(form, link), "Sales"),
        ("Confirm a booked visit", visits.booked(showroom), "Sales"),
        ("Give the course with the care plan", lessons.bought(offer), "After sales"),
        ("Send affiliates their link", affiliates.enrolled(campaign), "Affiliates"),
        ("Tell affiliates of their sales", affiliates.sold(), "Affiliates"),
    ):
        _workflow(name, document, folder, owner)
    maps.ensure(clara, owner, _workflow)
    _club()
    return Login("admin", admin, f"{settings.PUBLIC_URL}/in/{token}/")


def welcome(webhook_id: int) -> Json:
    """A posted lead is welcomed by mail, gets a follow-up task, and its reply is waited for two days."""
    return {
        "triggers": [
            {"uid": "t1", "event": "webhook.received", "config": {"webhooks": [webhook_id]}, "conditions": None}
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "Welcome",
                "config": {
                    "category": "transactional",
                    "subject": "Welcome, {{ contact.first_name | default: 'and good day' }}",
                    "text": "Good day {{ contact.name }},\n\nthank you for writing to {{ organisation.name }}. "
                    "We call you within one working day.\n\nJust reply to this mail if you prefer to write.",
                },
            },
            {
                "uid": "task", "action": "task.create", "name": "Call",
                "config": {
                    "title": "Call {{ contact.name }}", "assignee": "clara", "due_in": 1, "unit": "days",
                    "at": "10:00", "skip_weekends": True,
                },
            },
            {
                "uid": "reply", "action": "wait.for_event", "name": "Wait for a reply",
                "config": {"event": "message.customer_replied", "days": 2},
                "outcomes": {
                    "happened": [{"uid": "tag", "action": "contact.add_tag", "config": {"tags": ["Replied"]}}],
                    "timeout": [
                        {
                            "uid": "notify", "action": "user.notify",
                            "config": {"usernames": ["clara"], "text": "{{ contact.name }} has not replied."},
                        }
                    ],
                },
            },
        ],
        "settings": {"timezone": "account"},
    }  # fmt: skip


def vip() -> Json:
    """A German contact who gets the tag VIP is written to and called."""
    return {
        "triggers": [
            {
                "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
                "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
            }
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "Come and see",
                "config": {
                    "subject": "{{ contact.first_name }}, come and see our showroom",
                    "text": "Dear {{ contact.name }},\n\nwe keep a seat for you on Thursday.",
                },
            },
            {
                "uid": "task", "action": "task.create",
                "config": {"title": "Call {{ contact.name }}", "assignee": "clara", "due_in": 2, "unit": "hours"},
            },
        ],
        "settings": {"reentry": "once_per_contact"},
    }  # fmt: skip


def replied() -> Json:
    """Somebody replied: the score rises."""
    return {
        "triggers": [{"uid": "t1", "event": "message.customer_replied", "config": {}, "conditions": None}],
        "actions": [{"uid": "score", "action": "contact.adjust_score", "config": {"points": 5, "reason": "Replied"}}],
        "settings": {},
    }


def _user(name: str, password: str, **values: Any) -> User:
    user = get_user_model()._default_manager.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(
            name, f"{name}@brandt-kuechen.example", password, is_staff=True, first_name=name.title(), **values
        )
        user.groups.add(Group.objects.get(name="CRM manager"))
    return user


def _fields() -> None:
    for position, (key, label, kind, more) in enumerate(FIELDS, 1):
        if not CustomField.objects.filter(key=key).exists():
            field = CustomField(key=key, label=label, kind=kind, position=position, **more)
            field.full_clean()
            field.save()


def _people(owner: User) -> None:
    if Contact.objects.exists():
        return
    with quiet("demo"):
        for first, last, email, country, zone in PEOPLE:
            contact = Contact.objects.create(
                first_name=first, last_name=last, email=email, country=country, time_zone=zone, owner=owner,
                source="demo", created_at=timezone.now() - timedelta(days=30),
            )  # fmt: skip
            if first in VALUES:
                update_contact(contact, {"custom_fields": VALUES[first]})
        for name in ("VIP", "Newsletter"):
            Tag.objects.get_or_create(name=name)


def _club() -> None:
    club, made = CommunityGroup.objects.get_or_create(
        name="Kitchen club", defaults={"description": "Customers who meet in the showroom on the first Friday."}
    )
    if made:
        for member in Contact.objects.order_by("pk")[:2]:
            communities.grant(member, [club], "Bought a kitchen")


def _webhook(owner: User) -> str:
    """The plain token of the demo's webhook, kept under var/ because the database knows only its digest."""
    if not InboundWebhook.objects.filter(name="Website").exists():
        _webhook_record, token = create_webhook("Website", owner=owner, mapping=MAPPING)
        _keep("demo-webhook", token)
    return _kept("demo-webhook")


def _workflow(name: str, document: Json, folder: str, owner: User) -> None:
    if not Workflow.objects.filter(name=name).exists():
        workflow = services.create(name, document, owner, folder=folder)
        services.publish(workflow, by=owner, note="Demo")


def _kept(name: str) -> str:
    """A secret of the demo, made once and kept in a file that only this user reads."""
    file = Path(settings.VAR_DIR) / name
    if not file.exists():
        _keep(name, secrets.token_urlsafe(12))
    return file.read_text().strip()


def _keep(name: str, value: str) -> None:
    file = Path(settings.VAR_DIR) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(value)
