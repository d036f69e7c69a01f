"""contact.tag_removed, as it is stored, and its narrowing by tag."""

import pytest

from contacts import services
from contacts.events.contact_tag_removed import ContactTagRemoved
from contacts.models import Tagging
from contacts.tests import make
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_a_tag_taken_off_is_told_by_name() -> None:
    mia = make.contact()
    vip = make.tag("VIP", on=mia)
    tagging = Tagging.objects.get()
    number = tagging.pk

    tagging.delete()

    [event] = make.events("contact.tag_removed")
    assert event.data == {
        "contact_id": mia.pk, "tag_id": vip.pk, "tag": "VIP", "tags_before": ["VIP"], "tags_after": [],
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.tagging", number, mia.pk)
    assert event.changes == {}


def test_deleting_a_tag_takes_it_off_everybody_and_still_names_it() -> None:
    mia, ben = make.contact(), make.contact()
    vip = make.tag("VIP", on=mia)
    Tagging.objects.create(contact=ben, tag=vip)
    number = vip.pk

    vip.delete()

    told = sorted((event.data for event in make.events("contact.tag_removed")), key=lambda data: data["contact_id"])
    assert told == [
        {"contact_id": mia.pk, "tag_id": number, "tag": "VIP", "tags_before": ["VIP"], "tags_after": []},
        {"contact_id": ben.pk, "tag_id": number, "tag": "VIP", "tags_before": ["VIP"], "tags_after": []},
    ]


def test_tags_taken_off_through_the_contact_are_told() -> None:
    mia = make.contact()
    vip = make.tag("VIP", on=mia)

    mia.tags.remove(vip)

    assert [event.data["tag"] for event in make.events("contact.tag_removed")] == ["VIP"]


def test_named_tags_narrow_a_trigger_and_none_means_any() -> None:
    options = ContactTagRemoved.Options

    assert ContactTagRemoved.narrow(options(tags=["A", "B"])) == {
        "field": "event.tag", "op": "is_any_of", "value": ["A", "B"],
    }  # fmt: skip
    assert ContactTagRemoved.narrow(options()) is None


def test_each_of_several_tells_what_was_left_after_it() -> None:
    mia = make.contact()
    make.tag("A", on=mia), make.tag("B", on=mia), make.tag("C", on=mia)

    services.remove_tags(mia, ["A", "B"])

    told = [(e.data["tag"], e.data["tags_before"], e.data["tags_after"]) for e in make.events("contact.tag_removed")]
    assert told == [("A", ["A", "B", "C"], ["B", "C"]), ("B", ["B", "C"], ["C"])]


def test_it_starts_the_workflows_of_its_tag() -> None:
    flow, mia = engine.on("contact.tag_removed", tags=["VIP"]), make.contact()
    make.tag("VIP", on=mia)
    make.tag("Lead", on=mia)
    assert engine.ran(flow) == []

    Tagging.objects.all().delete()

    assert engine.ran(flow) == [mia.pk]
