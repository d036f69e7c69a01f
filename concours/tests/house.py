"""Every page of the house, found from its addresses, over rows of everything that has a page.

A new model in the admin, and a new address of ours, is covered by whatever goes over these pages: `furnish` has to
have a row for it, and `pages` has to know what its address asks for; `test_house` says so where either is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from appointments.models import BusyFeed
from capture.models import InboundRequest, InboundWebhook
from commerce.models import Checkout, Payment
from commerce.paying import refund
from communities import services as communities
from communities.models import Group
from concours import demonstration
from concours.tests import house_talk
from contacts.models import Contact, Duplicate, Import, Note, ScorePolicy, ScoreRule, Tag, Tagging
from conversations.models import MailboxMail, Message, Suppression
from courses import certifying
from courses.models import CertificateTemplate, Member
from triggers import sweeping
from triggers.api.keys import create_key
from triggers.explaining import backfill
from triggers.models import Credential, Destination, Notice, Workflow
from triggers.outside import endpoints

# What addresses leave open that is no row: every value is a page of its own.
OPEN: Final[Mapping[str, tuple[str, ...]]] = {"app_label": ("triggers", "contacts", "pipelines", "commerce")}
# Addresses that are no pages of their own: a person never sees what they answer, or sees it on another page.
NO_PAGES: Final = {
    "logout", "autocomplete", "jsi18n", "view_on_site", "contacts_import_file", "contacts_contact_export",
    "contacts_task_feed", "contacts_task_feed_off", "login",
    "conversations_conversation_reply", "contacts_duplicate_search", "conversations_attachment_file",
    "conversations_attachment_again", "conversations_ivrcall_answer", "conversations_message_disposition",
    "conversations_mailfile_download", "capture_submission_file",
    "pipelines_journey_new_link", "pipelines_journey_put", "pipelines_opportunity_move",
}  # fmt: skip
# Kinds of elements of a map, each with its own forms.
ELEMENTS: Final = ("track", "step")
# Pages among those of a model that are about a row of another.
ABOUT: Final = {"pipelines_map_step_add": "pipelines.track"}
# Pages that ask something in their address show more with it.
ASKED: Final = {
    "find": "?q=anna", "triggers_across": "?q=a", "pipelines_what_if": "?map={pipelines.map}",
    "triggers_explain": "?workflow={triggers.workflow}&contact={contacts.contact}",
    "triggers_workflow_add": "?recipe=welcome",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """An address, and the name of its pattern."""

    name: str
    address: str

    def __str__(self) -> str:
        return self.address


def furnish(client: Client) -> None:
    """The demo, and a row of whatever the demo has none of."""
    demonstration.ensure()
    vip, _made = Tag.objects.get_or_create(name="VIP")
    for person in Contact.objects.filter(country__in=["DE", "FR"]):
        Tagging.objects.get_or_create(contact=person, tag=vip)
    sweeping.drain()
    me = int(client.session["_auth_user_id"])
    anna, other = Contact.objects.order_by("pk")[:2]
    flow, hook = Workflow.objects.get(name="VIP welcome"), InboundWebhook.objects.get()
    communities.grant(anna, [Group.objects.create(name="Founders")], "asked")
    certifying.issue(anna, CertificateTemplate.objects.get(), timezone.now(), uuid4())
    Member.objects.create(contact=anna, logins=1, last_login_at=timezone.now())
    Note.objects.create(contact=anna, body="Called back.")
    Message.objects.create(contact=anna, direction="out", subject="Welcome", html="<p>Dear</p>", status="sent")
    MailboxMail.objects.create(message_id="<1@example.org>", subject="Welcome", html="<p>Dear</p>", raw=b"x", size=1)
    Suppression.objects.create(address="gone@example.org", reason="bounce", at=timezone.now())
    Destination.objects.create(key="https://erp.example", status="held", reason="401")
    Notice.objects.create(user_id=me, text="Paused.")
    endpoints.create("Shop", "https://shop.example.com/hook")
    Credential.objects.create(
        name="Shop", slug="shop-api", kind="bearer", hosts="api.example.com", secret="of-the-test"
    )
    create_key("ERP", Notice.objects.get().user, ["contacts:read"])
    backfill.prepare(flow, "contacts", tree={"field": "contact.country", "op": "is", "value": "DE"})
    InboundRequest.objects.create(webhook=hook, method="POST", digest="d", external_id="1", body=b'{"name": "Anna"}')
    Duplicate.objects.create(first=anna, second=other, reasons=["name"], strength=3)
    Import.objects.create(name="people.csv", file=ContentFile(b"E-mail\na@example.org\n", "people.csv"), format="csv")
    ScoreRule.objects.create(name="Wrote", event_type="note.added", points=5)
    ScorePolicy(cap=10).save()
    BusyFeed.objects.create(user_id=me, name="At home", url="https://calendar.example.com/me.ics")
    Checkout.objects.create(gateway="shopify", external_id="t1", email="anna@example.org", currency="EUR", total=24)
    refund(Payment.objects.filter(status="succeeded")[0], reason="Broken")
    LogEntry.objects.log_actions(me, [anna], CHANGE, "Changed", single_object=True)
    house_talk.furnish(anna)
    _clocks()


def _clocks() -> None:
    """Schedules of the kinds that the product has none of."""
    clocked, solar = (apps.get_model("django_celery_beat", name) for name in ("ClockedSchedule", "SolarSchedule"))
    clocked.objects.create(clocked_time=timezone.now() + timedelta(days=1))
    solar.objects.create(event="sunrise", latitude=52, longitude=13)


def pages() -> list[Page]:
    """Every page of the admin, of a first row where it is about one."""
    found = [page for pattern, model in patterns() for page in _of(pattern, model)]
    return list({page.address: page for page in found}.values())


def patterns() -> Iterator[tuple[URLPattern, type[Model] | None]]:
    """The named addresses of the admin, with the model whose they are."""
    for each in admin.site.get_urls():
        if isinstance(each, URLPattern):
            yield each, None
    for model, model_admin in admin.site._registry.items():
        for each in model_admin.get_urls():
            if isinstance(each, URLPattern) and each.name:
                yield each, model


def _of(pattern: URLPattern, model: type[Model] | None) -> Iterator[Page]:
    name = pattern.name or ""
    if not name or name in NO_PAGES or name.endswith(("_do", "_act", "_cards")):
        return
    about = apps.get_model(ABOUT[name]) if name in ABOUT else model
    for given in _given(_left_open(pattern), about):
        yield Page(name, reverse(f"admin:{name}", kwargs=given) + _asked(name))


def _left_open(pattern: URLPattern) -> tuple[str, ...]:
    """The names of what an address leaves open."""
    written = pattern.pattern
    return tuple(written.regex.groupindex) if isinstance(written, RegexPattern) else tuple(written.converters)


def _given(asked: tuple[str, ...], model: type[Model] | None) -> Iterator[dict[str, Any]]:
    """The values for what an address leaves open; a KeyError where nobody has said what it is."""
    if not asked:
        yield {}
    elif asked in (("pk",), ("object_id",), ("id",)):
        assert model is not None
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            yield {asked[0]: row.pk}
    elif asked == ("kind", "pk"):
        for kind in ELEMENTS:
            yield {"kind": kind, "pk": apps.get_model("pipelines", kind)._default_manager.order_by("pk")[0].pk}
    elif asked == ("into", "other"):
        one, other = Contact.objects.order_by("pk")[:2]
        yield {"into": one.pk, "other": other.pk}
    elif asked == ("contact",):
        yield {"contact": Contact.objects.order_by("-pk")[0].pk}
    else:
        [name] = asked
        for value in OPEN[name]:
            yield {name: value}


def _asked(name: str) -> str:
    """The question of an address, with the numbers of the first rows of the models that it names."""
    text = ASKED.get(name, "")
    for label in ("pipelines.map", "triggers.workflow", "contacts.contact"):
        if f"{{{label}}}" in text:
            text = text.replace(f"{{{label}}}", str(apps.get_model(label)._default_manager.order_by("pk")[0].pk))
    return text


def public() -> set[str]:
    """The named addresses outside the admin and the API."""
    return {each.name for each in get_resolver().url_patterns if isinstance(each, URLPattern) and each.name} | {
        inner.name
        for each in get_resolver().url_patterns
        if not isinstance(each, URLPattern) and str(each.pattern) == ""
        for inner in each.url_patterns
        if inner.name
    }
