"""The write-path matrix (reliability, T1): every door through which a tracked row changes, and its events."""

import io
import json

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import F

from contacts.models import Contact, Note, Tag, Tagging, Task
from triggers.models import Event
from triggers.tests import make
from triggers.tracking import SilentDoor

pytestmark = pytest.mark.django_db


def told(since: int = 0) -> list[tuple[str, dict]]:
    """Type and changes of every event after `since`, in order."""
    return list(Event.objects.filter(pk__gt=since).order_by("id").values_list("type", "changes"))


def mark() -> int:
    return Event.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def test_create_tells_once_with_the_payload() -> None:
    made = Contact.objects.create(first_name="Anna", email="anna@example.org", country="DE")

    [event] = Event.objects.all()
    assert (event.type, event.subject_type, event.subject_id) == ("contact.created", "contacts.contact", made.pk)
    assert event.contact_id == made.pk
    assert event.data == {
        "contact_id": made.pk, "first_name": "Anna", "last_name": "", "email": "anna@example.org", "phone": "",
        "country": "DE", "source": "", "owner_id": None, "attribution": {},
    }  # fmt: skip


def test_save_tells_old_and_new_of_what_changed() -> None:
    made = make.contact(country="DE")
    since = mark()

    made.country, made.city = "FR", "Lyon"
    made.save()

    assert told(since) == [
        ("contact.changed", {"country": {"old": "DE", "new": "FR"}, "city": {"old": "", "new": "Lyon"}})
    ]


def test_a_save_that_changes_nothing_writes_and_tells_nothing() -> None:
    made = make.contact()
    since, before = mark(), Contact.objects.get(pk=made.pk).updated_at

    made.save()
    Contact.objects.get(pk=made.pk).save()

    assert told(since) == []
    assert Contact.objects.get(pk=made.pk).updated_at == before


def test_a_stale_instance_does_not_overwrite_what_another_changed() -> None:
    made = make.contact(city="Berlin")
    mine, theirs = Contact.objects.get(pk=made.pk), Contact.objects.get(pk=made.pk)
    theirs.city = "Hamburg"
    theirs.save()

    mine.first_name = "Anne"
    mine.save()

    kept = Contact.objects.get(pk=made.pk)
    assert (kept.first_name, kept.city) == ("Anne", "Hamburg")


def test_before_is_read_from_the_row_not_from_memory() -> None:
    made = make.contact(city="Berlin")
    stale = Contact.objects.get(pk=made.pk)
    Contact.objects.filter(pk=made.pk).update(city="Hamburg")
    since = mark()

    stale.city = "Köln"
    stale.save()

    assert told(since) == [("contact.changed", {"city": {"old": "Hamburg", "new": "Köln"}})]


def test_text_dates_and_expressions_are_compared_as_the_database_has_them() -> None:
    made = make.contact(birth_date="1990-05-04", score=3)
    since = mark()

    made.birth_date = "1990-05-04"
    made.score = F("score") + 2
    made.save()

    assert ("contact.engagement_score_changed", {"score": {"old": 3, "new": 5}}) in told(since)


def test_update_fields_and_deferred_fields() -> None:
    made = make.contact(city="Berlin", country="DE")
    since = mark()
    thin = Contact.objects.only("city").get(pk=made.pk)
    thin.city, thin.country = "Bonn", "AT"

    thin.save(update_fields=["city"])

    assert told(since) == [("contact.changed", {"city": {"old": "Berlin", "new": "Bonn"}})]


def test_queryset_update_tells_each_row_that_changed() -> None:
    first, second = make.contact(country="DE"), make.contact(country="FR")
    since = mark()

    touched = Contact.objects.update(country="FR")

    assert touched == 2
    [event] = Event.objects.filter(pk__gt=since)
    assert (event.contact_id, event.changes) == (first.pk, {"country": {"old": "DE", "new": "FR"}})
    assert second.country == "FR"


def test_queryset_update_with_an_expression_and_a_filter_on_the_column_it_sets() -> None:
    made = make.contact(score=1)
    make.contact(score=5)
    since = mark()

    touched = Contact.objects.filter(score=1).update(score=F("score") + 10)

    assert touched == 1
    assert ("contact.engagement_score_changed", {"score": {"old": 1, "new": 11}}) in told(since)
    assert Contact.objects.get(pk=made.pk).score == 11


def test_queryset_update_of_a_relation() -> None:
    made, user = make.contact(), make.user()
    since = mark()

    Contact.objects.filter(pk=made.pk).update(owner=user)

    assert told(since) == [("contact.changed", {"owner": {"old": None, "new": user.pk}})]


def test_bulk_create_and_bulk_update() -> None:
    people = Contact.objects.bulk_create([Contact(first_name=name) for name in ("Anna", "Ben")])
    assert [kind for kind, _changes in told()] == ["contact.created", "contact.created"]
    since = mark()

    for person in people:
        person.city = "Ulm"
    Contact.objects.bulk_update(people, ["city"])

    assert told(since) == [("contact.changed", {"city": {"old": "", "new": "Ulm"}})] * 2


def test_a_row_made_in_bulk_can_be_saved_again() -> None:
    [made] = Contact.objects.bulk_create([Contact(first_name="Anna")])
    since = mark()

    made.city = "Ulm"
    made.save()

    assert told(since) == [("contact.changed", {"city": {"old": "", "new": "Ulm"}})]


@pytest.mark.parametrize("conflicts", [{"ignore_conflicts": True}, {"update_conflicts": True}])
def test_the_two_doors_that_cannot_tell_raise(conflicts: dict[str, bool]) -> None:
    with pytest.raises(SilentDoor, match="get_or_create"):
        Contact.objects.bulk_create([Contact(first_name="Anna")], **conflicts)

    assert told() == []


def test_get_or_create_and_update_or_create() -> None:
    Contact.objects.get_or_create(email="a@example.org")
    Contact.objects.get_or_create(email="a@example.org")
    Contact.objects.update_or_create(email="a@example.org", defaults={"city": "Ulm"})
    Contact.objects.update_or_create(email="a@example.org", defaults={"city": "Ulm"})

    assert told() == [
        ("contact.created", {}),
        ("contact.changed", {"city": {"old": "", "new": "Ulm"}}),
    ]


def test_asynchronous_doors() -> None:
    async def change() -> None:
        made = await Contact.objects.acreate(first_name="Anna")
        made.city = "Ulm"
        await made.asave()

    async_to_sync(change)()

    assert [kind for kind, _changes in told()] == ["contact.created", "contact.changed"]


def test_related_managers_tell_too() -> None:
    made = make.contact()
    since = mark()

    made.notes.create(body="She called.")
    made.tasks.create(title="Call back")

    assert [kind for kind, _changes in told(since)] == ["note.added", "task.added"]


def test_many_to_many_add_remove_set_and_clear() -> None:
    made = make.contact()
    red, blue = Tag.objects.create(name="red"), Tag.objects.create(name="blue")
    since = mark()

    made.tags.add(red, red)
    made.tags.add(red)
    made.tags.set([blue])
    made.tags.remove(red)
    made.tags.clear()
    blue.contacts.add(made)

    rows = Event.objects.filter(pk__gt=since).order_by("id")
    assert [(row.type, row.data["tag"]) for row in rows] == [
        ("contact.tag_added", "red"),
        ("contact.tag_removed", "red"),
        ("contact.tag_added", "blue"),
        ("contact.tag_removed", "blue"),
        ("contact.tag_added", "blue"),
    ]


def test_deleting_a_contact_tells_of_the_tags_that_go_with_it() -> None:
    made = make.contact()
    make.tag(made, "VIP")
    since, contact_id = mark(), made.pk

    made.delete()

    [event] = Event.objects.filter(pk__gt=since, type="contact.tag_removed")
    assert (event.contact_id, event.data["tag"]) == (contact_id, "VIP")


def test_deleting_a_tag_and_deleting_by_queryset_tell_of_each_contact() -> None:
    anna, ben = make.contact(), make.contact(first_name="Ben")
    for person in (anna, ben):
        make.tag(person, "VIP")
        make.tag(person, "Fair")
    since = mark()

    Tag.objects.get(name="VIP").delete()
    Tagging.objects.filter(tag__name="Fair").delete()

    rows = Event.objects.filter(pk__gt=since).order_by("id").values_list("contact_id", "data__tag")
    assert sorted(rows) == sorted([(p.pk, name) for p in (anna, ben) for name in ("VIP", "Fair")])


def test_notes_and_tasks() -> None:
    made = make.contact()
    note, task = Note.objects.create(contact=made, body="a"), Task.objects.create(contact=made, title="Call")
    since = mark()

    note.body = "b"
    note.save()
    task.title = "Call again"
    task.save()
    task.completed_at = task.created_at
    task.save()
    task.completed_at = None
    task.save()

    kinds = [kind for kind, _changes in told(since)]
    assert kinds == ["note.changed", "task.changed", "task.completed"]
    assert make.last_event("note.changed").data["body_before"] == "a"


def test_loaddata_tells(tmp_path: object) -> None:
    fields = {"first_name": "Anna", "email": "anna@example.org", "updated_at": "2026-05-04T09:30:00Z"}
    file = tmp_path / "people.json"  # type: ignore[operator]
    file.write_text(json.dumps([{"model": "contacts.contact", "pk": 7, "fields": fields}]))
    call_command("loaddata", str(file), stdout=io.StringIO())
    fields["city"] = "Ulm"
    file.write_text(json.dumps([{"model": "contacts.contact", "pk": 7, "fields": fields}]))

    call_command("loaddata", str(file), stdout=io.StringIO())

    assert [kind for kind, _changes in told()] == ["contact.created", "contact.changed"]
    assert make.last_event("contact.changed").changes == {"city": {"old": "", "new": "Ulm"}}


def test_a_rollback_takes_the_event_with_it() -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            make.contact()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert told() == []


def test_a_savepoint_rollback_takes_only_its_own_events() -> None:
    with transaction.atomic():
        make.contact(first_name="Anna")
        try:
            with transaction.atomic():
                make.contact(first_name="Ben")
                Tag.objects.create(name="x")
                Tag.objects.create(name="X")
        except IntegrityError:
            pass

    assert [row.data["first_name"] for row in Event.objects.all()] == ["Anna"]


def test_iterating_and_saving() -> None:
    for name in ("Anna", "Ben"):
        make.contact(first_name=name)
    since = mark()

    for person in Contact.objects.iterator():
        person.city = "Ulm"
        person.save()

    assert [kind for kind, _changes in told(since)] == ["contact.changed"] * 2
