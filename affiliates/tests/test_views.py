"""The public pages: signing up, asking for the link, and an affiliate's own page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from affiliates import links, payouts
from affiliates.models import Affiliate, Commission
from affiliates.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from conversations.models import Message
from triggers import services as workflows
from triggers import sweeping

pytestmark = pytest.mark.django_db
LEO = {"name": "Leo Maier", "email": "leo@example.org"}


def page(affiliate: Affiliate, age: timedelta = timedelta()) -> str:
    return links.magic_path(affiliate.pk, timezone.now() - age)


def test_somebody_signs_up_and_a_workflow_runs() -> None:
    shop = make.campaign(description="Tell your friends.")
    document = make.document("affiliate.campaign_enrolled", campaigns=[shop.pk])
    workflows.publish(workflows.create("Tell", document))

    shown, sent = make.visitor().get("/affiliates/shop/"), make.visitor().post("/affiliates/shop/", LEO)
    sweeping.drain()

    assert "Tell your friends." in shown.content.decode()
    assert "10 %" in shown.content.decode()
    assert (sent.status_code, "You are signed up" in sent.content.decode()) == (200, True)
    leo = Contact.objects.get()
    assert (leo.email, contacts.tags_of(leo), leo.affiliate.status) == ("leo@example.org", {"Told"}, "pending")


def test_it_answers_the_same_whether_the_address_is_known_or_not() -> None:
    make.campaign()
    make.affiliate("Leo")

    known = make.visitor().post("/affiliates/shop/", LEO)
    new = make.visitor().post("/affiliates/shop/", {**LEO, "email": "new@example.org"})

    assert known.content == new.content
    assert b"/r/" not in new.content


@pytest.mark.parametrize(
    ("answers", "field"), [({"name": ""}, "name"), ({"email": ""}, "email"), ({"email": "leo"}, "email")]
)
def test_what_does_not_fit_is_shown_at_its_field(answers: dict[str, str], field: str) -> None:
    make.campaign()

    answer = make.visitor().post("/affiliates/shop/", {**LEO, **answers})

    assert answer.status_code == 422
    assert f'id="id_{field}"' in answer.content.decode()
    assert "Not signed up yet" in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_stored() -> None:
    make.campaign()

    answer = make.visitor().post("/affiliates/shop/", {**LEO, "website": "https://spam.example"})

    assert "You are signed up" in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("key", "status"), [("shut", 410), ("none", 404)])
def test_a_closed_campaign_takes_nobody_in(key: str, status: int) -> None:
    make.campaign("Shut", open=False)

    assert make.visitor().get(f"/affiliates/{key}/").status_code == status
    assert make.visitor().post(f"/affiliates/{key}/", LEO).status_code == status
    assert not Contact.objects.exists()


def test_who_sends_too_often_waits() -> None:
    make.campaign()
    cache.clear()

    found = [make.visitor().post("/affiliates/shop/", {"email": ""}).status_code for _time in range(11)]

    assert (found[0], found[-1]) == (422, 429)


def test_an_affiliate_sees_how_they_stand_and_nothing_of_buyers() -> None:
    own, mia = make.enrolment(make.affiliate(payout_method="given")), contacts.contact(last_name="Secretive")
    make.follow(make.visitor(), own)
    make.sale(own, "49.90", buyer=mia, reference="Order of Mia Secretive")
    make.sale(own, "20", buyer=mia)
    payouts.approve(Commission.objects.filter(amount=2))
    payouts.pay(payouts.put_together(own.affiliate, "EUR"))

    said = make.visitor().get(page(own.affiliate)).content.decode()

    for wanted in ("/r/jonas/shop/", "1 click in 90 days", "2 sales", "49.90", "4.99", "Not approved yet", "Paid on"):
        assert wanted in said, wanted
    assert "Secretive" not in said
    assert "mia@" not in said


def test_the_page_asks_as_much_with_many_rows_as_with_few(django_assert_max_num_queries: Any) -> None:
    jonas = make.affiliate()
    for number in range(8):
        make.sale(make.enrolment(jonas, make.campaign(f"Campaign {number}")))
    address = page(jonas)

    with django_assert_max_num_queries(12):
        make.visitor().get(address)


def test_a_link_that_is_none_or_has_run_out_shows_nothing() -> None:
    jonas = make.affiliate()
    old = make.visitor().get(page(jonas, timedelta(days=14, minutes=1)))
    ida, jonas_own = make.affiliate("Ida"), page(jonas)
    none = make.visitor().get(jonas_own.replace(f"/{jonas.pk}.", f"/{ida.pk}."))

    assert (old.status_code, none.status_code) == (410, 404)
    assert "Ask for a new one" in old.content.decode()
    assert make.visitor().get(page(jonas, timedelta(days=13))).status_code == 200


def test_whose_contact_is_gone_has_no_page() -> None:
    jonas = make.affiliate()
    address = page(jonas)
    jonas.contact.delete()

    assert make.visitor().get(address).status_code == 404
    assert Affiliate.objects.get().contact is None


def test_a_link_is_mailed_to_an_affiliate_and_to_nobody_else() -> None:
    jonas = make.affiliate()
    contacts.contact(email="mia@example.org")

    answers = [make.visitor().post("/affiliate/", {"email": email}) for email in
               ("JONAS@example.org", "mia@example.org", "nobody@example.org")]  # fmt: skip

    assert len({answer.content for answer in answers}) == 1
    [mail] = Message.objects.all()
    assert (mail.contact, "/affiliate/" in mail.text) == (jonas.contact, True)
    link = next(line for line in mail.text.splitlines() if "/affiliate/" in line)
    assert make.visitor().get("/" + link.split("/", 3)[3]).status_code == 200


def test_nobody_floods_an_affiliate_with_letters() -> None:
    make.affiliate()

    for _time in range(6):
        make.visitor().post("/affiliate/", {"email": "jonas@example.org"})

    assert Message.objects.count() == 3


def test_a_program_gets_no_letter_sent() -> None:
    make.affiliate()

    answer = make.visitor().post("/affiliate/", {"email": "jonas@example.org", "website": "x"})

    assert answer.status_code == 200
    assert not Message.objects.exists()
