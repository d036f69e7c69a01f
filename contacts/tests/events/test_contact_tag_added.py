"""contact.tag_added, as it is stored, and its narrowing by tag."""

import pytest

from contacts.events.contact_tag_added import ContactTagAdded
from contacts.models import Tagging
from contacts.tests import make
from triggers.context import act_as
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_a_tag_put_on_is_told_by_name() -> None:
    mia, vip = make.contact(), make.tag("VIP")

    with act_as(actor="user", actor_id="3", origin="admin"):
        tagging = Tagging.objects.create(contact=mia, tag=vip)

    [event] = make.events("contact.tag_added")
    assert event.data == {
        "contact_id": mia.pk, "tag_id": vip.pk, "tag": "VIP", "tags_before": [], "tags_after": ["VIP"],
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.tagging", tagging.pk, mia.pk)
    assert (event.actor, event.actor_id, event.origin, event.changes) == ("user", "3", "admin", {})


def test_tags_put_on_in_bulk_are_each_told() -> None:
    mia, vip, hot = make.contact(), make.tag("VIP"), make.tag("Hot")

    Tagging.objects.bulk_create([Tagging(contact=mia, tag=vip), Tagging(contact=mia, tag=hot)])

    told = [(e.data["tag"], e.data["tags_before"], e.data["tags_after"]) for e in make.events("contact.tag_added")]
    assert told == [("VIP", [], ["VIP"]), ("Hot", ["VIP"], ["Hot", "VIP"])]


def test_tags_set_through_the_contact_are_told() -> None:
    mia, vip = make.contact(), make.tag("VIP")

    mia.tags.add(vip)

    assert [event.data["tag"] for event in make.events("contact.tag_added")] == ["VIP"]


def test_named_tags_narrow_a_trigger_and_none_means_any() -> None:
    options = ContactTagAdded.Options

    assert ContactTagAdded.narrow(options(tags=["VIP"])) == {"field": "event.tag", "op": "is_any_of", "value": ["VIP"]}
    assert ContactTagAdded.narrow(options()) is None


def test_a_contact_shows_it_by_having_the_tag() -> None:
    options = ContactTagAdded.Options

    assert ContactTagAdded.standing(options(tags=["VIP"])) == {
        "field": "contact.tags", "op": "has_any", "value": ["VIP"],
    }  # fmt: skip
    assert ContactTagAdded.standing(options()) is None


def test_it_starts_the_workflows_of_its_tag() -> None:
    flow, mia = engine.on("contact.tag_added", tags=["VIP"]), make.contact()

    make.tag("VIP", on=mia)
    make.tag("Lead", on=make.contact())

    assert engine.ran(flow) == [mia.pk]
