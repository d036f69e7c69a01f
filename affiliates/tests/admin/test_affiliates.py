"""Affiliates, campaigns, sales and payouts in the admin."""

from datetime import date

import pytest

from affiliates import payouts
from affiliates.models import Affiliate, Campaign, Commission, Enrolment, Payout, Sale
from affiliates.tests import make
from contacts.tests import make as contacts
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ADMIN = "/admin/affiliates"
CAMPAIGN = {
    "name": "Shop", "description": "", "target_url": make.SHOP, "open": "on", "kind": "percent", "percent": "10",
    "amount": "0", "currency": "", "recurring_months": "", "counts": "last", "window_days": "30",
}  # fmt: skip
SALE = {
    "amount": "49.90",
    "currency": "EUR",
    "reference": "R-12",
    "occurred_at": "2026-03-04T12:00",
}


def test_staff_set_a_campaign_up_and_enrol_somebody() -> None:
    client, mia = visit.boss(), contacts.contact()

    client.post(f"{ADMIN}/campaign/add/", CAMPAIGN)
    client.post(f"{ADMIN}/affiliate/add/", {
        "contact": mia.pk, "code": "mia-cooks", "status": "pending", "payout_method": "none", "tax_form": "missing",
    })  # fmt: skip
    visit.text(client, f"{ADMIN}/campaign/")
    own = Affiliate.objects.get()
    approved = visit.pressed(client, f"{ADMIN}/affiliate/{own.pk}/do/approve/")
    said = visit.pressed(client, f"{ADMIN}/affiliate/{own.pk}/do/enrol/", said="shop")

    own.refresh_from_db()
    assert (own.code, own.status, own.contact) == ("mia-cooks", "active", mia)
    assert (approved, said) == ("Approved. Clicks and sales count from now on.", "Enrolled in Shop.")
    assert Enrolment.objects.get().campaign == Campaign.objects.get(key="shop")
    assert Event.objects.filter(type="affiliate.created", actor="user").count() == 1
    assert "mia-cooks" in visit.text(client, f"{ADMIN}/affiliate/")
    assert "/r/mia-cooks/shop/" in visit.text(client, f"{ADMIN}/enrolment/")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"percent": ""}, "percent"),
        ({"kind": "fixed", "amount": "5"}, "currency"),
        ({"target_url": "shop"}, "target_url"),
    ],
)
def test_a_campaign_that_does_not_fit_is_refused_at_its_field(values: dict[str, str], field: str) -> None:
    answer = visit.boss().post(f"{ADMIN}/campaign/add/", {**CAMPAIGN, **values})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Campaign.objects.exists()


def test_a_campaign_that_is_not_there_is_told() -> None:
    own = make.affiliate()

    assert visit.pressed(visit.boss(), f"{ADMIN}/affiliate/{own.pk}/do/enrol/", said="Fair") == (
        "There is no campaign “Fair”."
    )
    assert not Enrolment.objects.exists()


def test_nobody_is_deleted_and_no_campaign_with_affiliates() -> None:
    client, own = visit.boss(), make.enrolment()

    for address in (f"affiliate/{own.affiliate_id}", f"campaign/{own.campaign_id}"):
        assert client.post(f"{ADMIN}/{address}/delete/", {"post": "yes"}).status_code == 403


def test_a_sale_is_entered_by_hand() -> None:
    client, own, mia = visit.boss(), make.enrolment(), contacts.contact()

    client.post(f"{ADMIN}/sale/add/", {**SALE, "enrolment": own.pk, "buyer": mia.pk})

    sale = Sale.objects.get()
    assert (sale.kind, sale.buyer, str(sale.commission.amount), sale.created_by[:5]) == (
        "manual",
        mia,
        "4.990",
        "user:",
    )
    assert "credited to Jonas for Shop" in visit.text(client, f"{ADMIN}/sale/{sale.pk}/change/")
    assert Event.objects.filter(type="affiliate.sale_created", actor="user").count() == 2


@pytest.mark.parametrize(("values", "field"), [({"amount": "0"}, "amount"), ({"currency": "XYZ"}, "currency"),
                                               ({"amount": "1.5", "currency": "JPY"}, "amount")])  # fmt: skip
def test_a_sale_that_does_not_fit_is_refused_at_its_field(values: dict[str, str], field: str) -> None:
    own = make.enrolment()

    answer = visit.boss().post(f"{ADMIN}/sale/add/", {**SALE, "enrolment": own.pk, "buyer": "", **values})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Sale.objects.exists()


def test_the_affiliates_own_purchase_is_refused_at_the_buyer() -> None:
    own = make.enrolment()

    answer = visit.boss().post(f"{ADMIN}/sale/add/", {**SALE, "enrolment": own.pk, "buyer": own.affiliate.contact_id})

    assert list(answer.context["adminform"].form.errors) == ["buyer"]
    assert not Sale.objects.exists()


def test_who_is_not_active_is_refused_at_the_enrolment() -> None:
    own = make.enrolment(make.affiliate(status="paused"))

    answer = visit.boss().post(f"{ADMIN}/sale/add/", {**SALE, "enrolment": own.pk, "buyer": ""})

    assert list(answer.context["adminform"].form.errors) == ["enrolment"]


def test_what_was_given_back_is_noted_and_a_sale_voided() -> None:
    client, first = visit.boss(), make.sale()
    second = make.sale(first.enrolment)

    part = visit.pressed(client, f"{ADMIN}/sale/{first.pk}/do/give-back/", said="40")
    much = visit.pressed(client, f"{ADMIN}/sale/{first.pk}/do/give-back/", said="101")
    gone = visit.pressed(client, f"{ADMIN}/sale/{second.pk}/do/void/")

    assert (part, gone) == ("Noted. Its commission follows, unless it was paid out.", "It counts no longer.")
    assert "no more can be given back" in much
    assert [(str(row.amount), row.status) for row in Commission.objects.order_by("pk")] == [
        ("6.000", "pending"), ("10.000", "void"),
    ]  # fmt: skip


def test_from_commissions_to_a_payout() -> None:
    client, jonas = visit.boss(), make.affiliate(payout_method="verified")
    make.sale(make.enrolment(jonas))
    chosen = {"action": "approve_chosen", "_selected_action": [Commission.objects.get().pk]}

    said = visit.pressed(client, f"{ADMIN}/commission/", **chosen)
    made = visit.pressed(client, f"{ADMIN}/affiliate/{jonas.pk}/do/pay-out/", said="eur")
    payout = Payout.objects.get()
    page = visit.text(client, f"{ADMIN}/payout/{payout.pk}/change/")
    paid = visit.pressed(client, f"{ADMIN}/payout/{payout.pk}/do/pay/", said="Bank 17")

    assert (said, made, paid) == ("1 is approved.", f"Payout {payout.pk} is put together.", "Noted as paid.")
    assert "10 to Jonas" in page
    payout.refresh_from_db()
    assert (payout.status, payout.reference, Commission.objects.get().status) == ("paid", "Bank 17", "paid")


def test_a_payout_is_taken_back() -> None:
    client, jonas = visit.boss(), make.affiliate(payout_method="verified")
    make.sale(make.enrolment(jonas))
    payouts.approve(Commission.objects.all())
    payout = payouts.put_together(jonas, "EUR", date(2026, 3, 31))

    said = visit.pressed(client, f"{ADMIN}/payout/{payout.pk}/do/take-back/")

    assert said == "Taken back. Its commissions wait for the next one."
    assert not Payout.objects.exists()


def test_staff_without_permission_approve_nothing() -> None:
    sale = make.sale()
    client = visit.staff("view_commission", "view_affiliate")

    answer = client.post(f"{ADMIN}/commission/{sale.commission.pk}/do/approve/")

    assert answer.status_code == 403
    assert Commission.objects.get().status == "pending"


def test_clicks_and_referrals_are_looked_at() -> None:
    client, own = visit.boss(), make.enrolment()
    make.follow(make.visitor(Referer="https://blog.example.com/"), own)
    make.referral(contacts.contact(first_name="Mia"), own)

    assert "blog.example.com" in visit.text(client, f"{ADMIN}/click/")
    assert "Mia" in visit.text(client, f"{ADMIN}/referral/")
    assert client.get(f"{ADMIN}/click/add/").status_code == 403


def test_the_list_of_sales_says_who_told_them_in_words() -> None:
    client, own = visit.boss(), make.sale(reference="Two knife blocks")
    make.sale(own.enrolment, source="shop", external_id="R-7", reference="Oak oil")

    everything = visit.text(client, f"{ADMIN}/sale/")
    theirs = visit.text(client, f"{ADMIN}/sale/?source=shop")

    assert "Shop · By hand" in everything
    assert "Told by All By hand shop" in everything
    assert ("Oak oil" in theirs, "Two knife blocks" in theirs) == (True, False)


def test_lists_cut_what_is_long() -> None:
    client = visit.boss()
    make.sale(reference="Knife block " * 9)

    shown = visit.text(client, f"{ADMIN}/sale/")

    assert "Knife block " * 9 not in shown
    assert "Knife block Knife block Knife block Knife block Knife block…" in shown


def test_an_enrolment_says_by_whom_it_was_made() -> None:
    client = visit.boss()
    jonas = make.affiliate()
    make.campaign()

    visit.pressed(client, f"{ADMIN}/affiliate/{jonas.pk}/do/enrol/", said="Shop")

    assert Enrolment.objects.get().enrolled_by.startswith("user:")
    shown = visit.text(client, f"{ADMIN}/enrolment/")
    assert (" boss " in shown, "user:" in shown) == (True, False)
