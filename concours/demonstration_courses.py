"""The demo's course: six lessons, an offer anybody may sign up for, a learner halfway, and a workflow that sells it along."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from commerce.models import Product as Goods
from contacts.models import Contact
from courses import granting, learning
from courses.models import Category, CertificateTemplate, Lesson, Offer, Product
from triggers.context import quiet

Json = dict[str, Any]

# Category, then its lessons with what they say.
PLAN: Final = (
    ("Wood", (
        ("What wood needs", "Wood works: it takes up water and gives it off.\n\nOil keeps it from doing so too fast."),
        ("Oiling a worktop", "Clean it, let it dry for a night, and rub the oil in along the grain.\n\n"
                             "What the wood has not taken after twenty minutes comes off with a cloth."),
        ("Taking out stains", "Sand with the grain, from coarse to fine, and oil again."),
    )),
    ("Steel and stone", (
        ("Steel without scratches", "A soft cloth, warm water, a drop of vinegar. Never wool of steel."),
        ("Stone and acid", "Lemon and vinegar eat into limestone and marble. Wipe at once."),
        ("Once a year", "Set the hinges, clean the filter of the hood, look at the joints."),
    )),
)  # fmt: skip
WORDS: Final = "{{ contact.name }} has completed “{{ course.title }}” on {{ course.completed_on }}."


def ensure() -> Offer:
    """The course with its offer, and how far Jonas is; made where there is no such offer."""
    found = Offer.objects.filter(key="caring_for_your_kitchen").first()
    if found is not None:
        return found
    product = Product.objects.create(
        title="Caring for your kitchen",
        published=True,
        description="Six short lessons, so that it stays as it is today.",
    )
    for place, (title, lessons) in enumerate(PLAN, 1):
        category = Category.objects.create(product=product, title=title, position=place)
        for number, (name, body) in enumerate(lessons, 1):
            Lesson.objects.create(category=category, title=name, body=body, position=number)
    offer = Offer.objects.create(
        title="Caring for your kitchen", open=True, access_days=365, price_text="Free of charge",
        description="For everybody who wants to keep a kitchen beautiful.",
    )  # fmt: skip
    offer.products.add(product)
    CertificateTemplate.objects.create(
        product=product, title="Kitchen carer", text=WORDS, valid_days=730, on_completion=True
    )
    with quiet("demo"):
        _halfway(product, offer)
    return offer


def bought(offer: Offer) -> Json:
    """Whoever buys the care plan gets the course with it, and a link to begin at once."""
    goods = list(Goods.objects.filter(key="care_plan").values_list("pk", flat=True))
    return {
        "triggers": [
            {"uid": "t1", "event": "order.submitted", "config": {"products": goods}, "conditions": None},
        ],
        "actions": [
            {
                "uid": "grant", "action": "course.grant_offer", "name": "Open the course",
                "config": {"course_offers": [offer.pk], "reason": "Bought with order {{ event.number }}"},
            },
            {
                "uid": "mail", "action": "email.send", "name": "Begin",
                "config": {
                    "category": "transactional", "subject": "Your course on caring for your kitchen",
                    "text": "Good day {{ contact.name }},\n\nwith the care plan comes a course of six short lessons. "
                    "This link signs you in, once and for a short while:\n\n{{ course.login_url }}",
                },
            },
        ],
        "settings": {},
    }  # fmt: skip


def _halfway(product: Product, offer: Offer) -> None:
    jonas = Contact.objects.filter(source="demo", first_name="Jonas").first()
    if jonas is None:
        return
    begun = timezone.now() - timedelta(days=6)
    granting.grant(jonas, offer, "Bought a kitchen", begun)
    lessons = Lesson.objects.filter(category__product=product).select_related("category__product")
    ordered = list(lessons.order_by("category__position", "position"))
    for place, lesson in enumerate(ordered[:4]):
        at = begun + timedelta(days=place, hours=1)
        learning.note(jonas, lesson, "started", at)
        if place < 3:
            learning.note(jonas, lesson, "completed", at + timedelta(minutes=12))
