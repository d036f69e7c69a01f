"""Campaigns, affiliates and sales, made as simply as a test can say it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client

from affiliates import links, selling, visits
from affiliates.models import Affiliate, Campaign, Enrolment, Referral, Sale
from contacts.models import Contact
from contacts.tests import make as contacts

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
SHOP = "https://shop.example.com/oils"


def campaign(name: str = "Shop", **values: Any) -> Campaign:
    """One that earns a tenth of each sale, unless told otherwise."""
    given = {"name": name, "target_url": SHOP, "percent": Decimal(10), **values}
    if given.get("kind") == "fixed":
        given["percent"] = None
    return Campaign.objects.create(**given)


def affiliate(name: str = "Jonas", **values: Any) -> Affiliate:
    who = values.pop("contact", None) or contacts.contact(first_name=name, email=f"{name.lower()}@example.org")
    return Affiliate.objects.create(contact=who, **{"code": name.lower(), **values})


def enrolment(of: Affiliate | None = None, into: Campaign | None = None) -> Enrolment:
    return Enrolment.objects.create(
        affiliate=of or affiliate(), campaign=into or Campaign.objects.first() or campaign()
    )


def referral(who: Contact, of: Enrolment, at: datetime = NOON) -> Referral:
    """The contact came by this enrolment's link."""
    came = {of.campaign_id: visits.Came(of.pk, at, of.campaign.window_days)}
    visits.refer(who, came, at)
    return Referral.objects.get(contact=who, campaign=of.campaign)


def sale(of: Enrolment | None = None, amount: Any = "100", currency: str = "EUR", **values: Any) -> Sale:
    given = {"occurred_at": NOON, **values}
    sold = selling.Sold(enrolment=of or enrolment(), amount=Decimal(amount), currency=currency, **given)
    return selling.record(sold)[0]


def visitor(**headers: str) -> Client:
    """A browser with its own cookies."""
    return Client(raise_request_exception=False, headers={"User-Agent": BROWSER, **headers})


def follow(client: Client, of: Enrolment) -> HttpResponse:
    return client.get(f"/r/{of.affiliate.code}/{of.campaign.key}/")


def document(event: str, **config: Any) -> dict[str, Any]:
    """A workflow that tags whoever the event is about."""
    trigger = {"uid": "t1", "event": event, "config": config, "conditions": None}
    tags = {"uid": "a1", "action": "contact.add_tag", "config": {"tags": ["Told"]}}
    return {"triggers": [trigger], "actions": [tags], "settings": {}}


def addresses(target: str) -> list[str]:
    """Public addresses behind which there is something; links lead to this one."""
    own = enrolment(affiliate(contact=contacts.contact(first_name="Ida", email="ida@example.org"), code="ida"),
                    campaign(target_url=target))  # fmt: skip
    page = links.magic_path(own.affiliate_id, datetime.now(UTC) - timedelta(days=1))
    return ["/r/ida/", "/r/ida/shop/", "/affiliates/shop/", "/affiliate/", page]
