"""Pipelines and deals, made as simply as a test can say it."""

from typing import Any

from contacts.models import Contact
from contacts.tests import make as contacts
from pipelines.models import LostReason, Opportunity, Pipeline, Stage

STAGES = ("Enquiry", "Planning", "Offer")


def pipeline(name: str = "Kitchens", stages: tuple[str, ...] = STAGES, **values: Any) -> Pipeline:
    """A pipeline with these stages, ten to thirty percent likely."""
    made = Pipeline.objects.create(name=name, **values)
    for place, each in enumerate(stages, 1):
        Stage.objects.create(pipeline=made, name=each, position=place, probability=10 * place)
    return made


def stage(name: str = "Enquiry", of: str = "Kitchens") -> Stage:
    return Stage.objects.select_related("pipeline").get(pipeline__name=of, name=name)


def reason(name: str = "Too dear", outcome: str = "lost") -> LostReason:
    return LostReason.objects.create(name=name, outcome=outcome)


def deal(contact: Contact | None = None, name: str = "Island", at: str = "Enquiry", **values: Any) -> Opportunity:
    """A deal in a stage of the first pipeline that has one so called; makes what is missing."""
    found = Stage.objects.filter(name=at).order_by("pk").first()
    if found is None:
        pipeline()
        found = Stage.objects.get(name=at)
    who = contact or Contact.objects.order_by("pk").first() or contacts.contact()
    return Opportunity.objects.create(**{"contact": who, "name": name, "stage": found, **values})
