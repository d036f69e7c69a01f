"""`/api/v1/affiliates/`, campaigns, enrolments, sales, commissions and payouts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from affiliates import payouts
from affiliates.models import Affiliate, Campaign, Commission, Enrolment, Payout, Sale
from affiliates.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
AFFILIATES, CAMPAIGNS, ENROLMENTS = (
    "/api/v1/affiliates/",
    "/api/v1/affiliate-campaigns/",
    "/api/v1/affiliate-enrolments/",
)
SALES, COMMISSIONS, PAYOUTS = "/api/v1/affiliate-sales/", "/api/v1/affiliate-commissions/", "/api/v1/affiliate-payouts/"
TOLD = {"external_id": "A-1", "amount": "49.90", "currency": "EUR", "affiliate": "jonas"}


@pytest.fixture
def api() -> Any:
    scopes = ("affiliates", *(f"affiliate-{name}" for name in
                              ("campaigns", "enrolments", "sales", "commissions", "payouts")))  # fmt: skip
    return calls.client(*(f"{scope}:{way}" for scope in scopes for way in ("read", "write")))


def rows(api: Any, address: str, **query: Any) -> list[int]:
    return [row["id"] for row in api.get(address, query).json()["results"]]


def test_a_campaign_is_made_and_its_key_stays(api: Any) -> None:
    body = {"name": "Spring shop", "target_url": make.SHOP, "percent": "7.5"}

    made = api.post(CAMPAIGNS, body).json()
    changed = api.patch(
        f"{CAMPAIGNS}{made['id']}/", {"name": "Shop", "kind": "fixed", "amount": "5.00", "currency": "EUR"}
    ).json()

    assert (made["key"], made["percent"], made["open"]) == ("spring_shop", "7.500", True)
    assert made["signup_url"].endswith("/affiliates/spring_shop/")
    assert (changed["key"], changed["kind"], changed["percent"], changed["currency"]) == (
        "spring_shop",
        "fixed",
        None,
        "EUR",
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [({"percent": "0"}, "percent"), ({"target_url": "//evil.example"}, "target_url"), ({"window_days": 0}, "window_days"),
     ({"kind": "fixed"}, "amount"), ({"percent": None}, "percent"), ({"name": ""}, "name")],
)  # fmt: skip
def test_a_campaign_that_does_not_fit_is_refused_at_its_field(api: Any, values: dict[str, Any], field: str) -> None:
    answer = api.post(CAMPAIGNS, {"name": "Shop", "target_url": make.SHOP, "percent": "10", **values})

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert not Campaign.objects.exists()


def test_a_campaign_with_affiliates_is_not_deleted(api: Any) -> None:
    own = make.enrolment()

    assert api.delete(f"{CAMPAIGNS}{own.campaign_id}/").status_code == 409
    assert Campaign.objects.exists()


def test_somebody_is_an_affiliate_once(api: Any) -> None:
    mia = contacts.contact()

    first = api.post(AFFILIATES, {"contact": mia.pk, "code": "mia-cooks", "tax_form": "received"})
    again = api.post(AFFILIATES, {"contact": mia.pk})
    changed = api.patch(f"{AFFILIATES}{first.json()['id']}/", {"payout_method": "verified", "status": "paused"})

    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, first.json()["id"])
    assert (first.json()["tax_form"], first.json()["code"]) == ("received", "mia-cooks")
    assert (changed.json()["payout_method"], changed.json()["status"]) == ("verified", "paused")
    assert rows(api, AFFILIATES, status="paused", contact=mia.pk) == [first.json()["id"]]
    assert rows(api, AFFILIATES, status="active") == []


@pytest.mark.parametrize(
    ("body", "field"), [({}, "contact"), ({"contact": 0}, "contact"), ({"code": "No Code"}, "code"),
                        ({"code": "jonas"}, "code"), ({"status": "rich"}, "status")]
)  # fmt: skip
def test_an_affiliate_that_does_not_fit_is_refused_at_its_field(api: Any, body: dict[str, Any], field: str) -> None:
    make.affiliate("Jonas")
    if field != "contact":
        body = {"contact": contacts.contact().pk, **body}

    answer = api.post(AFFILIATES, body)

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert Affiliate.objects.count() == 1


def test_an_affiliate_stays_who_they_are(api: Any) -> None:
    jonas, ida = make.affiliate("Jonas"), make.affiliate("Ida")

    other = api.patch(f"{AFFILIATES}{jonas.pk}/", {"contact": contacts.contact().pk})
    taken = api.patch(f"{AFFILIATES}{jonas.pk}/", {"code": ida.code})

    assert [list(calls.errors(answer)) for answer in (other, taken)] == [["contact"], ["code"]]


def test_enrolling_again_answers_with_what_is_there(api: Any) -> None:
    make.affiliate("Jonas"), make.campaign(open=False)

    first, again = (api.post(ENROLMENTS, {"affiliate": "jonas", "campaign": "shop"}) for _time in range(2))

    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    assert first.json()["referral_link"].endswith("/r/jonas/shop/")
    assert rows(api, ENROLMENTS, affiliate="jonas", campaign="shop") == [Enrolment.objects.get().pk]
    assert rows(api, ENROLMENTS, campaign="other") == []
    assert Event.objects.filter(type="affiliate.campaign_enrolled").count() == 1


def test_a_sale_that_is_told_twice_counts_once(api: Any) -> None:
    own = make.enrolment()

    first, again = (api.post(SALES, {**TOLD, "buyer_email": "leo@example.org"}) for _time in range(2))

    told = first.json()
    assert (first.status_code, again.status_code, told["id"]) == (201, 201, again.json()["id"])
    assert (told["amount"], told["kind"], told["status"], told["source"]) == ("49.90", "one_off", "counted", "api")
    assert (told["affiliate"], told["campaign"], told["enrolment"]) == ("jonas", "shop", own.pk)
    assert (told["commission"]["amount"], told["commission"]["status"]) == ("4.99", "pending")
    assert Sale.objects.get().buyer == Contact.objects.get(email="leo@example.org")
    assert Event.objects.filter(type="affiliate.sale_created").count() == 2


def test_one_number_of_two_sales_is_refused(api: Any) -> None:
    make.enrolment()
    api.post(SALES, TOLD)

    answer = api.post(SALES, {**TOLD, "amount": "50.00"})

    assert (answer.status_code, list(calls.errors(answer))) == (409, ["amount"])
    assert api.post(SALES, {**TOLD, "amount": "50.00", "source": "till"}).status_code == 201


def test_a_sale_without_a_code_goes_to_whose_link_was_followed(api: Any) -> None:
    own, mia = make.enrolment(), contacts.contact()
    make.referral(mia, own)
    body = {
        "external_id": "A-2",
        "amount": "10",
        "currency": "EUR",
        "buyer": mia.pk,
        "occurred_at": "2026-03-05T12:00:00Z",
    }

    first = api.post(SALES, body)
    late = api.post(SALES, {**body, "external_id": "A-3", "occurred_at": "2026-04-05T12:00:00Z"})

    assert (first.status_code, first.json()["affiliate"]) == (201, "jonas")
    assert (late.status_code, list(calls.errors(late))) == (400, ["affiliate"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "0"}, "amount"), ({"amount": "1.005"}, "amount"), ({"amount": "much"}, "amount"),
        ({"amount": "1.5", "currency": "JPY"}, "amount"), ({"currency": "EURO"}, "currency"),
        ({"currency": "XYZ"}, "currency"), ({"affiliate": "nobody"}, "affiliate"), ({"campaign": "none"}, "campaign"),
        ({"campaign": "fair"}, "campaign"), ({"buyer": 0}, "buyer"), ({"buyer_email": "leo"}, "buyer_email"),
        ({"source": "payments"}, "source"), ({"kind": "gift"}, "kind"),
    ],
)  # fmt: skip
def test_a_sale_that_does_not_fit_is_refused_at_its_field(api: Any, values: dict[str, Any], field: str) -> None:
    make.enrolment()
    make.campaign("Fair")

    answer = api.post(SALES, {**TOLD, **values})

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert not Sale.objects.exists()
    assert not Contact.objects.filter(email="leo").exists()


def test_the_affiliates_own_purchase_is_refused(api: Any) -> None:
    make.enrolment()

    answer = api.post(SALES, {**TOLD, "buyer_email": "jonas@example.org"})

    assert answer.status_code == 400
    assert calls.errors(answer) == {"buyer": "Jonas is the affiliate: nobody earns by their own purchase."}


def test_nobody_named_is_refused(api: Any) -> None:
    answer = api.post(SALES, {"amount": "5", "currency": "EUR"})

    assert (answer.status_code, list(calls.errors(answer))) == (400, ["affiliate"])


def test_a_refused_sale_leaves_no_contact_behind(api: Any) -> None:
    make.enrolment()

    api.post(SALES, {**TOLD, "amount": "0", "buyer_email": "new@example.org"})

    assert not Contact.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(("amount", "currency", "commission"), [("1985", "JPY", "199"), ("1.125", "KWD", "0.113")])
def test_amounts_are_told_in_the_decimals_of_their_currency(
    api: Any, amount: str, currency: str, commission: str
) -> None:
    make.enrolment()

    told = api.post(SALES, {**TOLD, "amount": amount, "currency": currency}).json()

    assert (told["amount"], told["commission"]["amount"]) == (amount, commission)


def test_renewals_go_to_whom_the_first_payment_went(api: Any) -> None:
    make.enrolment()
    mia = contacts.contact()
    api.post(SALES, {**TOLD, "series": "sub-1", "kind": "recurring", "buyer": mia.pk})
    renewal = {"external_id": "A-2", "amount": "49.90", "currency": "EUR", "series": "sub-1", "kind": "recurring"}

    answer = api.post(SALES, {**renewal, "buyer": mia.pk})

    assert (answer.status_code, answer.json()["affiliate"]) == (201, "jonas")


def test_what_is_given_back_is_told_in_all(api: Any) -> None:
    make.enrolment()
    pk = api.post(SALES, {**TOLD, "amount": "100"}).json()["id"]

    part = api.post(f"{SALES}{pk}/refund/", {"refunded": "40.00"}).json()
    whole = api.post(f"{SALES}{pk}/refund/", {}).json()
    more = api.post(f"{SALES}{pk}/refund/", {"refunded": "100.01"})

    assert (part["refunded"], part["status"], part["commission"]["amount"]) == ("40.00", "counted", "6.00")
    assert (whole["refunded"], whole["status"], whole["commission"]["status"]) == ("100.00", "refunded", "void")
    assert (more.status_code, list(calls.errors(more))) == (422, ["amount"])


def test_a_void_sale_counts_no_longer(api: Any) -> None:
    sale = make.sale()

    told = api.post(f"{SALES}{sale.pk}/void/").json()

    assert (told["status"], told["commission"]["status"]) == ("void", "void")
    assert rows(api, SALES, status="void", affiliate="jonas", campaign="shop") == [sale.pk]
    assert rows(api, SALES, status="counted") == []


def test_from_commission_to_payout(api: Any) -> None:
    sale = make.sale(make.enrolment(make.affiliate(payout_method="given")))
    [commission] = rows(api, COMMISSIONS, affiliate="jonas", status="pending")

    approved = api.post(f"{COMMISSIONS}{commission}/approve/").json()
    made = api.post(PAYOUTS, {"affiliate": "jonas", "currency": "EUR"})
    paid = api.post(f"{PAYOUTS}{made.json()['id']}/pay/", {"reference": "Bank 17"}).json()

    assert (approved["status"], approved["sale"]) == ("approved", sale.pk)
    assert (made.status_code, made.json()["total"], made.json()["status"]) == (201, "10.00", "open")
    assert (paid["status"], paid["reference"], paid["total"]) == ("paid", "Bank 17", "10.00")
    assert rows(api, PAYOUTS, affiliate="jonas", status="paid") == [made.json()["id"]]
    assert api.post(f"{PAYOUTS}{made.json()['id']}/pay/", {}).status_code == 422
    assert api.delete(f"{PAYOUTS}{made.json()['id']}/").status_code == 422
    assert Commission.objects.get().status == "paid"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [({"affiliate": "nobody", "currency": "EUR"}, 400, "affiliate"), ({"affiliate": "jonas"}, 400, "currency"),
     ({"affiliate": "jonas", "currency": "XYZ"}, 400, "currency"), ({"affiliate": "jonas", "currency": "EUR"}, 422, "affiliate")],
)  # fmt: skip
def test_a_payout_that_does_not_fit_is_refused(api: Any, body: dict[str, Any], status: int, field: str) -> None:
    make.sale()
    payouts.approve(Commission.objects.all())

    answer = api.post(PAYOUTS, body)

    assert (answer.status_code, list(calls.errors(answer))) == (status, [field])
    assert not Payout.objects.exists()


def test_a_payout_is_taken_back(api: Any) -> None:
    jonas = make.affiliate(payout_method="given")
    make.sale(make.enrolment(jonas))
    payouts.approve(Commission.objects.all())
    made = payouts.put_together(jonas, "EUR")

    assert api.delete(f"{PAYOUTS}{made.pk}/").status_code == 204
    assert payouts.due(jonas, "EUR").count() == 1


@pytest.mark.parametrize("address", [AFFILIATES, CAMPAIGNS, ENROLMENTS, SALES, COMMISSIONS, PAYOUTS])
def test_lists_ask_as_much_with_many_rows_as_with_few(api: Any, address: str) -> None:

    def one(number: int) -> None:
        jonas = make.affiliate(f"a{number}bc", payout_method="given")
        make.sale(make.enrolment(jonas, make.campaign(f"Campaign {number}")), buyer=contacts.contact())
        payouts.approve(Commission.objects.all())
        payouts.put_together(jonas, "EUR")

    one(1)
    # What a key was last used for is noted once a while.
    api.get(address)
    with CaptureQueriesContext(connection) as few:
        api.get(address)
    for number in range(2, 6):
        one(number)
    with CaptureQueriesContext(connection) as many:
        answer = api.get(address)

    assert len(answer.json()["results"]) == 5
    assert len(many) == len(few)
