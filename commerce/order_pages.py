"""What a visitor does on an order form: says who it is, chooses, orders, and takes what is offered afterwards.

The number of the order is signed into the page, so that sending twice orders once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from commerce import invoicing, ordering, subscribing
from commerce.events.order_form_submitted import Kind, OrderFormSubmitted
from commerce.models import Order, OrderForm, OrderFormItem, Price
from commerce.order_events import of_items
from contacts import cleaning, countries, identity, leads
from contacts.models import Contact
from triggers.context import act_as
from triggers.outbox import emit_once

SALT: Final = "commerce.order_form"
MAX: Final = 20_000
# What is asked of the visitor, in order; of the address all or nothing.
WHO: Final = ("name", "email", "phone")
ADDRESS: Final = ("street", "postal_code", "city", "country")
REQUIRED: Final = ("name", "email", "street", "postal_code", "city")
MATCH_BY: Final = ("email", "phone")

Errors = dict[str, str]


@dataclass(frozen=True)
class State:
    """What a page carries to the next request; `who` is filled in once the first of two pages was sent."""

    form: int
    uid: str = field(default_factory=lambda: str(uuid4()))
    who: dict[str, str] = field(default_factory=dict)
    page_url: str = ""
    utm: dict[str, str] = field(default_factory=dict)

    def signed(self) -> str:
        return Signer(salt=SALT).sign_object(asdict(self), compress=True)


def read(text: str, form: OrderForm) -> State | None:
    """The state that was signed for this form; None for anything else."""
    try:
        found = Signer(salt=SALT).unsign_object(text) if text and len(text) <= MAX else None
    except (BadSignature, ValueError):
        return None
    if not isinstance(found, dict) or set(found) != {each.name for each in fields(State)} or found["form"] != form.pk:
        return None
    return State(**found)


def asked(form: OrderForm) -> list[str]:
    """The names of what the form asks about the visitor."""
    phone = ["phone"] if form.asks_phone else []
    return ["name", "email", *phone, *(ADDRESS if form.asks_address else ())]


def who(form: OrderForm, posted: Mapping[str, str]) -> tuple[dict[str, str], Errors]:
    """What the visitor said of themselves, and what is wrong with it."""
    said = {name: str(posted.get(name, "")).strip()[:200] for name in asked(form)}
    errors = {name: _("This is needed.") for name in said if name in REQUIRED and not said[name]}
    for name in said.keys() - errors.keys() - {"name"}:
        try:
            cleaning.clean({name: said[name]} if said[name] else {}, said.get("country", ""))
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
    return said, errors


def chosen(form: OrderForm, posted: Mapping[str, str]) -> tuple[dict[int, int], Errors]:
    """How many of each of the form's items, by the item's number, and what is wrong with that."""
    quantities: dict[int, int] = {}
    errors: Errors = {}
    for item in offered(form):
        text = str(posted.get(f"item-{item.pk}", "")).strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= item.most):
            errors[f"item-{item.pk}"] = _("Enter a whole number, at most %(n)d.") % {"n": item.most}
        elif text:
            quantities[item.pk] = int(text)
    if not errors and not any(quantities.get(item.pk) for item in offered(form) if item.kind == "primary"):
        errors["goods"] = _("Choose at least one product.")
    if form.terms and not posted.get("terms"):
        errors["terms"] = _("Tick this to order.")
    return quantities, errors


def offered(form: OrderForm) -> list[OrderFormItem]:
    """What can be ordered now: of products and prices that are in use."""
    rows = form.items.select_related("price__product")
    return [each for each in rows if each.price.active and each.price.product.active]


@transaction.atomic
def opt_in(form: OrderForm, state: State, said: dict[str, str], now: datetime) -> tuple[State, Contact | None]:
    """Takes in who it is, before anything is chosen: whoever stops here can still be written to."""
    with _visiting(form):
        contact = _contact(said)
        _tell(form, state, "opt_in", contact, None, now)
    return replace(state, who=said), contact


@transaction.atomic
def order(form: OrderForm, state: State, said: dict[str, str], quantities: Mapping[int, int], now: datetime) -> Order:
    """Places the order, once for the page however often it is sent; with its invoice where the form writes one."""
    uid = UUID(state.uid)
    identity.one_at_a_time([f"order:{uid}"])
    known: Order | None = Order.objects.filter(uid=uid).first()
    if known is not None:
        return known
    picked = [(item.price, quantities.get(item.pk, 0), item.kind) for item in offered(form)]
    kind = "bump" if any(number and kind == "bump" for _price, number, kind in picked) else "primary"
    with _visiting(form):
        contact = _contact(said)
        made = _place(form, contact, picked, said, now, uid=uid, submission=kind, page_url=state.page_url,
                      utm=state.utm)  # fmt: skip
        _tell(form, state, "bump" if kind == "bump" else "sale", contact, made, now)
    return made


@transaction.atomic
def upsell(form: OrderForm, first: Order, now: datetime) -> Order:
    """Adds what is offered afterwards, as an order of its own; once."""
    assert first.uid is not None
    price = form.upsell
    assert price is not None
    uid = uuid5(first.uid, "upsell")
    identity.one_at_a_time([f"order:{uid}"])
    known: Order | None = Order.objects.filter(uid=uid).first()
    if known is not None:
        return known
    said = {"name": first.customer_name, "email": first.customer_email, "phone": first.customer_phone}
    with _visiting(form):
        made = _place(form, first.contact, [(price, 1, "upsell")], said, now, uid=uid, submission="upsell",
                      page_url=first.page_url, utm=first.utm)  # fmt: skip
        state = State(form.pk, str(uid), page_url=first.page_url, utm=first.utm)
        _tell(form, state, "upsell", first.contact, made, now)
    return made


def taken(form: OrderForm, first: Order) -> bool:
    """Whether what is offered afterwards was taken already, or there is nothing to offer."""
    if form.upsell is None or not form.upsell.active or first.uid is None or first.submission == "upsell":
        return True
    return bool(added(first))


def added(first: Order) -> list[Order]:
    """What was taken of that offer: the order that goes with this one, of nobody else's."""
    return list(Order.objects.filter(uid=uuid5(first.uid, "upsell"))) if first.uid else []


def _place(
    form: OrderForm, contact: Contact | None, picked: list[tuple[Price, int, str]], said: Mapping[str, str],
    now: datetime, **columns: Any,
) -> Order:  # fmt: skip
    told: dict[str, Any] = {
        "customer_name": said.get("name", ""), "customer_email": said.get("email", ""),
        "customer_phone": said.get("phone", "")[:40], "customer_address": "\n".join(_address(said)),
    }  # fmt: skip
    included = form.series.tax_included if form.series else True
    told = {name: value for name, value in told.items() if value}
    made = ordering.place(contact, picked, source="form", now=now, tax_included=included, form=form,
                          sub_source="two_step" if form.two_steps else "one_step", **told, **columns)  # fmt: skip
    subscribing.of_order(made, {price.pk: price for price, _n, _kind in picked}, now, form.series)
    if made.status == Order.Status.PAID:
        subscribing.activate(made)
    elif form.series is not None:
        invoicing.send(invoicing.of_order(made, form.series), now)
    return made


def _contact(said: Mapping[str, str]) -> Contact | None:
    values = {name: value for name, value in said.items() if value and name != "name"}
    values |= leads.names_in(said.get("name", ""))
    contact, _problems = leads.find_or_make(values, MATCH_BY, first={"source": "order form"})
    return contact


def _address(said: Mapping[str, str]) -> Iterator[str]:
    place = " ".join(filter(None, (said.get("postal_code"), said.get("city"))))
    yield from filter(None, (said.get("street"), place, countries.name(said.get("country", ""))))


def _tell(
    form: OrderForm, state: State, kind: Kind, contact: Contact | None, made: Order | None, now: datetime
) -> None:
    told = {"total": made.total, "currency": made.currency, "items": made.items, **of_items(made.items)} if made else {}
    payload = OrderFormSubmitted(
        form_id=form.pk, form=form.name, contact_id=contact.pk if contact else None, submission_type=kind,
        order_id=made.pk if made else None, page_url=state.page_url, utm=state.utm, submitted_at=now, **told,
    )  # fmt: skip
    emit_once(f"order form:{state.uid}:{kind}", payload)


def _visiting(form: OrderForm) -> Any:
    """Whoever is signed in at this browser is not who acts: the visitor is."""
    return act_as(actor="system", actor_id="", origin=f"order form {form.name}"[:120])
