"""The demo's deals: a pipeline with a dozen of them, and a workflow that looks after those that stand still."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from contacts.models import Contact, CustomField
from pipelines import services as deals
from pipelines.models import LostReason, Opportunity, Pipeline, Stage
from pipelines.models.opportunity import ON_DEALS
from triggers.context import quiet

Json = dict[str, Any]

# Name, probability in percent, and after how many days a deal counts as stale.
STAGES: Final = (
    ("Enquiry", 10, 7), ("Visit", 25, 14), ("Planning", 45, 14), ("Offer sent", 65, 10), ("Negotiation", 80, 10),
)  # fmt: skip
REASONS: Final = (
    ("lost", "Too dear"), ("lost", "Bought elsewhere"), ("lost", "No answer"), ("won", "Planning"), ("won", "Price"),
)  # fmt: skip
# Name, contact, stage, value, currency, days since it came, months until it is expected to close.
DEALS: Final = (
    ("Kitchen with island", "Jonas", "Enquiry", "22000", "EUR", 2, 3),
    ("Holiday flat, galley kitchen", "Leyla", "Enquiry", "14500", "EUR", 19, 4),
    ("Showroom lead", "Marie", "Enquiry", None, "EUR", 0, 0),
    ("Farmhouse kitchen", "Anna", "Visit", "42400", "CHF", 3, 2),
    ("Loft, open plan", "Tomás", "Visit", "31900", "EUR", 15, 2),
    ("Villa am See", "Aiko", "Planning", "58750", "EUR", 6, 1),
    ("Two kitchens, Enge", "Leyla", "Planning", "54000", "CHF", 6, 3),
    ("Kitchen and pantry", "Marie", "Offer sent", "27300", "EUR", 14, 1),
    ("Oak kitchen", "Jonas", "Negotiation", "29600", "EUR", 1, 1),
    ("Utility room", "Anna", "Negotiation", "8900", "EUR", 1, 2),
    ("Kitchen in the attic", "Tomás", "Negotiation", "38400", "EUR", 12, 1),
    ("Office pantry", "Aiko", "Offer sent", "6200", "CHF", 30, 1),
)
ENDED: Final = (("Kitchen in the attic", "won", "Planning"), ("Office pantry", "lost", "Bought elsewhere"))


def stale() -> Json:
    """A deal that stands still gets its owner a task, a week later another."""
    return {
        "triggers": [
            {
                "uid": "t1", "event": "opportunity.stale", "conditions": None,
                "config": {
                    "by_stage": True, "days": 14, "clock": "activity", "repeat_every": 7, "repeat_most": 3,
                    "not_while_tasks": True,
                },
            }
        ],
        "actions": [
            {
                "uid": "task", "action": "task.create",
                "config": {
                    "title": "Ask {{ contact.name }} about “{{ event.name }}”",
                    "details": "{{ event.stage_name }}: nothing has happened for {{ event.days_stale }} days.",
                    "assignee": "owner", "due_in": 1, "unit": "days", "at": "10:00", "skip_weekends": True,
                },
            }
        ],
        "settings": {"timezone": "account"},
    }  # fmt: skip


def ensure(clara: User, owner: User) -> None:
    """A pipeline with five stages and a dozen deals in two currencies, some of which have stood still."""
    if Pipeline.objects.exists():
        return
    made = Pipeline.objects.create(name="Kitchen sales", currency="EUR")
    for place, (name, probability, days) in enumerate(STAGES, 1):
        Stage.objects.create(pipeline=made, name=name, position=place, probability=probability, rotting_days=days)
    for outcome, name in REASONS:
        LostReason.objects.create(outcome=outcome, name=name)
    if not CustomField.objects.filter(on=ON_DEALS).exists():
        CustomField.objects.create(on=ON_DEALS, key="front", label="Front", kind="text", position=1)
    people = {contact.first_name: contact for contact in Contact.objects.filter(source="demo")}
    now = timezone.now()
    with quiet("demo"):
        for number, (name, who, stage, value, currency, days, months) in enumerate(DEALS):
            if who not in people:
                continue
            day = (now + timedelta(days=30 * months)).date() if months else None
            deals.create(
                {
                    "name": name, "contact": people[who], "pipeline": made, "stage": stage, "value": value,
                    "currency": currency, "owner": (clara, owner)[number % 2], "source": "demo", "expected_close": day,
                },
                now=now - timedelta(days=days),
            )  # fmt: skip
        for name, status, reason in ENDED:
            deal = Opportunity.objects.filter(name=name).first()
            if deal is not None:
                deals.close(deal, status, reason)
