"""Taking people into groups and out of them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities import services
from communities.models import Membership
from communities.tests import make
from contacts.dedupe import merging
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    rows = Event.objects.filter(type__startswith="community.").order_by("pk")
    return [(row.type.rpartition("_")[2], row.data["group"], row.data["reason"]) for row in rows]


def test_each_step_is_told_once_with_its_reason() -> None:
    anna, founders, circle = contacts.contact(), make.group(), make.group("Circle")

    assert services.grant(anna, [founders, circle], "bought") == [founders, circle]
    assert services.grant(anna, [founders]) == []
    assert services.revoke(anna, [founders], "not paid") == [founders]
    assert services.revoke(anna, [founders]) == []

    granted, revoked = (
        [("granted", name, "bought") for name in ("Founders", "Circle")],
        ("revoked", "Founders", "not paid"),
    )
    assert told() == [*granted, revoked]


def test_a_closed_group_takes_nobody_in_and_keeps_its_own() -> None:
    anna, ben, group = contacts.contact(), contacts.contact(), make.group()
    services.grant(anna, [group])
    group.open = False
    group.save()

    assert services.grant(anna, [group]) == []
    with pytest.raises(ValidationError) as caught:
        services.grant(ben, [make.group("Circle"), group])

    assert caught.value.message_dict == {"groups": ["Founders takes nobody in at present. Open it first."]}
    assert not Membership.objects.filter(contact=ben).exists()


def test_the_database_holds_one_row_a_pair() -> None:
    anna, group = contacts.contact(), make.group()
    Membership.objects.create(contact=anna, group=group)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(contact=anna, group=group)


def test_a_group_that_is_deleted_lets_everybody_go_and_says_so() -> None:
    group = make.group()
    services.grant(contacts.contact(), [group])

    group.delete()

    assert told() == [("granted", "Founders", ""), ("revoked", "Founders", "")]


def test_who_is_merged_belongs_to_both_once() -> None:
    into, other, founders, circle = contacts.contact(), contacts.contact(), make.group(), make.group("Circle")
    services.grant(into, [founders])
    services.grant(other, [founders, circle])

    merging.merge(into.pk, other.pk)

    assert {row.group.name for row in into.community_memberships.all()} == {"Founders", "Circle"}
    assert Membership.objects.count() == 2
