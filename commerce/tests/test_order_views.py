"""The page of an order form, as a visitor's browser sees it."""

from typing import Any

import pytest

from commerce.models import Invoice, Order
from commerce.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [event.data["submission_type"] for event in contacts.events("order.form_submitted")]


def test_an_order_becomes_a_contact_an_order_an_invoice_and_a_run() -> None:
    engine.workflow(triggers=[{"uid": "t1", "event": "order.form_submitted", "config": {}, "conditions": None}])
    form = make.order_form(series=make.series())

    answer = make.send(form, make.opened(form, "?utm_source=tv"))
    sweeping.drain()

    order, invoice, contact = Order.objects.get(), Invoice.objects.get(), Contact.objects.get()
    assert (answer.status_code, answer["Location"].startswith(f"/order/{form.key}/thanks/")) == (302, True)
    assert (contact.email, contact.name, contact.source) == ("anna@example.org", "Anna Schmidt", "order form")
    assert (order.contact, order.status, str(order.total), str(order.tax)) == (contact, "pending", "49.900", "7.970")
    assert (order.sub_source, order.utm, order.customer_name) == ("one_step", {"utm_source": "tv"}, "Anna Schmidt")
    assert (invoice.number, invoice.status, invoice.order, invoice.total) == ("R-00001", "sent", order, order.total)
    assert [run.contact_id for run in Run.objects.all()] == [contact.pk]
    thanks = make.VISITOR.get(answer["Location"])
    assert "R-00001" not in answer["Location"]
    assert "/invoice/" in thanks.content.decode()


def test_sent_twice_it_is_ordered_once() -> None:
    form = make.order_form()
    state = make.opened(form)

    first, second = make.send(form, state), make.send(form, state)

    assert first["Location"] == second["Location"]
    assert (Order.objects.count(), kinds()) == (1, ["sale"])


def test_two_steps_take_in_who_it_is_before_anything_is_ordered() -> None:
    form = make.order_form(two_steps=True)

    page = make.send(form)
    mia = Contact.objects.get()
    before = (Order.objects.count(), kinds())
    make.send(form, make.state_in(page), name=None, email=None)

    assert "Step 2 of 2" in page.content.decode()
    assert before == (0, ["opt_in"])
    assert (Order.objects.get().contact, kinds()) == (mia, ["opt_in", "sale"])


def test_an_addition_and_what_is_offered_afterwards() -> None:
    extra, later = make.price(5, "Cloth"), make.price(12, "Brush")
    form = make.order_form(bump=extra, upsell=later)
    tick = form.items.get(kind="bump")

    thanks = make.send(form, **{f"item-{tick.pk}": "1"})["Location"]
    offered = make.VISITOR.get(thanks).content.decode()
    for _again in range(2):
        make.VISITOR.post(thanks)

    assert "Add Brush for" in offered
    assert [(str(each.total), each.submission) for each in Order.objects.order_by("pk")] == [
        ("54.900", "bump"), ("12.000", "upsell"),
    ]  # fmt: skip
    assert kinds() == ["bump", "upsell"]
    assert "Add Brush" not in make.VISITOR.get(thanks).content.decode()


def test_what_costs_nothing_is_submitted_at_once() -> None:
    form = make.order_form(make.price(0, "Sample"), series=make.series())

    make.send(form)

    assert (Order.objects.get().status, Invoice.objects.count()) == ("paid", 0)
    assert len(contacts.events("order.submitted")) == 1


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"email": ""}, "This is needed."),
        ({"name": " "}, "This is needed."),
        ({"item": "0"}, "Choose at least one product."),
        ({"item": "11"}, "at most 10"),
        ({"item": "-1"}, "at most 10"),
        ({"item": "1e3"}, "at most 10"),
        ({"item": "٣"}, "at most 10"),
        ({"terms": None}, "Tick this to order."),
    ],
)
def test_bad_input_is_told_at_the_field_and_orders_nothing(answers: dict[str, Any], told: str) -> None:
    form = make.order_form(terms="I agree.")
    first = form.items.all()[0]
    given = {f"item-{first.pk}" if name == "item" else name: value for name, value in answers.items()}

    page = make.send(form, **{"terms": "yes", **given})

    assert page.status_code == 422
    assert told in page.content.decode()
    assert "dict_items" not in page.content.decode()
    assert (Order.objects.count(), Contact.objects.count(), kinds()) == (0, 0, [])


def test_a_forged_state_shows_the_page_anew() -> None:
    form = make.order_form()
    other = make.order_form(name="Other")

    for state in ("x", make.opened(other)):
        page = make.send(form, state)
        assert (page.status_code, Order.objects.count()) == (200, 0)
        assert "Look at it once more" in page.content.decode()


def test_closed_missing_and_trapped() -> None:
    form = make.order_form()
    trapped = make.send(form, company_website="https://spam.example")
    form.active = False
    form.save()

    assert (trapped.status_code, Order.objects.count()) == (200, 0)
    assert make.VISITOR.get(f"/order/{form.key}/").status_code == 410
    assert make.VISITOR.get("/order/nothing/").status_code == 404
    assert make.VISITOR.get(f"/order/{form.key}/thanks/1:forged/").status_code == 404
