"""Forgetting a person: nothing of them is found any more, and nobody can write to them again."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.test import Client
from django.utils import timezone

from capture.models import InboundRequest, InboundWebhook
from contacts import services
from contacts.dedupe import merging
from contacts.models import Contact, CustomField, DndChange, Forgetting, Import, Note, ScoreChange, Tagging, Task
from contacts.privacy import forgetting
from contacts.tests import make
from contacts.tests.importing import make as files
from conversations.gate import Refused, send_gate
from conversations.models import Message, Suppression
from conversations.services import receive_reply
from triggers import privacy, sweeping
from triggers.models import ActionRun, Attempt, Event, Miss, Notice, PreparedRequest, Run
from triggers.tests import make as engine
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
# Each of these must not be found anywhere afterwards.
WORDS = (
    "Zelmira", "Quandtner", "zq@nowhere.example", "second.zq@nowhere.example", "+4930901820", "030 901820",
    "Wolkenhaus", "Fliederweg", "Hidden wish", "Told in private", "Your secret offer", "Body for her alone", "I would rather not",
    "Call her at home", "SPECIAL-77",
)  # fmt: skip


def zelmira(**values: Any) -> Contact:
    if not CustomField.objects.exists():
        make.field("wish")
    return services.create(
        {
            "first_name": "Zelmira", "last_name": "Quandtner", "email": "zq@nowhere.example",
            "extra_emails": ["second.zq@nowhere.example"], "phone": "030 901820", "country": "DE",
            "company": "Wolkenhaus", "street": "Fliederweg 1", "birth_date": date(1990, 5, 17),
            "external_id": "SPECIAL-77",
            "job_title": "Your secret offer", "source": "Body for her alone", "custom_fields": {"wish": "Hidden wish"}, **values,
        }
    )  # fmt: skip


def history(settings: Any) -> tuple[Contact, Any]:
    """A person with something in every table that can hold anything of theirs."""
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    ana = engine.user("ana")
    engine.workflow(
        engine.action("v", "data.set", values={"who": "{{ contact.first_name }}"}),
        engine.action("n", "user.notify", text="{{ contact.name }} came", usernames=["ana"], email=True),
        engine.action(
            "e", "email.send", subject="{{ contact.job_title }}", text="{{ contact.source }}, {{ contact.name }}",
            category="transactional",
        ),
        engine.action("w", "wait.duration", days=30),
        name="Offer",
    )  # fmt: skip
    engine.workflow(
        triggers=[{**engine.TAGGED, "conditions": {"field": "contact.company", "op": "is", "value": "Oak"}}], name="Oak"
    )
    who = zelmira()
    make.tag("VIP", who)
    note = make.note(who, "Told in private", author=ana)
    task = make.task(who, "Call her at home")
    services.update(Contact.objects.get(pk=who.pk), {"city": "Zelmira's town"})
    services.adjust_score(who, 5, "Zelmira called")
    services.set_dnd(who, ["sms"], True, services.Asked("inbound", "Told in private: STOP"))
    job = files.imported("E-mail,Last name,Street\nzq@nowhere.example,Quandtner,Fliederweg 1\n")
    assert job.status == Import.Status.DONE
    sweeping.drain()
    receive_reply(who, "I would rather not", subject="Re: Your secret offer", message_id="<zelmira@nowhere.example>")
    for row in (who, note, task):
        LogEntry.objects.log_actions(ana.pk, [row], CHANGE, "Zelmira", single_object=True)
    hook = InboundWebhook.objects.create(
        name="Shop", token_digest="x", sample={"body": {"mail": "ZQ@nowhere.example"}}, sampled_at=NOW
    )
    row = {"webhook": hook, "method": "POST", "digest": "d"}
    InboundRequest.objects.create(**row, external_id="1", body=b'{"name": "Zelmira"}', contact_id=who.pk)
    unmapped = Event.objects.create(type="webhook.received", data={"body": {"mail": "zq@nowhere.example"}})
    InboundRequest.objects.create(
        **row, external_id="2", body=b'{"mail": "zq@nowhere.example"}', event_id=unmapped.pk
    )  # fmt: skip
    InboundRequest.objects.create(**row, external_id="3", body=b'{"mail": "other@example.org"}')
    sweeping.drain()
    return who, ana


def dump() -> str:
    """Every table of the database as text, whatever it is."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        parts = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [f"{table} {_text(value)}" for row in cursor.fetchall() for value in row]
    return "\n".join(parts).casefold()


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def found() -> list[str]:
    whole = dump()
    return [word for word in WORDS if word.casefold() in whole]


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
    before = list(Event.objects.filter(contact_id=ben.pk).values_list("data", flat=True))
    who, _ana = history(settings)

    services.forget(who)

    ben.refresh_from_db(), note.refresh_from_db()
    assert (ben.email, note.body) == ("ben@example.org", "Kept")
    assert list(Event.objects.filter(contact_id=ben.pk).values_list("data", flat=True)) == before


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
