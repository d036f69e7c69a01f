"""The organisation in the admin: one row, whose page is where its list would be."""

import pytest

from triggers.models import Organisation
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/organisation/"


def test_the_list_leads_to_the_one_row() -> None:
    only = Organisation.objects.create(name="Brandt Küchen")

    assert visit.staff("view_organisation").get(LIST)["Location"] == f"{LIST}{only.pk}/change/"


def test_the_list_leads_to_a_new_row_where_there_is_none() -> None:
    assert visit.boss().get(LIST)["Location"] == f"{LIST}add/"
    assert "Nothing here yet." in visit.text(visit.staff("view_organisation"), LIST)


def test_there_is_never_a_second_one_and_the_first_stays() -> None:
    only, boss = Organisation.objects.create(), visit.boss()

    assert boss.get(f"{LIST}add/").status_code == 403
    assert boss.post(f"{LIST}{only.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_time_zone_that_is_none_is_refused() -> None:
    only = Organisation.objects.create()
    filled = {"name": "Brandt", "time_zone": "Berlin", "holidays": "[]"}

    answer = visit.boss().post(f"{LIST}{only.pk}/change/", filled)

    assert answer.context["adminform"].form.errors["time_zone"] == [
        "“Berlin” is no time zone. Enter one such as Europe/Berlin."
    ]


def test_who_may_not_see_it_does_not() -> None:
    assert visit.staff("view_run").get(LIST).status_code == 403
