"""opportunity.assign: to one user, in turn, or to the least busy."""

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines import services
from pipelines.tests import deal_make as make
from pipelines.tests.deal_play import perform
from triggers import sweeping
from triggers.services import archive

pytestmark = pytest.mark.django_db

KEY = "opportunity.assign"


def test_it_is_given_to_a_user_and_again_is_no_news() -> None:
    contacts.user("ana")
    deal = make.deal()

    first, again = perform(KEY, deal, user="ana"), perform(KEY, deal, user="ana")

    deal.refresh_from_db()
    assert (str(deal.owner), deal.contact.owner) == ("ana", None)
    assert (first.summary, first.result) == ("Assigned to ana.", {"old": None, "new": "ana"})
    assert again.summary == "It was ana's already."


def test_in_turn_and_to_the_least_busy() -> None:
    ana, ben = contacts.user("ana"), contacts.user("ben")
    contacts.task(None, assignee=ana)
    deals = [make.deal(name=str(n)) for n in range(3)]
    members = [{"user": "ana"}, {"user": "ben"}]
    flow = play.live(KEY, event="opportunity.changed", how="round_robin", members=members)
    for deal in deals:
        services.update(deal, {"source": "x"})
    sweeping.drain(play.NOW)

    assert sorted(str(type(d).objects.get(pk=d.pk).owner) for d in deals) == ["ana", "ana", "ben"]
    archive(flow)
    done = perform(KEY, make.deal(name="4"), how="least_busy", members=members)
    assert done.result == {"old": None, "new": ben.get_username()}


def test_who_has_an_owner_keeps_it_where_that_is_asked() -> None:
    contacts.user("ben")
    deal = make.deal(owner=contacts.user("ana"))

    done = perform(KEY, deal, user="ben", only_if_unassigned=True)

    assert (done.status, done.summary) == ("skipped", "The opportunity has an owner: ana.")


def test_nobody_there_is_said() -> None:
    contacts.user("ana", is_active=False)

    done = perform(KEY, make.deal(), user="ana")

    assert (done.status, done.summary) == ("skipped", "Nobody to assign: every user named is absent or gone.")


def test_problems_and_preview() -> None:
    contacts.user("ana")

    assert play.problems(KEY, user="zoe") == [(".user", "There is no user “zoe”.")]
    assert play.preview(KEY, contacts.contact(), user="ana") == "Assigns the opportunity to ana."
    assert play.preview(KEY, contacts.contact(), how="least_busy", members=[{"user": "ana"}]) == (
        "Assigns the opportunity to the least busy of ana."
    )
