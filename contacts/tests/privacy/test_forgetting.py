"""Forgetting a person: nothing of them is found any more, and nobody can write to them again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from capture.models import InboundRequest
from contacts import services
from contacts.dedupe import merging
from contacts.models import Contact, DndChange, Forgetting, Note, ScoreChange, Tagging, Task
from contacts.privacy import forgetting
from contacts.tests import make
from contacts.tests.importing import make as files
from contacts.tests.privacy.zelmira import NOW, WORDS, dump, found, history, zelmira
from conversations.gate import Refused, send_gate
from conversations.models import Message, Suppression
from triggers import privacy, sweeping
from triggers.models import ActionRun, Attempt, Event, Miss, Notice, PreparedRequest, Run
from triggers.tests import make as engine
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def test_everything_is_found_before_and_nothing_after(settings: Any) -> None:
    who, _ana = history(settings)
    assert found() == list(WORDS)

    row = services.forget(who)

    assert found() == []
    assert row.finished_at is not None
    assert row.due_at is None


def test_rows_stay_for_the_counts(settings: Any) -> None:
    who, _ana = history(settings)
    counted = (DndChange, ScoreChange, Event, Run, ActionRun, Attempt, Miss, Message, InboundRequest, Contact)
    before = {model: model._default_manager.count() for model in counted}
    for told in (DndChange, Event):
        before[told] += 1

    services.forget(who)

    assert {model: model._default_manager.count() for model in counted} == before
    for gone in (Note, Task, Tagging, Notice, PreparedRequest):
        assert not gone._default_manager.exists(), gone
    assert InboundRequest.objects.get(external_id="3").body == b'{"mail": "other@example.org"}'
    blank = Contact.objects.get(pk=who.pk)
    assert (str(blank), blank.lead_status, blank.created_at) == (f"Contact {who.pk}", "open", who.created_at)


def test_active_runs_are_stopped_and_say_why(settings: Any) -> None:
    who, _ana = history(settings)
    assert Run.objects.filter(status="waiting").count() == 1

    services.forget(who)
    sweeping.drain(timezone.now() + timedelta(days=60))

    run = Run.objects.get(status="cancelled")
    assert run.reason == "The person asked to be forgotten."
    assert not run.is_active


def test_no_workflow_starts_for_it(settings: Any) -> None:
    names = ("contact.changed", "contact.tag_removed", "contact.deleted", "contact.created")
    who = zelmira()
    make.tag("VIP", who)
    flow = engine.workflow(
        triggers=[{"uid": f"t{n}", "event": name, "config": {}, "conditions": None} for n, name in enumerate(names)]
    )
    services.update(who, {"city": "Ulm"})

    services.forget(who)
    sweeping.drain()

    assert engine.runs(flow) == []


def test_nobody_can_write_to_the_address_again_even_when_it_is_imported_anew() -> None:
    services.forget(zelmira())
    again = zelmira()

    for address in ("ZQ@nowhere.example", "Zelmira <zq@nowhere.example>", "second.zq@nowhere.example", "+4930901820"):
        for category in ("marketing", "transactional"):
            verdict = send_gate(again.pk, "email", address, category, NOW)
            assert isinstance(verdict, Refused), address
    assert send_gate(again.pk, "email", "other@example.org", "transactional", NOW).__class__.__name__ == "Allowed"


def test_the_address_stays_closed_under_a_new_secret_key(settings: Any) -> None:
    services.forget(zelmira())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert isinstance(send_gate(zelmira().pk, "email", "zq@nowhere.example", "transactional", NOW), Refused)


def test_an_unsubscription_is_kept_as_a_digest_with_its_reason_and_time() -> None:
    Suppression.objects.create(address="ZQ@nowhere.example", reason="bounce", at=NOW)
    Suppression.objects.create(address="other@example.org", reason="bounce", at=NOW)

    services.forget(zelmira())

    kept = Suppression.objects.get(reason="bounce", address__startswith="#")
    assert kept.at == NOW
    assert not Suppression.objects.filter(address="zq@nowhere.example").exists()
    assert Suppression.objects.filter(address="other@example.org").exists()


def test_forgetting_twice_changes_nothing(settings: Any) -> None:
    who, _ana = history(settings)
    services.forget(who)
    whole = sorted(row for row in dump().splitlines() if "contacts_forgetting" not in row)

    services.forget(Contact.objects.get(pk=who.pk))

    assert sorted(row for row in dump().splitlines() if "contacts_forgetting" not in row) == whole
    assert Forgetting.objects.count() == 1


def test_a_crash_resumes_where_it_was(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    who, _ana = history(settings)
    services.forget(who)
    assert found() != []
    places = set()

    for _n in range(200):
        row = Forgetting.objects.get()
        places.add((row.step, row.position))
        assert (row.due_at is None) == (row.finished_at is not None)
        if row.finished_at is not None:
            break
        assert forgetting.is_due(timezone.now())
        forgetting.go_on(portions=1)

    assert found() == []
    assert len(places) > len(privacy.holdings)
    assert not forgetting.is_due(timezone.now())


def test_a_call_under_way_is_gone_over_again_when_its_record_has_come(settings: Any) -> None:
    who, _ana = history(settings)
    action = ActionRun.objects.filter(uid="e").get()
    ActionRun.objects.filter(pk=action.pk).update(status="running")

    row = services.forget(who)
    assert row.finished_at is not None
    assert row.due_at is not None
    Attempt.objects.create(action_run=action, number=9, outcome="done", request={"to": "zq@nowhere.example"})

    forgetting.go_on(row.due_at)

    assert found() == []
    assert Forgetting.objects.get().due_at is None


def test_former_numbers_are_forgotten_too() -> None:
    mia, who = make.contact(), zelmira()
    merging.merge(mia.pk, who.pk)
    late = Event.objects.create(type="note.added", contact_id=who.pk, data={"body": "Told in private"})

    services.forget(mia)

    late.refresh_from_db()
    assert late.data == {}
    assert found() == []


def test_others_keep_what_is_theirs(settings: Any) -> None:
    ben = make.contact(first_name="Ben", email="ben@example.org")
    note = make.note(ben, "Kept")
    before = list(Event.objects.filter(contact_id=ben.pk).order_by("pk").values_list("data", flat=True))
    who, _ana = history(settings)

    services.forget(who)

    ben.refresh_from_db(), note.refresh_from_db()
    assert (ben.email, note.body) == ("ben@example.org", "Kept")
    assert list(Event.objects.filter(contact_id=ben.pk).order_by("pk").values_list("data", flat=True)) == before


def test_pages_about_a_forgotten_person_still_open(settings: Any) -> None:
    who, _ana = history(settings)
    services.forget(who)
    client: Client = visit.boss()

    addresses = [
        f"/admin/contacts/contact/{who.pk}/change/",
        *(f"/admin/triggers/run/{pk}/change/" for pk in Run.objects.values_list("pk", flat=True)),
        *(f"/admin/triggers/event/{pk}/change/" for pk in Event.objects.values_list("pk", flat=True)),
        *(f"/admin/conversations/message/{pk}/change/" for pk in Message.objects.values_list("pk", flat=True)),
        *(f"/admin/capture/inboundrequest/{pk}/change/" for pk in InboundRequest.objects.values_list("pk", flat=True)),
        "/admin/", "/admin/triggers/miss/", "/admin/conversations/suppression/", "/admin/contacts/contact/",
    ]  # fmt: skip

    assert [address for address in addresses if client.get(address).status_code != 200] == []


def test_the_imported_file_goes_and_its_rows_with_it() -> None:
    zelmira()
    job = files.imported("E-mail,Last name\nzq@nowhere.example,Quandtner\nben@example.org,Ek\n")
    others = files.imported("E-mail,Last name\nben@example.org,Ek\n")
    stored = job.file.path

    services.forget(Contact.objects.get(email="zq@nowhere.example"))

    job.refresh_from_db(), others.refresh_from_db()
    assert (bool(job.file), job.sample, Path(stored).exists()) == (False, [], False)
    assert [bytes(portion.cells) for portion in job.portions.all()] == [b""]
    assert others.file
    assert others.portions.get().cells


def test_that_everything_was_closed_is_on_record_with_its_time() -> None:
    who = zelmira()

    services.forget(who, NOW)

    change = DndChange.objects.get()
    assert (change.channel, change.enabled, change.direction) == ("all", True, "inbound")
    assert Event.objects.get(type="contact.dnd_changed").muted
