"""Former numbers."""

import pytest

from contacts.dedupe import aliases, merging
from contacts.tests import make
from triggers.facts import sources

pytestmark = pytest.mark.django_db


def test_a_former_number_leads_to_the_survivor_and_nothing_else_does() -> None:
    mia, other = make.contact(), make.contact()
    merging.merge(mia.pk, other.pk)

    assert aliases.survivor_of(other.pk) == aliases.survivor_of(str(other.pk)) == mia.pk
    for number in (mia.pk, 987_654, "", "x", "-1", "²", "9" * 30, None, 1.5):
        assert aliases.survivor_of(number) is None, number


def test_what_other_systems_report_for_a_former_number_is_the_survivors() -> None:
    mia, other = make.contact(), make.contact()
    merging.merge(mia.pk, other.pk)
    facts = sources["contact"]

    assert (facts.current(mia.pk), facts.current(other.pk), facts.current(987_654)) == (mia.pk, mia.pk, None)
