"""Contacts, tags, notes and tasks over the API: written through the services, so that events fire once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact, Tag, Task
from contacts.tests import make as contact_make
from triggers.models import Event
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


def client() -> Any:
    """A client with a key to everything that contacts serve."""
    rooms = ("contacts", "custom-fields", "tags", "notes", "tasks")
    return calls.client(*(f"{room}:{verb}" for room in rooms for verb in ("read", "write")))


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def errors(answer: Any) -> dict[str, str]:
    return {each["field"]: each["message"] for each in answer.json()["errors"]}


def test_a_contact_is_made_with_its_tags_and_told_of_once() -> None:
    contact_make.field("size", "choice", choices=["S", "L"])
    body = {
        "first_name": "Anna", "email": "Anna@Example.org", "phone": "030 901820", "country": "de", "tags": ["VIP"],
        "custom_fields": {"size": "l"},
    }  # fmt: skip

    answer = client().post("/api/v1/contacts/", body, format="json")

    found = answer.json()
    assert answer.status_code == 201
    assert (found["phone"], found["phone_raw"], found["country"]) == ("+4930901820", "030 901820", "DE")
    assert (found["tags"], found["custom_fields"], found["owner"]) == (["VIP"], {"size": "L"}, None)
    assert kinds() == ["contact.created", "contact.tag_added"]
    event = Event.objects.first()
    assert event is not None
    assert (event.actor, event.origin) == ("api", "api")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"first_name": "Anna", "phone": "123"}, "phone"),
        ({"first_name": "Anna", "country": "Germany"}, "country"),
        ({"first_name": "Anna", "owner": "nobody"}, "owner"),
        ({"first_name": "Anna", "dnd": {"pigeon": True}}, "dnd"),
        ({"first_name": "Anna", "birth_date": "2001-02-30"}, "birth_date"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(body: dict[str, Any], field: str) -> None:
    answer = client().post("/api/v1/contacts/", body, format="json")

    assert answer.status_code == 400
    assert [name for name in errors(answer) if name.startswith(field)]
    assert (Contact.objects.count(), kinds()) == (0, [])


def test_a_change_writes_what_is_new_and_sets_the_tags() -> None:
    anna = make.contact(city="Ulm")
    make.tag(anna, "Old"), make.tag(anna, "Kept")
    before = Event.objects.count()

    answer = client().patch(f"/api/v1/contacts/{anna.pk}/", {"city": "Bonn", "tags": ["Kept", "New"]}, format="json")

    assert (answer.status_code, answer.json()["city"], answer.json()["tags"]) == (200, "Bonn", ["Kept", "New"])
    assert kinds()[before:] == ["contact.changed", "contact.tag_removed", "contact.tag_added"]


def test_tags_do_not_disturb_and_score_have_their_own_doors() -> None:
    anna, web = make.contact(), client()
    at = f"/api/v1/contacts/{anna.pk}"

    added = web.post(f"{at}/tags/", {"tags": ["VIP", "vip"]}, format="json").json()
    removed = web.post(f"{at}/remove-tags/", {"tags": ["VIP", "Other"]}, format="json").json()
    closed = web.post(f"{at}/dnd/", {"channels": ["email"], "on": True}, format="json").json()
    scored = web.post(f"{at}/score/", {"points": 5, "reason": "Came by"}, format="json").json()

    assert (added["moved"], removed["moved"], removed["tags"]) == (["VIP"], ["VIP"], [])
    assert closed["dnd"]["email"] is True
    assert scored["score"] == 5
    assert make.last_event("contact.engagement_score_changed").origin == "Came by"


def test_lists_are_narrowed_and_ask_few_questions(django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        make.tag(make.contact(first_name=f"P{n}", email=f"p{n}@example.org", country="DE" if n % 2 else "FR"), "VIP")
    web = client()
    web.get("/api/v1/contacts/")

    with django_assert_max_num_queries(4):
        rows = web.get("/api/v1/contacts/").json()["results"]

    def names(query: str) -> list[str]:
        return [row["first_name"] for row in web.get(f"/api/v1/contacts/?{query}").json()["results"]]

    assert len(rows) == 12
    assert names("email=P3@EXAMPLE.org") == ["P3"]
    assert names("search=p1 example&country=DE") == ["P11", "P1"]
    assert len(names("tag=vip")) == 12


def test_notes_and_tasks() -> None:
    anna, clara, web = make.contact(), make.user(), client()

    note = web.post("/api/v1/notes/", {"contact": anna.pk, "body": "She called."}, format="json").json()
    task = web.post(
        "/api/v1/tasks/", {"contact": anna.pk, "title": "Call back", "assignee": "clara"}, format="json"
    ).json()
    done = web.post(f"/api/v1/tasks/{task['id']}/complete/").json()

    assert note["author"] is not None
    assert Task.objects.get(pk=task["id"]).assignee == clara
    assert done["completed_at"] is not None
    assert kinds()[1:] == ["note.added", "task.added", "task.completed"]


def test_tasks_that_are_overdue() -> None:
    late = timezone.now() - timedelta(days=1)
    Task.objects.create(title="Late", due_at=late)
    Task.objects.create(title="Done", due_at=late, completed_at=late)
    Task.objects.create(title="Later", due_at=timezone.now() + timedelta(days=1))
    web = client()

    found = web.get("/api/v1/tasks/?overdue=true").json()["results"]

    assert [row["title"] for row in found] == ["Late"]


def test_the_timeline_tells_what_happened() -> None:
    anna = make.contact()
    make.tag(anna, "VIP")

    rows = client().get(f"/api/v1/contacts/{anna.pk}/timeline/").json()["results"]

    assert len(rows) == 2
    assert all(row["what"] and row["at"] for row in rows)


def test_a_tag_of_the_same_name_in_another_case_is_refused() -> None:
    Tag.objects.create(name="VIP")

    answer = client().post("/api/v1/tags/", {"name": "vip"}, format="json")

    assert answer.status_code == 400
    assert Tag.objects.count() == 1
