"""Card 5: who would match now, the dry run in its place, and the switch that only observes."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact
from triggers.admin.pages import page_of
from triggers.models import Event, Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflow_cards import form_of, page, send

pytestmark = pytest.mark.django_db
VIP = {
    "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
    "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
}  # fmt: skip
MAIL = make.action("a1", "email.send", subject="Welcome {{ contact.first_name }}", text="Dear {{ contact.name }}")
WAIT = {
    **make.action("w", "wait.for_event", event="message.customer_replied", days=2),
    "outcomes": {
        "happened": [make.action("yes", "task.create", title="Thank")],
        "timeout": [make.action("no", "task.create", title="Call")],
    },
}  # fmt: skip


def pressed(client: Client, flow: Any, button: str, **fields: str) -> str:
    """The words of the cards after a button, with these fields changed."""
    data = form_of(client, page(flow))
    answer = send(client, f"/admin/triggers/workflow/{flow.pk}/cards/", data, do=button, **fields)
    assert answer.status_code == 200
    return answer.content.decode()


def test_those_who_match_are_counted_and_named_for_the_draft_as_it_stands() -> None:
    for name, country in (("Anna", "DE"), ("Mia", "FR"), ("Jo", "DE")):
        make.tag(make.contact(first_name=name, country=country, city="Ulm", email=f"{name}@example.org"))
    make.contact(first_name="Untagged", country="DE", email="u@example.org")
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    said = visit.words(pressed(boss, flow, "match"))
    other = visit.words(pressed(boss, flow, "match", **{"t1~conditions-0.value": "FR"}))

    assert "Who would match now 2 of 4 contacts." in said
    assert "Anna" in said
    assert "Ulm" in said
    assert "Who would match now 1 of 4 contacts." in other


def test_what_those_who_match_lack_and_who_else_writes_to_them_are_warnings() -> None:
    for number, name in enumerate(("Anna", "", "")):
        make.tag(make.contact(first_name=name, country="DE", email=f"{number}@example.org"))
    make.workflow(MAIL, name="Showroom", triggers=[VIP])
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    said = visit.words(pressed(boss, flow, "match"))
    limited = visit.words(pressed(visit.staff("change_workflow", "view_workflow"), flow, "match"))

    assert "2 contacts who match have no first name and would read “Welcome”. Give a fallback" in said
    assert "“Showroom” writes to these contacts as well: “Tag added” starts both." in said
    assert "Only warnings: it can be published" in said
    assert "who match" not in limited


def test_one_press_gives_every_message_a_fallback_and_can_be_taken_back() -> None:
    make.tag(make.contact(first_name="", country="DE", email="a@example.org"))
    other = make.workflow(MAIL, name="Showroom", triggers=[VIP])
    again = make.action("a2", "email.send", subject="Bye", text="{{contact.first_name | upcase}} {{ contact.city }}")
    flow, boss = make.workflow(MAIL, again, triggers=[VIP]), visit.boss()

    warned = pressed(boss, flow, "match")
    mended = pressed(boss, flow, "fallback:contact.first_name", **{"~counted": "1"})

    assert 'value="fallback:contact.first_name">Add fallback' in warned
    assert f'href="{page_of(other)}">Compare' in warned
    assert "Welcome {{ contact.first_name | default: &quot;customer&quot; }}" in mended
    assert "{{contact.first_name | upcase | default: &quot;customer&quot;}}" in mended
    assert "have no first name" not in mended
    assert "Fallback added. Undo" in visit.words(mended)
    assert "data-text autofocus" in mended


def test_the_page_counts_nothing_before_it_is_asked_to() -> None:
    make.tag(make.contact(country="DE"))
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    html = boss.get(page(flow)).content.decode()

    assert 'data-ask="match"' in html
    assert "Count them" in visit.words(html)
    assert 'class="figure"' not in html


def test_the_dry_run_plays_the_draft_and_writes_nothing() -> None:
    make.contact(first_name="Anna", last_name="Schmidt", country="DE", email="anna@example.org")
    flow, boss = make.workflow(MAIL, WAIT, triggers=[VIP]), visit.boss()
    before = (Event.objects.count(), Run.objects.count())

    html = pressed(boss, flow, "try", **{"a1.subject": "Come, {{ contact.first_name }}"})

    said = visit.words(html)
    assert "It would start for Anna Schmidt: what was checked" in said
    assert "Country is Germany Now: Germany" in said
    assert "At once Sends “Come, Anna” to anna@example.org. What Anna Schmidt reads" in said
    assert "Dear Anna Schmidt" in said
    assert "Adds the task “Call”" in said
    assert 'data-said="It would start; 3 actions."' in html
    assert (Event.objects.count(), Run.objects.count()) == before
    assert flow.draft["actions"][0]["config"]["subject"] == "Welcome {{ contact.first_name }}"


def test_a_wait_ends_as_one_chooses() -> None:
    make.contact(country="DE")
    flow, boss = make.workflow(WAIT, triggers=[VIP]), visit.boss()

    said = visit.words(pressed(boss, flow, "try", **{"~answer.w": "happened"}))

    assert "Adds the task “Thank”" in said
    assert "Adds the task “Call”" not in said


def test_it_is_told_which_condition_fails_with_which_value_for_a_past_event() -> None:
    anna = make.contact(first_name="Anna", country="FR")
    make.tag(anna, "VIP")
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()
    event = make.last_event("contact.tag_added")

    html = pressed(boss, flow, "try", **{"~event": str(event.pk)})

    said = visit.words(html)
    assert f'<option value="{event.pk}" selected>' in html
    assert "It would not start for Anna" in said
    assert "Country is Germany Now: France" in said
    assert "If it started all the same:" in said


def test_a_draft_with_problems_is_not_played_nor_counted() -> None:
    make.contact()
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    assert "First mend the problems below" in visit.words(pressed(boss, flow, "try", **{"a1.text": ""}))
    assert "First mend what starts it" in visit.words(pressed(boss, flow, "match", **{"t1:event": ""}))


def test_who_may_not_see_contacts_is_shown_none() -> None:
    make.tag(make.contact(first_name="Wilhelmina", country="DE"))
    flow = make.workflow(MAIL, triggers=[VIP])
    limited = visit.staff("view_workflow", "change_workflow")

    for button in ("match", "try"):
        html = pressed(limited, flow, button)
        assert "Wilhelmina" not in html
        assert "Who would match now" not in html


def test_publishing_with_the_tick_only_observes_and_without_it_switches_on() -> None:
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    send(boss, page(flow), form_of(boss, page(flow)), observe="1", _publish="1")
    flow.refresh_from_db()
    assert flow.status == "observing"
    data = form_of(boss, page(flow))
    assert data["observe"] == "1"
    del data["observe"]
    send(boss, page(flow), data, _publish="1")

    flow.refresh_from_db()
    assert flow.status == "live"
    assert not Contact.objects.exists()


def test_saving_a_draft_with_the_tick_publishes_nothing() -> None:
    flow, boss = make.workflow(MAIL, triggers=[VIP]), visit.boss()

    send(boss, page(flow), form_of(boss, page(flow)), observe="1", _continue="1")

    flow.refresh_from_db()
    assert (flow.status, flow.versions.count()) == ("live", 1)
