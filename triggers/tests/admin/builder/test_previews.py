"""What a contact would read: for the one asked for, for nobody where contacts may not be seen, and never a fault."""

from datetime import UTC, datetime

import pytest

from triggers.admin.builder.cards import layout
from triggers.admin.builder.previews import NEW, Example, Wished
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
DOCUMENT = make.document()


def test_texts_are_read_by_the_contact_that_is_asked_for() -> None:
    make.contact(first_name="Anna")
    make.tag(make.contact(first_name="Mia", email="mia@example.org"), "Gold")

    assert Example(DOCUMENT, Wished(), NOW).reads("Dear {{ contact.first_name }}") == "Dear Anna"
    mia = Example(DOCUMENT, Wished("mia"), NOW)
    assert mia.reads("Dear {{ contact.first_name }}, {{ event.tag }}") == "Dear Mia, Gold"
    assert mia.reads("No field") == mia.reads("{{ broken") == ""


def test_one_of_several_is_chosen_and_words_that_mean_nobody_are_told() -> None:
    make.contact(first_name="Anna", last_name="Weber")
    other = make.contact(first_name="Anna", last_name="Schmidt", email="as@example.org")

    several = Example(DOCUMENT, Wished("anna", str(other.pk)), NOW)
    nobody = Example(DOCUMENT, Wished("Xaver"), NOW)

    assert [name for _key, name in several.found] == ["Anna Weber", "Anna Schmidt"]
    assert (several.name, several.missed) == ("Anna Schmidt", "")
    assert (nobody.name, nobody.missed, nobody.found) == ("Anna Weber", "Xaver", [])


def test_the_event_is_the_newest_the_one_chosen_or_one_made_up() -> None:
    anna = make.contact(first_name="Anna")
    make.tag(anna, "Gold")
    first = make.last_event("contact.tag_added")
    make.tag(anna, "VIP")
    asked = make.document(triggers=[{**make.TAGGED, "config": {"tags": ["Silver"]}}])

    def tag(event: str = "") -> str:
        return Example(asked, Wished("anna", event=event), NOW).reads("{{ event.tag }}")

    assert (tag(), tag(str(first.pk)), tag(NEW)) == ("VIP", "Gold", "Silver")
    assert len(Example(asked, Wished("anna"), NOW).events) == 2


def test_each_merge_field_stands_with_its_value() -> None:
    make.contact(first_name="Anna", last_name="Schmidt")

    parts = dict(Example(DOCUMENT, Wished(), NOW).fields(layout(DOCUMENT).offer))

    assert ("contact.last_name", "Schmidt") in [(field.name, field.value) for field in parts["Contact"]]
    assert "event.tag" in [field.name for field in parts["This event"]]


def test_without_a_contact_there_are_names_and_no_values() -> None:
    make.contact(first_name="Anna")

    nobody = Example(DOCUMENT, None, NOW)

    assert (nobody.name, nobody.reads("Dear {{ contact.first_name }}")) == ("", "")
    assert not any(field.value for field in dict(nobody.fields(layout(DOCUMENT).offer))["Contact"])


def test_who_may_not_see_contacts_sees_none_beside_the_texts() -> None:
    make.contact(first_name="Wilhelmina")
    flow = make.workflow(make.action("a1", "task.create", title="Call {{ contact.first_name }}"))
    address = f"/admin/triggers/workflow/{flow.pk}/change/"

    limited = visit.staff("view_workflow", "change_workflow")
    assert "Wilhelmina" not in visit.text(limited, address)
    assert "Wilhelmina" in visit.text(visit.staff("change_workflow", "view_contact", name="other"), address)
