"""Groups and memberships in the admin."""

import pytest

from communities import services
from communities.models import Group, Membership
from communities.tests import make
from contacts.tests import make as contacts
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
GROUPS, MEMBERSHIPS = "/admin/communities/group/", "/admin/communities/membership/"


def test_staff_make_a_group_and_take_somebody_in_and_out() -> None:
    client, anna = visit.boss(), contacts.contact(first_name="Anna")

    client.post(f"{GROUPS}add/", {"name": "Founders", "description": "", "open": "on"})
    client.post(f"{MEMBERSHIPS}add/", {"contact": anna.pk, "group": Group.objects.get().pk, "reason": "asked"})

    assert "1" in visit.text(client, GROUPS)
    assert "asked" in visit.text(client, MEMBERSHIPS)
    row = Membership.objects.get()
    client.post(f"{MEMBERSHIPS}{row.pk}/delete/", {"post": "yes"})
    told = list(Event.objects.filter(type__startswith="community.").order_by("pk").values_list("actor", flat=True))
    assert told == ["user", "user"]


def test_a_closed_group_is_refused_at_its_field() -> None:
    anna, closed = contacts.contact(), make.group(open=False)

    answer = visit.boss().post(f"{MEMBERSHIPS}add/", {"contact": anna.pk, "group": closed.pk, "reason": ""})

    assert answer.status_code == 200
    assert not Membership.objects.exists()


def test_a_membership_is_not_changed() -> None:
    group = make.group()
    services.grant(contacts.contact(), [group])
    row = Membership.objects.get()

    answer = visit.boss().post(
        f"{MEMBERSHIPS}{row.pk}/change/", {"contact": row.contact_id, "group": group.pk, "reason": "x"}
    )

    assert answer.status_code == 403
    assert Membership.objects.get().reason == ""
