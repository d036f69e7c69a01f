"""Offers given and taken, for a while or for good, and the courses that open and close with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.tests import make as contacts
from courses import granting
from courses.models import Access, Enrolment
from courses.tests import make
from triggers import sweeping
from triggers.context import quiet
from triggers.models.event import Lane

pytestmark = pytest.mark.django_db


def test_without_days_it_holds_for_good_and_with_days_until_then() -> None:
    anna, now = contacts.contact(), make.at(10)

    assert granting.grant(anna, make.offer(), "", now).expires_at is None
    assert granting.grant(anna, make.offer(title="Trial", access_days=7), "", now).expires_at == now + timedelta(days=7)


def test_given_again_it_never_ends_earlier() -> None:
    anna, offer, now = contacts.contact(), make.offer(access_days=10), make.at(10)
    first = granting.grant(anna, offer, "", now)

    offer.access_days = 2
    again = granting.grant(anna, offer, "", now + timedelta(days=1))
    offer.access_days = None
    forever = granting.grant(anna, offer, "", now + timedelta(days=2))
    offer.access_days = 3
    still = granting.grant(anna, offer, "", now + timedelta(days=3))

    assert (again.expires_at, forever.expires_at, still.expires_at) == (first.expires_at, None, None)
    assert (Access.objects.get().grants, Access.objects.count()) == (4, 1)


def test_given_after_it_was_over_its_time_begins_anew() -> None:
    anna, offer, now = contacts.contact(), make.offer(access_days=2), make.at(10)
    granting.grant(anna, offer, "", now)

    later = granting.grant(anna, offer, "", now + timedelta(days=5))

    assert later.expires_at == now + timedelta(days=7)


def test_access_ends_at_its_moment_whether_or_not_the_sweep_came() -> None:
    anna, product, now = contacts.contact(), make.course(), make.at(10)
    granting.grant(anna, make.offer(product, access_days=1), "", now)

    assert granting.holds(anna.pk, product, now + timedelta(hours=23))
    assert not granting.holds(anna.pk, product, now + timedelta(days=1))


def test_what_was_prolonged_does_not_run_out() -> None:
    anna, offer, now = contacts.contact(), make.offer(make.course(), access_days=1), timezone.now()
    granting.grant(anna, offer, "", now)
    granting.grant(anna, offer, "", now + timedelta(hours=12))

    assert granting.expire(Lane.FAST, now + timedelta(hours=25)) == 0
    assert granting.expire(Lane.FAST, now + timedelta(hours=36)) == 1
    assert Enrolment.objects.get().access_since is None


def test_an_end_that_is_moved_into_the_past_closes_what_no_other_offer_holds() -> None:
    anna, now = contacts.contact(), timezone.now()
    product, held_twice = make.course(), make.course("Sanding")
    access = granting.grant(anna, make.offer(product, held_twice), "", now - timedelta(days=2))
    granting.grant(anna, make.offer(held_twice, title="Other"), "", now)

    ended = granting.end_at(access, now - timedelta(days=1), now)

    assert (ended.removed_at, ended.removals, ended.reason) == (now, 1, "The time was over.")
    assert granting.open_to(anna.pk, now) == {held_twice.pk}
    assert make.types()[-2:] == ["offer_access_removed", "product_access_removed"]


def test_an_end_to_come_gives_anew_what_was_over() -> None:
    anna, product, now = contacts.contact(), make.course(), timezone.now()
    access = granting.grant(anna, make.offer(product, access_days=1), "bought", now - timedelta(days=3))
    sweeping.drain(now)

    given = granting.end_at(access, now + timedelta(days=5), now)

    assert (given.granted_at, given.removed_at, given.grants) == (now, None, 2)
    assert given.reason == "The end was moved."
    assert granting.holds(anna.pk, product, now)
    assert make.types()[-2:] == ["offer_access_granted", "product_access_granted"]


def test_an_end_is_moved_and_nothing_told_while_nothing_opens_or_closes() -> None:
    anna, offer, now = contacts.contact(), make.offer(make.course(), access_days=1), timezone.now()
    over = granting.grant(anna, offer, "", now - timedelta(days=2))
    before = make.types()

    # Over, and nobody was told yet: as if it had been prolonged in time.
    prolonged = granting.end_at(over, now + timedelta(days=1), now)
    for_good = granting.end_at(over, None, now)
    granting.revoke(anna, offer)
    removed = make.types()
    still_over = granting.end_at(over, now - timedelta(days=1), now)
    unchanged = granting.end_at(over, now - timedelta(days=1), now)

    assert (prolonged.grants, for_good.expires_at) == (1, None)
    assert removed == [*before, "offer_access_removed", "product_access_removed"]
    assert still_over.expires_at == unchanged.expires_at == now - timedelta(days=1)
    assert make.types() == removed


def test_an_end_before_the_beginning_is_refused() -> None:
    access = granting.grant(contacts.contact(), make.offer(), "", make.at(10))

    with pytest.raises(ValidationError) as refused:
        granting.end_at(access, make.at(9, 59))

    assert list(refused.value.message_dict) == ["expires_at"]
    assert granting.end_at(access, make.at(10)).removals == 1


def test_many_run_out_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(granting, "BATCH", 2)
    offer, now = make.offer(make.course(), access_days=1), timezone.now()
    with quiet("test"):
        for number in range(5):
            granting.grant(contacts.contact(email=f"p{number}@example.org"), offer, "", now)

    sweeping.drain(now + timedelta(days=2))

    assert not Access.objects.filter(removed_at=None).exists()
    assert make.types().count("product_access_removed") == 5


def test_who_never_had_it_cannot_lose_it() -> None:
    assert granting.revoke(contacts.contact(), make.offer()) is None
    assert make.types() == []


def test_giving_to_many_takes_as_many_queries_as_to_one(django_assert_max_num_queries: Any) -> None:
    product, offer = make.course(), make.offer()
    for number in range(12):
        granting.grant(contacts.contact(email=f"p{number}@example.org"), offer)

    with django_assert_max_num_queries(20):
        offer.products.add(product)

    assert Enrolment.objects.filter(access_since__isnull=False).count() == 12
