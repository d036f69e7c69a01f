"""contact.assign: one user, several in turn, or the least busy."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from contacts.actions.contact_assign import Absence
from contacts.models import Contact
from contacts.tests import make
from contacts.tests.actions import play
from triggers import sweeping
from triggers.models import Organisation

pytestmark = pytest.mark.django_db
TEAM = [{"user": "ana"}, {"user": "ben"}, {"user": "cem"}]


def team() -> None:
    for name in ("ana", "ben", "cem"):
        make.user(name)


def named(name: str) -> User:
    return User.objects.get(username=name)


def owners(count: int, **config: Any) -> list[str]:
    """The owners that so many contacts get, one after another."""
    team()
    play.live("contact.assign", **config)
    for number in range(count):
        make.note(make.contact(first_name=f"c{number}"))
    sweeping.drain(play.NOW)
    names = Contact.objects.order_by("pk").values_list("owner__username", flat=True)
    return [name or "" for name in names]


def test_a_fixed_user_becomes_the_owner() -> None:
    ana = make.user("ana")
    mia = make.contact()

    done = play.perform("contact.assign", mia, user="ana")

    mia.refresh_from_db()
    assert (mia.owner, done.summary, done.result) == (ana, "Assigned to ana.", {"old": None, "new": "ana"})
    [event] = make.events("contact.changed")
    assert (event.changes, event.cause) == ({"owner": {"old": None, "new": ana.pk}}, done.key)


def test_the_owner_it_has_already_fires_nothing() -> None:
    ana = make.user("ana")

    done = play.perform("contact.assign", make.contact(owner=ana), user="ana")

    assert (done.status, done.summary) == ("done", "It was ana's already.")
    assert make.events("contact.changed") == []


@pytest.mark.parametrize("how", ["user", "round_robin", "least_busy"])
def test_an_owner_is_kept_where_only_the_unassigned_are_asked_for(how: str) -> None:
    team()
    mia = make.contact(owner=make.user("dan"))
    config = {"user": "ana"} if how == "user" else {"members": TEAM}

    done = play.perform("contact.assign", mia, how=how, only_if_unassigned=True, **config)

    mia.refresh_from_db()
    assert (done.status, done.summary) == ("skipped", "The contact has an owner: dan.")
    assert mia.owner is not None
    assert mia.owner.username == "dan"


def test_round_robin_gives_everybody_as_many() -> None:
    assert owners(6, how="round_robin", members=TEAM) == ["ana", "ben", "cem", "ana", "ben", "cem"]


def test_round_robin_by_weight() -> None:
    members = [{"user": "ana", "weight": 3}, {"user": "ben", "weight": 1}]

    assert Counter(owners(8, how="round_robin", members=members)) == {"ana": 6, "ben": 2}


def test_a_contact_that_keeps_its_owner_takes_no_turn() -> None:
    team()
    play.live("contact.assign", how="round_robin", members=TEAM, only_if_unassigned=True)
    made = [make.contact(), make.contact(owner=make.user("dan")), make.contact()]
    for contact in made:
        make.note(contact)

    sweeping.drain(play.NOW)

    assert [str(Contact.objects.get(pk=contact.pk).owner) for contact in made] == ["ana", "dan", "ben"]


def test_the_least_busy_gets_the_contact_and_tasks_count() -> None:
    team()
    mia = make.contact()
    for name in ("ana", "cem"):
        make.task(None, assignee=named(name))

    play.perform("contact.assign", mia, how="least_busy", members=TEAM)

    mia.refresh_from_db()
    assert str(mia.owner) == "ben"


def test_the_equally_busy_take_turns() -> None:
    assert owners(4, how="least_busy", members=TEAM) == ["ana", "ben", "cem", "ana"]


def test_inactive_and_absent_users_are_passed_over() -> None:
    # 4 March 2026 is NOW.
    absences = [
        {"user": "ana", "first_day": "2026-03-04", "last_day": "2026-03-04"},
        {"user": "cem", "last_day": "2026-03-03"},
    ]
    make.user("eva", is_active=False)

    given = owners(4, how="round_robin", members=[*TEAM, {"user": "eva"}], absences=absences)

    assert given == ["ben", "cem", "ben", "cem"]


def test_absent_users_get_contacts_where_nobody_is_to_be_skipped() -> None:
    absences = [{"user": "ana"}]

    given = owners(3, how="round_robin", members=TEAM, absences=absences, skip_absent=False)

    assert given == ["ana", "ben", "cem"]


def test_away_is_reckoned_where_the_organisation_is() -> None:
    # NOW is the 4th in UTC, and already the 5th in Kiritimati.
    Organisation.objects.create(time_zone="Pacific/Kiritimati")
    team()

    done = play.perform(
        "contact.assign", make.contact(), user="ana", absences=[{"user": "ana", "first_day": "2026-03-05"}]
    )

    assert done.status == "skipped"


@pytest.mark.parametrize(
    "config",
    [
        {"user": "ana", "absences": [{"user": "ana"}]},
        {"how": "round_robin", "members": [{"user": "ana"}], "absences": [{"user": "ana"}]},
        {"how": "least_busy", "members": [{"user": "ana"}], "absences": [{"user": "ana"}]},
    ],
)
def test_with_nobody_there_the_contact_stays_as_it_is(config: dict[str, Any]) -> None:
    team()

    done = play.perform("contact.assign", make.contact(), **config)

    assert (done.status, done.summary) == ("skipped", "Nobody to assign: every user named is absent or gone.")
    assert make.events("contact.changed") == []


def test_a_user_deleted_after_publishing_is_passed_over() -> None:
    team()
    mia = make.contact()
    workflow = play.live("contact.assign", how="round_robin", members=TEAM)
    named("ana").delete()

    make.note(mia)
    play.drained(workflow)

    mia.refresh_from_db()
    assert str(mia.owner) == "ben"


@pytest.mark.parametrize(
    ("first", "last", "covers"),
    [
        (None, None, True),
        (date(2026, 3, 4), None, True),
        (None, date(2026, 3, 4), True),
        (date(2026, 3, 5), None, False),
        (None, date(2026, 3, 3), False),
    ],
)
def test_an_absence_covers_its_first_and_last_day(first: date | None, last: date | None, covers: bool) -> None:
    assert Absence(user="ana", first_day=first, last_day=last).covers(date(2026, 3, 4)) is covers


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"user": "ana"}, "Assigns the contact to ana."),
        ({"how": "round_robin", "members": TEAM}, "Assigns the contact to the next in turn of ana, ben, cem."),
        ({"how": "least_busy", "members": TEAM}, "Assigns the contact to the least busy of ana, ben, cem."),
    ],
)
def test_preview(config: dict[str, Any], said: str) -> None:
    assert play.preview("contact.assign", None, **config) == said


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"user": "ana"}, []),
        ({}, [("", "Choose the user to assign.")]),
        ({"how": "round_robin"}, [("", "Choose the users to assign among.")]),
        ({"how": "round_robin", "members": [{"user": "ana"}, {"user": "ana"}]},
         [("", "Name each user once; a weight gives more turns.")]),
        ({"user": "zoe"}, [(".user", "There is no user “zoe”.")]),
        ({"how": "least_busy", "members": [{"user": "ana"}, {"user": "zoe"}], "absences": [{"user": "yan"}]},
         [(".members[1].user", "There is no user “zoe”."), (".absences[0].user", "There is no user “yan”.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    make.user("ana")

    assert play.problems("contact.assign", **config) == problems
