"""Whom an order or a payment is about: found by another system's number, or by e-mail and phone, or made."""

from typing import Any, Final, NamedTuple

from commerce.models import Customer, Invoice, Order, Payment, Subscription
from contacts import countries, identity, leads
from contacts.models import Contact

MATCH_BY: Final = ("email", "phone")
OF_CUSTOMERS: Final = (Order, Invoice, Payment, Subscription)
# What of a contact stands on an invoice as its address, line by line.
ADDRESS: Final = (("street",), ("postal_code", "city"), ("state",))


class Told(NamedTuple):
    """What a system tells of a customer; `number` is its own number of them, empty where it has none."""

    email: str = ""
    phone: str = ""
    name: str = ""
    number: str = ""
    company: str = ""


def contact_of(gateway: str, told: Told) -> Contact | None:
    """The contact of another system's customer; None where neither number nor address says who it is.

    A number that becomes known names the contact of whatever was told of it before, too.
    """
    if told.number:
        identity.one_at_a_time([f"customer:{gateway}:{told.number}"])
        known = Customer.objects.filter(gateway=gateway, external_id=told.number, contact__isnull=False).first()
        if known is not None:
            return known.contact
    contact = by_address(told, gateway)
    if told.number and contact is not None:
        Customer.objects.update_or_create(gateway=gateway, external_id=told.number, defaults={"contact": contact})
        for model in OF_CUSTOMERS:
            model.objects.filter(gateway=gateway, external_customer=told.number, contact=None).update(contact=contact)
    return contact


def by_address(told: Told, source: str) -> Contact | None:
    """The contact with this e-mail or phone, made where there is none; a name alone makes nobody."""
    if not (told.email or told.phone):
        return None
    values = {name: getattr(told, name) for name in ("email", "phone", "company") if getattr(told, name)}
    values |= leads.names_in(told.name)
    contact, _problems = leads.find_or_make(values, MATCH_BY, first={"source": source})
    return contact


def billed(contact: Contact | None) -> dict[str, Any]:
    """The contact as it is written on orders and invoices."""
    if contact is None:
        return {}
    lines = [" ".join(filter(None, (getattr(contact, name) for name in names))) for names in ADDRESS]
    if any(lines):
        # A country alone is nowhere that a letter could go.
        lines.append(countries.name(contact.country))
    return {
        "customer_name": contact.name[:200], "customer_email": contact.email or "",
        "customer_company": contact.company[:200], "customer_address": "\n".join(filter(None, lines))[:600],
    }  # fmt: skip
