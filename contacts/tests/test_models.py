"""What the tables themselves promise."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import CHANNELS, Contact, Note, Rotation, Tag, Tagging, Task
from contacts.tests import make
from triggers.context import act_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"first_name": "Mia", "last_name": "Berg", "email": "mia@example.org"}, "Mia Berg"),
        ({"last_name": "Berg", "email": "mia@example.org"}, "Berg"),
        ({"email": "mia@example.org", "phone": "+4930123456"}, "mia@example.org"),
        ({"phone": "+4930123456"}, "+4930123456"),
    ],
)
def test_a_contact_is_called_by_what_is_known(values: dict[str, str], said: str) -> None:
    assert str(Contact(**values)) == said


def test_a_contact_of_whom_nothing_is_known_is_called_by_its_number() -> None:
    assert str(Contact(pk=7)) == "Contact 7"


@pytest.mark.parametrize(
    ("dnd", "closed"),
    [
        ({}, []),
        ({"email": True}, ["email"]),
        ({"email": False, "sms": True}, ["sms"]),
        ({"all": True}, ["email", "sms", "call", "whatsapp", "facebook", "gmb"]),
    ],
)
def test_closed_channels(dnd: dict[str, bool], closed: list[str]) -> None:
    contact = Contact(dnd=dnd)

    assert [name for name, _label in CHANNELS if contact.is_closed(name)] == closed


def test_a_contact_begins_as_an_open_lead_with_nothing_else_known() -> None:
    contact = Contact.objects.create()

    assert (contact.lead_status, contact.score, contact.dnd, contact.custom_fields) == ("open", 0, {}, {})
    assert (contact.owner, contact.channel, contact.birth_date) == (None, "", None)


def test_a_time_zone_must_exist() -> None:
    with pytest.raises(ValidationError) as refused:
        Contact(time_zone="Mars").full_clean()

    assert refused.value.message_dict == {"time_zone": ["“Mars” is no time zone. Enter one such as Europe/Berlin."]}


def test_a_tag_is_there_once_whatever_its_case() -> None:
    make.tag("VIP")

    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="vip")

    assert [str(tag) for tag in Tag.objects.all()] == ["VIP"]


def test_a_contact_has_a_tag_once() -> None:
    mia = make.contact()
    vip = make.tag("VIP", on=mia)

    with pytest.raises(IntegrityError), transaction.atomic():
        Tagging.objects.create(contact=mia, tag=vip)

    assert [str(tagging) for tagging in mia.taggings.all()] == ["Mia: VIP"]


def test_a_tag_on_a_contact_tells_who_put_it_there_and_from_where() -> None:
    mia, vip = make.contact(), make.tag("VIP")

    with act_as(actor="user", actor_id="3", origin="admin"):
        tagging = Tagging.objects.create(contact=mia, tag=vip)

    assert (tagging.added_by, tagging.origin) == ("user:3", "admin")


def test_a_tag_put_on_by_nobody_in_particular_is_the_systems() -> None:
    mia, vip = make.contact(), make.tag("VIP")

    assert Tagging.objects.create(contact=mia, tag=vip).added_by == "system"


def test_with_a_contact_goes_all_that_was_kept_about_it() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)
    make.note(mia)
    make.task(mia)
    kept = make.task(None)

    mia.delete()

    assert [Tagging.objects.count(), Note.objects.count()] == [0, 0]
    assert list(Task.objects.all()) == [kept]
    assert Tag.objects.count() == 1


def test_with_a_user_goes_only_the_reference() -> None:
    ana = make.user()
    mia = make.contact(owner=ana)
    note, task = make.note(mia, author=ana), make.task(mia, assignee=ana)

    ana.delete()

    for row in (mia, note, task):
        row.refresh_from_db()
    assert (mia.owner, note.author, task.assignee) == (None, None, None)


def test_notes_and_tasks_are_called_by_their_first_words() -> None:
    assert str(Note(body="x" * 100)) == "x" * 80
    assert str(Task(title="Call Mia")) == "Call Mia"


def test_a_rotation_begins_with_no_turn_taken() -> None:
    assert str(Rotation.objects.create(name="5:a1")) == "5:a1 0"
