"""Zelmira: a person with something in every table that can hold anything of theirs, and the search for it."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection

from capture.models import InboundRequest, InboundWebhook
from contacts import services
from contacts.models import Contact, CustomField, Import
from contacts.tests import make
from contacts.tests.importing import make as files
from contacts.todo import reminding
from conversations.services import receive_reply
from triggers import sweeping
from triggers.models import Event
from triggers.tests import make as engine

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
    task = make.task(who, "Call her at home", assignee=ana, remind_at=NOW)
    reminding.remind(NOW)
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
