"""`affiliate.record_sale`: for whose link was followed, or whose code is given."""

from datetime import timedelta
from decimal import Decimal

import pytest

from affiliates.models import Sale
from affiliates.tests import make
from contacts.tests import make as contacts
from contacts.tests.actions import play
from triggers.action_types import Done

KEY = "affiliate.record_sale"
pytestmark = pytest.mark.django_db


def test_it_credits_whose_link_was_followed() -> None:
    own, mia = make.enrolment(), contacts.contact()
    make.referral(mia, own, play.NOW - timedelta(days=1))

    done = play.perform(KEY, mia, "49.90", amount="{{ event.body }}", reference="Fair")

    sale = Sale.objects.get()
    assert (sale.enrolment, sale.buyer, sale.amount, sale.currency) == (own, mia, Decimal("49.90"), "EUR")
    assert (sale.reference, sale.source, sale.occurred_at) == ("Fair", "workflow", play.NOW)
    assert done.result == {"sale_id": sale.pk, "affiliate_id": own.affiliate_id}


def test_it_credits_whose_code_is_given() -> None:
    own = make.enrolment()

    done = play.perform(KEY, contacts.contact(), amount="5", code="jonas", campaign=own.campaign_id)

    assert done.status == "done"
    assert Sale.objects.get().enrolment == own


@pytest.mark.parametrize("code", ["", "nobody"])
def test_where_nobody_recommended_us_nothing_is_recorded(code: str) -> None:
    make.enrolment()

    done = play.perform(KEY, contacts.contact(), amount="5", code=code)

    assert done.status == "skipped"
    assert not Sale.objects.exists()


def test_a_click_too_long_ago_counts_no_longer() -> None:
    own, mia = make.enrolment(into=make.campaign(window_days=7)), contacts.contact()
    make.referral(mia, own, play.NOW - timedelta(days=7))

    assert play.perform(KEY, mia, amount="5").status == "skipped"


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ({"amount": "much"}, "Enter an amount, for example 49.90."),
        ({"amount": "0"}, "Enter an amount above nothing."),
        ({"amount": "1.5", "currency": "JPY"}, "An amount in JPY has at most 0 decimals."),
    ],
)
def test_what_is_no_amount_fails_it(config: dict[str, str], error: str) -> None:
    make.enrolment()

    done = play.perform(KEY, contacts.contact(), code="jonas", **config)

    assert (done.status, done.error) == ("failed", error)
    assert not Sale.objects.exists()


def test_the_affiliates_own_purchase_fails_it() -> None:
    own = make.enrolment()

    done = play.perform(KEY, own.affiliate.contact, amount="5", code="jonas")

    assert (done.status, "own purchase" in done.error) == ("failed", True)
    assert not Sale.objects.exists()


def test_a_preview_writes_nothing() -> None:
    make.enrolment()

    assert play.simulate(KEY, contacts.contact(), amount="5", code="jonas")[0] == Done("Credits a sale to Jonas.")
    assert not Sale.objects.exists()
