"""Contacts, tags, notes and tasks in the admin: what is changed there fires events like everything else."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, Note, Tag, Task
from contacts.tests import make
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/contact/"
TASKS = "/admin/contacts/task/"
CHANGE = ("view_contact", "change_contact")


def page(contact: Contact) -> str:
    return f"{LIST}{contact.pk}/change/"


def form(client: Client, contact: Contact | None = None, **values: Any) -> dict[str, Any]:
    """The form as the page shows it, with these values."""
    shown = client.get(f"{page(contact)}?edit=1" if contact else f"{LIST}add/").context
    form = shown["adminform"].form
    filled = {name: form[name].value() for name in form.fields}
    filled["tagged"] = [getattr(tag, "pk", tag) for tag in filled["tagged"] or []]
    for formset in shown["inline_admin_formsets"]:
        management = formset.formset.management_form
        filled |= {management.add_prefix(name): management[name].value() for name in management.fields}
        for each in formset.formset.forms:
            filled |= {each.add_prefix(name): each[name].value() for name in each.fields}
    return {name: value for name, value in {**filled, **values}.items() if value is not None}


def save(client: Client, contact: Contact, **values: Any) -> Any:
    answer = client.post(page(contact), form(client, contact, **values))
    assert answer.status_code == 302, answer.context["errors"]
    contact.refresh_from_db()
    return answer


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def test_who_may_not_see_contacts_sees_none() -> None:
    mia = make.contact()
    for address in (LIST, page(mia)):
        assert visit.staff("view_task", name=address).get(address).status_code == 403


def test_the_list_tells_who_they_are() -> None:
    mia = make.contact(last_name="Brandt", company="Oak", country="DE", owner=make.user("ana", first_name="Ana"))
    make.tag("VIP", mia)

    said = visit.text(visit.staff("view_contact"), LIST)

    assert "Mia Brandt mia@example.org Oak DE Ana VIP" in said


def test_the_list_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    for n in range(30):
        make.tag(f"tag {n}", make.contact(first_name=f"Contact {n}", owner=make.user(f"user {n}")))
    boss = visit.boss()

    with django_assert_max_num_queries(19):
        assert boss.get(LIST).status_code == 200


def test_a_change_is_cleaned_and_fires_with_who_made_it() -> None:
    mia, client = make.contact(country="DE"), visit.staff(*CHANGE)

    save(client, mia, phone="030 901820", city=" Berlin ")

    assert (mia.phone, mia.phone_raw, mia.city) == ("+4930901820", "030 901820", "Berlin")
    event = Event.objects.get(type="contact.changed")
    assert set(event.changes) == {"phone", "city"}
    assert (event.actor, event.origin) == ("user", "admin")


def test_saving_without_a_change_fires_nothing() -> None:
    make.field("size", "number")
    make.field("met", "datetime")
    held = {"size": 3, "met": "2026-03-31T07:00:30+00:00", "nobody_s": [1]}
    mia, client = make.contact(custom_fields=held, extra_emails=["m@example.org"]), visit.staff(*CHANGE)
    before = kinds()

    save(client, mia)

    assert kinds() == before


def test_a_value_that_is_none_is_refused_at_its_field_and_nothing_is_saved() -> None:
    mia, client = make.contact(), visit.staff(*CHANGE)

    answer = client.post(page(mia), form(client, mia, country="Germany", phone="12", city="Bonn"))

    assert set(answer.context["adminform"].form.errors) == {"country", "phone"}
    assert "Not saved. These need you: Phone , Country ." in visit.words(answer.content.decode())
    mia.refresh_from_db()
    assert mia.city == ""


def test_do_not_disturb_is_ticked_by_channel() -> None:
    mia, client = make.contact(), visit.staff(*CHANGE)

    save(client, mia, closed=["sms", "call"])
    assert mia.dnd == {"sms": True, "call": True}

    save(client, mia, closed=["all"])
    assert mia.dnd == {"all": True}

    save(client, mia, closed=[])
    assert mia.dnd == {}


def test_tags_that_are_added_and_removed_fire_their_events() -> None:
    mia = make.contact()
    old, new = make.tag("Old", mia), make.tag("New")
    client = visit.staff(*CHANGE, "view_tag")

    save(client, mia, tagged=[new.pk])

    assert make.tags_of(mia) == {"New"}
    assert [event.data["tag"] for event in make.events("contact.tag_added")] == ["Old", "New"]
    assert [event.data["tag"] for event in make.events("contact.tag_removed")] == ["Old"]
    assert Tag.objects.filter(pk=old.pk).exists()


def test_a_note_is_written_on_the_page_by_whoever_writes_it() -> None:
    mia, client = make.contact(), visit.staff("view_contact", "add_note")

    said = visit.pressed(client, f"{LIST}{mia.pk}/do/note/", note=" Wants oak ")

    assert said == "Note saved."
    note = Note.objects.get()
    assert (note.contact, note.body, note.author.username) == (mia, "Wants oak", "limited")
    assert kinds()[-1] == "note.added"


def test_open_tasks_are_edited_on_the_page_and_done_ones_are_not_there() -> None:
    mia = make.contact()
    make.task(mia, "Call"), make.task(mia, "Done", completed_at=timezone.now())
    client = visit.staff(*CHANGE, "view_task", "change_task", "add_task")

    filled = form(client, mia, **{"tasks-0-title": "Call back", "tasks-0-day": "2026-06-09", "tasks-0-clock": "14:30"})
    assert "Done" not in filled.values()
    assert client.post(page(mia), filled).status_code == 302

    task = Task.objects.get(title="Call back")
    assert task.due_at is not None
    assert (task.due_at.hour, task.due_at.minute, task.completed_at) == (14, 30, None)


def test_a_task_that_is_refused_keeps_the_contact_as_it_was() -> None:
    mia = make.contact()
    make.task(mia, "Call")
    client = visit.staff(*CHANGE, "view_task", "change_task")

    answer = client.post(page(mia), form(client, mia, city="Bonn", **{"tasks-0-title": ""}))

    assert answer.status_code == 200
    mia.refresh_from_db()
    assert mia.city == ""


def test_a_new_contact_needs_something_that_tells_who_it_is() -> None:
    client = visit.staff("view_contact", "add_contact")

    refused = client.post(f"{LIST}add/", form(client, city="Bonn"))
    assert "Give a name" in str(refused.context["adminform"].form.non_field_errors())
    assert '<div class="errornote" role="alert" tabindex="-1" autofocus>' in refused.content.decode()
    assert Contact.objects.count() == 0

    client.post(f"{LIST}add/", form(client, first_name="Mia", country="DE", closed=["sms"]))
    mia = Contact.objects.get()
    assert (mia.name, mia.country, mia.dnd) == ("Mia", "DE", {"sms": True})
    assert kinds() == ["contact.created", "contact.dnd_changed"]


def test_the_form_begins_with_the_person() -> None:
    client, mia = visit.boss(), make.contact()

    for url in (f"{LIST}add/", f"{page(mia)}?edit=1"):
        assert next(iter(client.get(url).context["adminform"])).name == "Person"


def test_the_timeline_is_for_those_who_may_see_events() -> None:
    mia = make.contact()
    make.tag("VIP", mia)

    assert "Tag added" in visit.text(visit.staff("view_contact", "view_event"), page(mia))
    assert "Tag added" not in visit.text(visit.staff("view_contact", name="other"), page(mia))


def test_tags_are_added_to_many_after_asking_which() -> None:
    mia, ben = make.contact(), make.contact(first_name="Ben", email="ben@example.org")
    vip = make.tag("VIP", ben)
    client, chosen = visit.staff(*CHANGE, "view_tag"), {"action": "add_tag", "_selected_action": [mia.pk, ben.pk]}

    asked = client.post(LIST, chosen)
    assert "The tags are added to 2 contacts." in visit.words(asked.content.decode())
    assert make.tags_of(mia) == set()
    assert "This field is required." in visit.words(client.post(LIST, {**chosen, "asked": "1"}).content.decode())

    told = visit.pressed(client, LIST, **chosen, asked="1", tags=[vip.pk])
    assert (told, make.tags_of(mia)) == ("1 contact was tagged.", {"VIP"})
    assert len(make.events("contact.tag_added")) == 2


def test_adding_tags_needs_the_permission_to_change() -> None:
    mia, vip = make.contact(), make.tag("VIP")

    visit.staff("view_contact").post(
        LIST, {"action": "add_tag", "_selected_action": [mia.pk], "asked": "1", "tags": [vip.pk]}
    )

    assert make.tags_of(mia) == set()


class TestTasks:
    def test_a_task_is_completed_by_button(self) -> None:
        task, client = make.task(make.contact()), visit.staff("view_task", "change_task")

        told = visit.pressed(client, f"{TASKS}{task.pk}/do/complete/")

        task.refresh_from_db()
        assert told == "Completed."
        assert task.completed_at is not None
        assert task.completed_by.username == "limited"
        assert kinds()[-1] == "task.completed"
        assert visit.pressed(client, f"{TASKS}{task.pk}/do/complete/") == "It was completed already."

    def test_several_are_completed_at_once(self) -> None:
        first, second = make.task(None, "One"), make.task(None, "Two")
        client = visit.staff("view_task", "change_task")

        told = visit.pressed(client, TASKS, action="complete_chosen", _selected_action=[first.pk, second.pk])

        assert told == "2 tasks completed."
        assert len(make.events("task.completed")) == 2

    def test_completing_needs_the_permission(self) -> None:
        task = make.task()

        assert visit.staff("view_task").post(f"{TASKS}{task.pk}/do/complete/").status_code == 403
        task.refresh_from_db()
        assert task.completed_at is None

    def test_the_list_asks_a_bounded_number_of_questions(self, django_assert_max_num_queries) -> None:
        for n in range(30):
            make.task(make.contact(first_name=f"Contact {n}"), assignee=make.user(f"user {n}"))
        boss = visit.boss()

        with django_assert_max_num_queries(18):
            assert boss.get(TASKS).status_code == 200


def test_tags_tell_how_many_carry_them() -> None:
    tag = make.tag("VIP", make.contact())
    make.tag("Unused")
    said = visit.text(visit.staff("view_tag"), "/admin/contacts/tag/")

    assert "VIP 1" in said
    assert "Unused 0" in said
    assert f"?tag={tag.pk}" in visit.boss().get("/admin/contacts/tag/").content.decode()


def test_a_note_has_its_author() -> None:
    mia, client = make.contact(), visit.staff("view_note", "add_note", "view_contact")

    client.post("/admin/contacts/note/add/", {"contact": mia.pk, "body": "Called"})

    assert Note.objects.get().author.username == "limited"
