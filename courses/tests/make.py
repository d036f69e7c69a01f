"""Courses, offers and learners, made as simply as a test can say it."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from contacts.tests import make as contacts
from courses import granting, members, public
from courses.models import Category, CertificateTemplate, Lesson, Member, Offer, Product
from triggers import services, sweeping
from triggers.models import Event, Workflow


def course(title: str = "Oiling", *, categories: int = 1, lessons: int = 2, **fields: Any) -> Product:
    """A published course of so many categories with so many lessons each."""
    made = Product.objects.create(title=title, **{"published": True, **fields})
    for place in range(1, categories + 1):
        category = Category.objects.create(product=made, title=f"Part {place}", position=place)
        for number in range(1, lessons + 1):
            Lesson.objects.create(category=category, title=f"Lesson {place}.{number}", position=number)
    return made


def lessons_of(product: Product) -> list[Lesson]:
    rows = Lesson.objects.filter(category__product=product).select_related("category__product")
    return list(rows.order_by("category__position", "position"))


def offer(*products: Product, title: str = "All of it", **fields: Any) -> Offer:
    made = Offer.objects.create(title=title, **fields)
    made.products.add(*products)
    return made


def template(product: Product, **fields: Any) -> CertificateTemplate:
    words = "{{ contact.name }} knows all about {{ course.title }}."
    return CertificateTemplate.objects.create(**{"product": product, "title": "Carer", "text": words, **fields})


def learner(product: Product, **fields: Any) -> Contact:
    """A contact with access to the course."""
    who = contacts.contact(**fields)
    granting.grant(who, offer(product, title=f"{product.title} {who.pk}"))
    return who


def browser(who: Contact) -> Client:
    """A browser in which the contact has signed in."""
    member, _made = Member.objects.get_or_create(contact=who)
    client = Client()
    client.cookies[public.COOKIE] = members.session(member, timezone.now())
    return client


def page_of(lesson: Lesson) -> str:
    return f"/learn/c/{lesson.category.product.key}/{lesson.pk}/"


def workflow(event: str, **config: Any) -> Workflow:
    """A live workflow that tags whoever such an event is about."""
    trigger = {"uid": "t1", "event": event, "config": config, "conditions": None}
    tags = {"uid": "a1", "action": "contact.add_tag", "config": {"tags": ["Told"]}}
    made = services.create("Tell", {"triggers": [trigger], "actions": [tags], "settings": {}})
    services.publish(made)
    return made


def told(*who: Contact) -> list[bool]:
    """After everybody's work: for whom the workflow ran."""
    sweeping.drain()
    return [contacts.tags_of(each) == {"Told"} for each in who]


def types() -> list[str]:
    """What events of courses there are, in order, without their first part."""
    rows = Event.objects.filter(type__startswith="course.").order_by("pk")
    return [name.partition(".")[2] for name in rows.values_list("type", flat=True)]


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of a Wednesday that is over."""
    return datetime(2026, 3, 4, hour, minute, tzinfo=timezone.get_default_timezone())
