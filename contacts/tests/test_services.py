"""The verbs: what they write, what they answer, and that nothing is written twice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts import services
from contacts.models import Contact, Tag, Tagging
from contacts.tests import make
from triggers.context import act_as
from triggers.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_create_stores_the_cleaned_values_and_tells_once() -> None:
    ana = make.user("ana")
    make.field("size")
    make.field("old")

    mia = services.create(
        {
            "first_name": " Mia ", "email": "Mia@Example.org", "phone": "030 123456", "country": "de",
            "owner": "ana", "birth_date": "1990-02-28", "custom_fields.size": "M", "custom_fields.old": None,
        }
    )  # fmt: skip

    mia.refresh_from_db()
    assert (mia.first_name, mia.email, mia.country, mia.owner) == ("Mia", "Mia@example.org", "DE", ana)
    assert (mia.phone, mia.phone_raw) == ("+4930123456", "030 123456")
    assert (mia.birth_date.isoformat(), mia.custom_fields) == ("1990-02-28", {"size": "M"})
    assert [event.type for event in Event.objects.all()] == ["contact.created"]


def test_create_refuses_a_contact_of_whom_nothing_is_known() -> None:
    with pytest.raises(ValidationError) as refused:
        services.create({"city": "Berlin", "first_name": " "})

    assert refused.value.messages == ["Give a name, a company, an e-mail, a phone number or an external id."]
    assert not Contact.objects.exists()


def test_find_or_create_creates_with_match_and_values() -> None:
    mia, created = services.find_or_create({"email": "mia@example.org"}, {"first_name": "Mia"})

    assert created
    assert (mia.email, mia.first_name) == ("mia@example.org", "Mia")


def test_find_or_create_leaves_a_found_contact_as_it_is() -> None:
    mia = make.contact()
    before = Event.objects.count()

    found, created = services.find_or_create({"email": "MIA@example.org"}, {"first_name": "Other"})

    assert (found, created) == (mia, False)
    assert found.first_name == "Mia"
    assert Event.objects.count() == before


def test_find_or_create_takes_an_empty_match_as_not_given() -> None:
    mia = make.contact(phone="+4930123456")

    found, _created = services.find_or_create({"email": None, "phone": "030 123456"}, {"country": "DE"})
    _new, created = services.find_or_create({"email": ""}, {"email": "ben@example.org"})

    assert found == mia
    assert created


@pytest.mark.parametrize(
    ("match", "values", "fields"),
    [
        ({"email": "mia"}, {}, {"email"}),
        ({"email": "mia@example.org"}, {"phone": "12"}, {"phone"}),
        ({"email": "mia@example.org"}, {"country": "XX"}, {"country"}),
        ({"city": "Berlin"}, {"email": "mia@example.org"}, {"city"}),
    ],
)
def test_find_or_create_refuses_at_the_field(match: dict[str, str], values: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        services.find_or_create(match, values)

    assert refused.value.message_dict.keys() == fields
    assert not Contact.objects.exists()


def test_update_sets_clears_and_tells_old_and_new() -> None:
    ana = make.user("ana")
    mia = make.contact(city="Bonn", company="Berg AG", owner=ana)

    changes = services.update(
        mia, {"city": "Berlin", "company": None, "owner": None, "birth_date": "1990-02-28", "first_name": "Mia"}
    )

    assert changes == {
        "city": {"old": "Bonn", "new": "Berlin"},
        "company": {"old": "Berg AG", "new": ""},
        "owner": {"old": "ana", "new": None},
        "birth_date": {"old": None, "new": "1990-02-28"},
    }
    mia.refresh_from_db()
    assert (mia.city, mia.company, mia.owner) == ("Berlin", "", None)
    [event] = make.events("contact.changed")
    assert event.changes == {
        "city": {"old": "Bonn", "new": "Berlin"},
        "company": {"old": "Berg AG", "new": ""},
        "owner": {"old": ana.pk, "new": None},
        "birth_date": {"old": None, "new": "1990-02-28"},
    }


def test_update_to_what_is_so_writes_and_fires_nothing() -> None:
    make.field("size")
    make.field("gone")
    mia = make.contact(city="Berlin", dnd={"email": True}, custom_fields={"size": "M"}, birth_date="1990-02-28")
    mia.refresh_from_db()
    written = mia.updated_at

    changes = services.update(
        mia,
        {"city": " Berlin ", "dnd": {"email": True, "sms": False}, "custom_fields": {"size": "M", "gone": None},
         "birth_date": "1990-02-28", "email": "mia@EXAMPLE.org"},
    )  # fmt: skip

    mia.refresh_from_db()
    assert changes == {}
    assert mia.updated_at == written
    assert make.events("contact.changed") == []


def test_update_keeps_the_text_of_a_phone_number_that_stays_the_same() -> None:
    mia = make.contact(phone="+4930123456", phone_raw="030 123456", country="DE")

    same = services.update(mia, {"phone": "+49 30 123456"})
    other = services.update(mia, {"phone": "030 999999"})

    assert same == {}
    assert other == {"phone": {"old": "+4930123456", "new": "+4930999999"}}
    assert mia.phone_raw == "030 999999"


def test_update_clears_a_phone_with_its_text() -> None:
    mia = make.contact(phone="+4930123456", phone_raw="030 123456")

    services.update(mia, {"phone": None})

    mia.refresh_from_db()
    assert (mia.phone, mia.phone_raw) == ("", "")


def test_update_merges_custom_fields() -> None:
    for key in ("size", "old"):
        make.field(key)
    make.field("new", "multi_choice", choices=["a", "b"])
    mia = make.contact(custom_fields={"size": "M", "nobody_s": "red", "old": "1"})

    changes = services.update(mia, {"custom_fields": {"size": "L", "old": None}, "custom_fields.new": ["b", "a"]})

    mia.refresh_from_db()
    assert mia.custom_fields == {"size": "L", "nobody_s": "red", "new": ["a", "b"]}
    assert changes == {
        "custom_fields.new": {"old": None, "new": ["a", "b"]},
        "custom_fields.old": {"old": "1", "new": None},
        "custom_fields.size": {"old": "M", "new": "L"},
    }


def test_update_with_none_removes_every_custom_field() -> None:
    mia = make.contact(custom_fields={"size": "M"})

    services.update(mia, {"custom_fields": None})

    mia.refresh_from_db()
    assert mia.custom_fields == {}


def test_update_that_is_refused_changes_nothing() -> None:
    mia = make.contact(city="Bonn")

    with pytest.raises(ValidationError) as refused:
        services.update(mia, {"city": "Berlin", "email": "mia"})

    assert refused.value.message_dict == {"email": ["Enter a valid email address."]}
    assert mia.city == "Bonn"
    assert make.events("contact.changed") == []


def test_update_starts_from_the_row_not_from_memory() -> None:
    mia = make.contact(city="Bonn")
    stale = Contact.objects.get(pk=mia.pk)
    services.update(mia, {"city": "Berlin"})

    changes = services.update(stale, {"city": "Bonn"})

    assert changes == {"city": {"old": "Berlin", "new": "Bonn"}}


def test_update_of_a_contact_that_is_gone_says_so() -> None:
    mia = make.contact()
    Contact.objects.filter(pk=mia.pk).delete()

    with pytest.raises(Contact.DoesNotExist):
        services.update(mia, {"city": "Berlin"})


def test_add_tags_tells_which_were_really_added() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)
    make.tag("Newsletter")

    added = services.add_tags(mia, ["vip", "newsletter", " New ", "new"])

    assert added == ["Newsletter", "New"]
    assert make.tags_of(mia) == {"VIP", "Newsletter", "New"}
    assert [event.data["tag"] for event in make.events("contact.tag_added")] == ["VIP", "Newsletter", "New"]


def test_add_tags_that_are_there_writes_and_fires_nothing() -> None:
    mia = make.contact()
    vip = make.tag("VIP", on=mia)
    before = list(Tagging.objects.values())

    added = services.add_tags(mia, ["VIP", "vip"])

    assert added == []
    assert list(Tagging.objects.values()) == before
    assert list(Tag.objects.all()) == [vip]
    assert len(make.events("contact.tag_added")) == 1


def test_remove_tags_tells_which_were_really_removed() -> None:
    mia, ben = make.contact(), make.contact()
    vip = make.tag("VIP", on=mia)
    services.add_tags(ben, ["VIP"])

    removed = services.remove_tags(mia, ["vip", "unknown", ""])

    assert removed == ["VIP"]
    assert (make.tags_of(mia), make.tags_of(ben)) == (set(), {"VIP"})
    assert list(Tag.objects.all()) == [vip]
    assert [(event.contact_id, event.data["tag"]) for event in make.events("contact.tag_removed")] == [(mia.pk, "VIP")]


def test_remove_tags_that_are_not_there_fires_nothing() -> None:
    mia = make.contact()
    make.tag("VIP")

    assert services.remove_tags(mia, ["VIP"]) == []
    assert make.events("contact.tag_removed") == []


def test_assign_says_whether_it_was_news() -> None:
    ana = make.user("ana")
    mia = make.contact()

    answers = [services.assign(mia, ana), services.assign(mia, ana), services.assign(mia, None)]

    assert answers == [True, False, True]
    assert [event.changes for event in make.events("contact.changed")] == [
        {"owner": {"old": None, "new": ana.pk}},
        {"owner": {"old": ana.pk, "new": None}},
    ]


SINGLE = ["email", "sms", "call", "whatsapp", "facebook", "gmb"]


@pytest.mark.parametrize(
    ("before", "channels", "on", "moved", "after"),
    [
        ({}, ["email"], True, ["email"], {"email": True}),
        ({"email": True}, ["sms", "email"], True, ["sms"], {"email": True, "sms": True}),
        ({"email": True}, ["email"], True, [], {"email": True}),
        ({}, ["all"], True, SINGLE, {"all": True}),
        ({"email": True}, ["all"], True, SINGLE[1:], {"all": True}),
        ({"all": True}, ["all"], True, [], {"all": True}),
        ({"all": True}, ["email"], True, [], {"all": True}),
        ({"email": True, "sms": True}, ["email"], False, ["email"], {"sms": True}),
        ({"sms": True}, ["email"], False, [], {"sms": True}),
        ({"all": True}, ["all"], False, SINGLE, {}),
        ({"sms": True}, ["all"], False, ["sms"], {}),
        ({}, ["all"], False, [], {}),
        ({"all": True}, ["email"], False, ["email"], dict.fromkeys(SINGLE[1:], True)),
    ],
)  # fmt: skip
def test_set_dnd(
    before: dict[str, bool], channels: list[str], on: bool, moved: list[str], after: dict[str, bool]
) -> None:
    mia = make.contact(dnd=before)

    answer = services.set_dnd(mia, channels, on)

    mia.refresh_from_db()
    assert (answer, mia.dnd) == (moved, after)
    expected = [{"dnd": {"old": before, "new": after}}] if after != before else []
    assert [event.changes for event in make.events("contact.changed")] == expected


def test_set_dnd_refuses_an_unknown_channel() -> None:
    with pytest.raises(ValidationError) as refused:
        services.set_dnd(make.contact(), ["post"], True)

    assert refused.value.message_dict.keys() == {"dnd"}


def test_adjust_score_adds_and_keeps_the_reason() -> None:
    mia = make.contact(score=3)

    with act_as(actor="api", origin="web"):
        up = services.adjust_score(mia, 5, "Opened the price list")
        down = services.adjust_score(mia, -10)

    assert (up, down) == (8, -2)
    assert [
        (event.origin, event.actor, event.changes["score"]) for event in make.events("contact.engagement_score_changed")
    ] == [
        ("Opened the price list", "api", {"old": 3, "new": 8}),
        ("web", "api", {"old": 8, "new": -2}),
    ]


def test_adjust_score_adds_to_what_the_row_says() -> None:
    mia = make.contact(score=3)
    stale = Contact.objects.get(pk=mia.pk)
    services.adjust_score(mia, 5)

    assert services.adjust_score(stale, 1) == 9


def test_adjust_score_by_nothing_fires_nothing() -> None:
    mia = make.contact(score=3)

    assert services.adjust_score(mia, 0, "No reason") == 3
    assert make.events("contact.engagement_score_changed") == []


def test_complete_task_once() -> None:
    ana = make.user("ana")
    task = make.task(make.contact())
    stale: Any = type(task).objects.get(pk=task.pk)

    answers = [services.complete_task(task, ana, NOW), services.complete_task(stale, None)]

    assert answers == [True, False]
    task.refresh_from_db()
    assert (task.completed_at, task.completed_by) == (NOW, ana)
    assert len(make.events("task.completed")) == 1
