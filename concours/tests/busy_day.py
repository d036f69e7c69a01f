"""The demo on a busy day: a fortnight of runs, a failure, a message that waits, tasks, replies; for the pictures."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concours import demonstration
from contacts.models import Contact, Import, ScoreRule, Task
from contacts.services import add_tags, set_dnd
from contacts.services import update as update_contact
from conversations.services import receive_reply
from pipelines import services as deals
from pipelines.models import Opportunity
from providers.models import Connection
from triggers import clock, services, sweeping
from triggers.context import act_as, quiet
from triggers.models import Run, Workflow
from triggers.models.event import Event
from triggers.tests import make

Json = dict[str, Any]

# First name, last name, country, city; some have told no first name.
PEOPLE: Final = (
    ("Miriam", "Yıldız", "DE", "Hamburg"), ("Felix", "Baumgartner", "DE", "Berlin"), ("Sophie", "Lang", "DE", "Leipzig"),
    ("Matthias", "König", "DE", "München"), ("Ines", "Hoffmann", "DE", "Köln"), ("Paul", "Okafor", "DE", "Bremen"),
    ("", "Brenner", "DE", "Dresden"), ("Katarzyna", "Nowak", "PL", "Poznań"), ("Luca", "Moretti", "IT", "Milano"),
    ("Henrike", "Thomsen", "DE", "Kiel"), ("", "Sommer", "DE", "Ulm"), ("David", "Brandt", "AT", "Graz"),
)  # fmt: skip
# How many runs began on each of the days before, from thirteen days ago on.
BEFORE: Final = (14, 19, 16, 5, 3, 21, 22, 18, 24, 17, 6, 4, 20)
DUE: Final = (
    ("Send worktop samples", "Sophie", -20), ("Confirm measuring date", "Matthias", 4), ("Check electrical plan", "Ines", 26),
)  # fmt: skip


def fill(settings: Any, erp: Any) -> None:
    """Fills the database; `erp` is a server that refuses an order."""
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.VAR_DIR = settings.MEDIA_ROOT
    clara: User = make.user("boss", first_name="Clara", last_name="Vogt", is_staff=True, is_superuser=True)
    demonstration.ensure()
    User.objects.filter(username="clara").update(first_name="Jonas", last_name="Weber")
    with quiet("demo"):
        people = [
            Contact.objects.create(
                first_name=first, last_name=last, country=country, city=city, owner=clara,
                email=f"{last.lower()}@example.org", source="demo",
            )
            for first, last, country, city in PEOPLE
        ]  # fmt: skip
    _workflows(erp, clara)
    _fortnight(people)
    _today(people, clara)
    _outside(clara)
    clock.beat("sweep")


def _workflows(erp: Any, owner: User) -> None:
    erp.expect_request("/api/orders").respond_with_json(
        {"field": "customer_number", "error": "may not be empty"}, status=422
    )
    for name, document in (
        ("Hand over to ERP", _handed_over(erp.url_for("/api/orders"))),
        ("Showroom invitation", _invited()),
    ):
        services.publish(services.create(name, document, owner, folder="After sales"), by=owner, note="First version")
    services.create("Birthday greeting", _greeted(), owner, folder="Marketing")
    services.pause(Workflow.objects.get(name="Note who replied"), "The team writes by hand this week.")


def _handed_over(url: str) -> Json:
    body = {
        "customer_number": "{{ contact.external_id }}",
        "reference": "{{ event.name }}",
        "total": "{{ event.value }}",
    }
    return {
        "triggers": [
            {"uid": "t1", "event": "opportunity.status_changed", "config": {"to_statuses": ["won"]}, "conditions": {
                "field": "opportunity.value", "op": "gt", "value": 5000}}
        ],
        "actions": [
            {"uid": "mail", "action": "email.send", "name": "Your order is confirmed", "config": {
                "category": "transactional", "subject": "Your order is confirmed",
                "text": "Dear {{ contact.name }},\n\nthank you for your order."}},
            {"uid": "erp", "action": "http.request", "name": "Create order in ERP", "config": {
                "method": "POST", "url": url, "body": body}},
            {"uid": "task", "action": "task.create", "config": {
                "title": "Agree delivery date", "assignee": "clara", "due_in": 2, "unit": "days"}},
        ],
        "settings": {},
    }  # fmt: skip


def _invited() -> Json:
    return {
        "triggers": [{"uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]}, "conditions": None}],
        "actions": [
            {"uid": "wait", "action": "wait.duration", "config": {"days": 2}},
            {"uid": "mail", "action": "email.send", "name": "Come and see", "config": {
                "subject": "Come and see, {{ contact.first_name }}", "text": "We keep a seat for you."}},
        ],
        "settings": {"reentry": "cooldown", "cooldown_hours": 720},
    }  # fmt: skip


def _greeted() -> Json:
    return {
        "triggers": [{"uid": "t1", "event": "contact.birthday", "config": {}, "conditions": None}],
        "actions": [{"uid": "mail", "action": "email.send", "name": "All the best", "config": {
            "subject": "All the best, {{ contact.first_name }}", "text": "From all of us."}}],
        "settings": {},
    }  # fmt: skip


def _fortnight(people: list[Contact]) -> None:
    """Runs whose time has been put back, day by day."""
    for person in people:
        add_tags(person, ["VIP"])
    sweeping.drain()
    flow, now = Workflow.objects.get(name="VIP welcome"), timezone.now()
    moments = [
        now - timedelta(days=len(BEFORE) - place, minutes=7 * n)
        for place, number in enumerate(BEFORE) for n in range(number)
    ]  # fmt: skip
    # Django's own: nothing is to be told of what is put into the past.
    events = QuerySet(Event).bulk_create(
        Event(type="contact.tag_added", contact_id=people[n % len(people)].pk, occurred_at=at, matched_at=at)
        for n, at in enumerate(moments)
    )
    QuerySet(Run).bulk_create(
        Run(
            workflow=flow, version=flow.current, event=event, contact_id=event.contact_id, due_at=None,
            status="failed" if n % 37 == 9 else "done", created_at=at, finished_at=at,
        )
        for n, (event, at) in enumerate(zip(events, moments, strict=True))
    )  # fmt: skip


def _today(people: list[Contact], clara: User) -> None:
    anna = Contact.objects.get(email="anna.schmidt@example.org")
    with act_as(actor="user", actor_id=str(clara.pk)):
        update_contact(anna, {"city": "Leipzig", "country": "DE"})
        add_tags(anna, ["Newsletter", "VIP"])
        add_tags(missed(), ["VIP"])
        deals.close(Opportunity.objects.get(name="Farmhouse kitchen"), "won", "Planning")
    set_dnd(anna, ["sms"], True)
    sweeping.drain()
    receive_reply(anna, "The island looks great, thank you. Could the worktop be oak instead of stone?\n\nAnna",
                  subject="Re: Your order is confirmed", from_address=anna.email)  # fmt: skip
    receive_reply(people[2], "Is Thursday at nine still free?", subject="Measuring", from_address=people[2].email)
    receive_reply(people[8], "Please send the offer again.", subject="Offer", from_address=people[8].email)
    sweeping.drain()
    by_name = {person.first_name: person for person in people}
    for title, who, hours in DUE:
        Task.objects.create(
            contact=by_name[who], title=title, assignee=clara, due_at=timezone.now() + timedelta(hours=hours)
        )


def _outside(clara: User) -> None:
    Connection.objects.create(provider="stripe", name="Payments", owner=clara, account_id="acct_1NQx")
    ScoreRule.objects.create(
        name="Asked for a visit", event_type="form.submitted", points=10, cap=30,
        conditions={"all": [
            {"field": "contact.country", "op": "is_any_of", "value": ["DE", "AT"]},
            {"field": "contact.score", "op": "lt", "value": 100},
        ]},
    )  # fmt: skip
    client = Client()
    client.force_login(clara)
    sheet = (demonstration.settings.BASE_DIR / "demo" / "hubspot-contacts.csv").read_bytes()
    client.post(reverse("admin:contacts_import_add"), {"upload": SimpleUploadedFile("hubspot-contacts.csv", sheet)})
    sweeping.drain()


def missed() -> Contact:
    """Somebody whom a workflow did not start for."""
    return Contact.objects.get(email="marie.dubois@example.org")


def connection() -> Connection:
    return Connection.objects.get(name="Payments")


def imported() -> Import:
    return Import.objects.latest("pk")


def rule() -> ScoreRule:
    return ScoreRule.objects.get(name="Asked for a visit")
