"""The demo's affiliates: a campaign, somebody who recommends the shop, somebody who waits, and what was sold and earned."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from affiliates import enrolling, payouts, selling, visits
from affiliates.models import Affiliate, Campaign, Click, Commission, Enrolment, Sale
from contacts.models import Contact
from triggers.context import quiet

Json = dict[str, Any]
NAME: Final = "Recommend the care shop"
# Amount, days ago, what staff know it by, and how it stands.
SALES: Final = (
    ("49.80", 20, "Oak oil for Leyla", "paid"), ("24.90", 12, "Oak oil for Tomás", "approved"),
    ("119.00", 6, "Knife block for Aiko", "refunded"), ("238.00", 2, "Two knife blocks for Anna", "pending"),
)  # fmt: skip


def enrolled(campaign: Campaign) -> Json:
    """An affiliate who was enrolled gets the link."""
    return {
        "triggers": [
            {
                "uid": "t1", "event": "affiliate.campaign_enrolled", "config": {"campaigns": [campaign.pk]},
                "conditions": None,
            }
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "Your link",
                "config": {
                    "category": "transactional", "subject": "Your link for “{{ event.campaign }}”",
                    "text": "Good day {{ event.affiliate }},\n\nthis is your link: {{ affiliate_enrolment.referral_link }}\n\n"
                    "How it stands: {{ affiliate_enrolment.magic_link }}",
                },
            }
        ],
        "settings": {},
    }  # fmt: skip


def sold() -> Json:
    """An affiliate is told of each sale; where nobody knows how to pay them, they are asked."""
    return {
        "triggers": [
            {"uid": "t1", "event": "affiliate.sale_created", "config": {"about": "affiliate"}, "conditions": None}
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "Thank you",
                "config": {
                    "category": "transactional", "subject": "You earned {{ event.commission }} {{ event.commission_currency }}",
                    "text": "Thank you for recommending us.\n\nIn all: {{ affiliate.commission }}.\n\n"
                    "{{ affiliate.portal_link }}",
                },
            },
            {
                "uid": "pay", "branch": [
                    {
                        "uid": "unknown", "name": "no payout method",
                        "if": {"field": "event.payout_method", "op": "is", "value": "none"},
                        "then": [
                            {
                                "uid": "ask", "action": "task.create",
                                "config": {"title": "Ask {{ contact.name }} how to be paid", "due_in": 2, "unit": "days"},
                            }
                        ],
                    }
                ],
                "else": [],
            },
        ],
        "settings": {},
    }  # fmt: skip


def ensure() -> Campaign:
    """The campaign; what belongs to it is made where there is no affiliate yet."""
    campaign, _made = Campaign.objects.get_or_create(
        name=NAME,
        defaults={
            "percent": Decimal(10), "window_days": 60, "recurring_months": 12,
            "target_url": f"{settings.PUBLIC_URL}/order/care/",
            "description": "Tell your friends what your kitchen likes. You earn by everything they order.",
        },
    )  # fmt: skip
    people = {contact.first_name: contact for contact in Contact.objects.filter(source="demo")}
    if not Affiliate.objects.exists() and {"Anna", "Jonas", "Marie"} <= people.keys():
        with quiet("demo"):
            _life(campaign, people)
    return campaign


def _life(campaign: Campaign, people: dict[str, Contact]) -> None:
    now = timezone.now()
    waiting, _made = enrolling.make(people["Marie"], status=Affiliate.Status.PENDING)
    enrolling.enrol(waiting, campaign)
    jonas, _made = enrolling.make(people["Jonas"], code="jonas-cooks")
    jonas.payout_method, jonas.tax_form = Affiliate.PayoutMethod.VERIFIED, Affiliate.TaxForm.RECEIVED
    jonas.save()
    enrolment, _made = enrolling.enrol(jonas, campaign)
    for day in (21, 13, 7, 3, 3, 1):
        at = now - timedelta(days=day, minutes=Click.objects.count())
        Click.objects.create(
            enrolment=enrolment, who=f"demo{day}", bucket=int(at.timestamp() // 10), at=at, landing=enrolment.destination,
            referrer="https://www.example.com/kitchens",
        )  # fmt: skip
    came = {campaign.pk: visits.Came(enrolment.pk, now - timedelta(days=3), campaign.window_days)}
    visits.refer(people["Anna"], came, now)
    for amount, days, reference, state in SALES:
        _sale(enrolment, people["Anna"], Decimal(amount), reference, now - timedelta(days=days), state)


def _sale(enrolment: Enrolment, buyer: Contact, amount: Decimal, reference: str, at: Any, state: str) -> None:
    sale, _is_new = selling.record(selling.Sold(
        enrolment=enrolment, amount=amount, currency="EUR", buyer=buyer, kind=Sale.Kind.ONE_OFF, reference=reference,
        occurred_at=at,
    ))  # fmt: skip
    if state == "refunded":
        selling.give_back(sale, amount)
    elif state != "pending":
        payouts.approve(Commission.objects.filter(sale=sale))
    if state == "paid":
        payouts.pay(payouts.put_together(enrolment.affiliate, "EUR"), "Transfer")
