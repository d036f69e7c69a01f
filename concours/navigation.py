"""The navigation at the left: groups in the order people think in, with what each person may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from concours import bounded
from contacts.models import Contact, Task
from conversations.models import Conversation
from pipelines.models import Journey
from triggers.models import Workflow
from triggers.wording import attention
from triggers.wording.numbers import grouped

# Totals of large tables are told a minute late.
KEPT_SECONDS: Final = 60


@dataclass(frozen=True)
class Link:
    """A page that is no model's own list: `model` says whose view permission it needs, or `permission` which."""

    label: Any
    url_name: str
    model: str
    query: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Item:
    """One row of the navigation."""

    label: Any
    url: str
    count: str = ""
    bad: bool = False
    current: bool = False


@dataclass(frozen=True)
class Group:
    """A heading with its rows. Rows are model labels or links; models named nowhere go to the last group."""

    label: Any
    icon: str
    entries: tuple[str | Link, ...]
    apps: tuple[str, ...] = ()
    starts_open: bool = False


@dataclass
class Shown:
    """A group as one person sees it."""

    label: Any
    icon: str
    is_open: bool
    items: list[Item] = field(default_factory=list)


GROUPS: Final = (
    Group(
        _("Automation"), "bolt", (
            "triggers.workflow", "triggers.run",
            Link(_("Failures"), "admin:triggers_run_changelist", "triggers.run", "needs=a-person"),
            "triggers.event", Link(_("Explain"), "admin:triggers_explain", "triggers.workflow"),
            "triggers.miss", "triggers.backfill",
            Link(_("Scheduler"), "admin:triggers_scheduler", "triggers.workflow"),
        ), starts_open=True,
    ),
    Group(
        _("Contacts"), "people", (
            "contacts.contact", Link(_("My tasks"), "admin:contacts_task_mine", "contacts.task"), "contacts.task",
            "contacts.note", "contacts.tag", "contacts.customfield", "contacts.scorerule", "contacts.scorepolicy",
            "contacts.import", "contacts.duplicate",
        ), ("contacts",), starts_open=True,
    ),
    Group(
        _("Pipelines"), "board", (
            Link(_("Board"), "admin:pipelines_opportunity_board", "pipelines.opportunity"), "pipelines.opportunity",
            Link(_("Forecast"), "admin:pipelines_opportunity_forecast", "pipelines.opportunity"),
            "pipelines.journey", "pipelines.map", Link(_("What if"), "admin:pipelines_what_if", "pipelines.map"),
            "pipelines.video", "pipelines.pipeline", "pipelines.lostreason",
        ), ("pipelines",),
    ),
    Group(
        _("Appointments"), "clock", (
            "appointments.appointment", "appointments.calendar", "appointments.calendargroup", "appointments.busyfeed",
        ), ("appointments",),
    ),
    Group(
        _("Conversations"), "chat", (
            "conversations.conversation", "conversations.message", "conversations.arrival",
            "conversations.channelsetting", "conversations.mailaccount", "conversations.httpgateway",
            "conversations.intent", "conversations.disposition",
            "conversations.mailtemplate", "conversations.mailfile", "conversations.suppression",
        ), ("conversations",),
    ),
    Group(
        _("Capture"), "capture", (
            "capture.form", "capture.submission", "capture.triggerlink", "capture.site", "capture.pageview",
            "capture.videowatch", "capture.inboundwebhook", "capture.inboundrequest",
        ), ("capture",),
    ),
    Group(
        _("Commerce"), "tag", (
            "commerce.order", "commerce.invoice", "commerce.payment", "commerce.subscription", "commerce.refund",
            "commerce.document", "commerce.checkout", "commerce.orderform", "commerce.product", "commerce.price",
            "commerce.documenttemplate", "commerce.invoiceseries",
        ), ("commerce",),
    ),
    Group(
        _("Affiliates"), "flag", (
            "affiliates.affiliate", "affiliates.campaign", "affiliates.enrolment", "affiliates.sale",
            "affiliates.commission", "affiliates.payout", "affiliates.referral", "affiliates.click",
        ), ("affiliates",),
    ),
    Group(
        _("Communities"), "people", ("communities.group", "communities.membership"), ("communities",),
    ),
    Group(
        _("Courses"), "play", (
            "courses.product", "courses.category", "courses.lesson", "courses.offer", "courses.access", "courses.enrolment",
            "courses.certificate", "courses.certificatetemplate", "courses.member",
        ), ("courses",),
    ),
    Group(
        _("Connections"), "plug",
        (
            "providers.connection", "providers.providerdelivery", "triggers.outgoingendpoint", "triggers.credential",
            "triggers.destination", "triggers.apikey",
        ), ("providers",),
    ),
    Group(
        _("Organisation"), "gear", (
            "triggers.organisation", "triggers.notice", "auth.user", "auth.group",
            Link(_("History"), "admin:triggers_history", "", permission="admin.view_logentry"),
        ),
    ),
)  # fmt: skip


def build(site: AdminSite, request: HttpRequest) -> list[Shown]:
    """The groups with the rows this person may see; empty groups are left out."""
    visible = {
        model._meta.label_lower: str(capfirst(model._meta.verbose_name_plural))
        for model, model_admin in site._registry.items()
        if model_admin.has_view_or_change_permission(request)
    }
    named = {entry for group in GROUPS for entry in group.entries if isinstance(entry, str)}
    unnamed = [label for label in visible if label not in named]
    homes = {app for group in GROUPS for app in group.apps}
    shown = []
    for group in GROUPS:
        others = [label for label in unnamed if label.partition(".")[0] in group.apps]
        if group is GROUPS[-1]:
            others += [label for label in unnamed if label.partition(".")[0] not in homes]
        items = _current(list(_items(request, (*group.entries, *others), visible)), request)
        is_open = group.starts_open or any(item.current for item in items)
        shown.append(Shown(group.label, group.icon, is_open, items))
    return [group for group in shown if group.items]


def _items(request: HttpRequest, entries: Iterable[str | Link], visible: dict[str, str]) -> Iterable[Item]:
    for entry in entries:
        if isinstance(entry, Link) and (entry.model in visible or _permits(request, entry)):
            address = reverse(entry.url_name) + (f"?{entry.query}" if entry.query else "")
            yield _counted(Item(entry.label, address), entry.query or entry.url_name, request)
        elif isinstance(entry, str) and entry in visible:
            address = reverse(f"admin:{entry.replace('.', '_')}_changelist")
            yield _counted(Item(visible[entry], address), entry, request)


def _permits(request: HttpRequest, link: Link) -> bool:
    return bool(link.permission) and request.user.has_perm(link.permission)


def _counted(item: Item, key: str, request: HttpRequest) -> Item:
    count = COUNTS[key](request) if key in COUNTS else 0
    return Item(item.label, item.url, _told(count), bad=key == "needs=a-person")


def _current(items: list[Item], request: HttpRequest) -> list[Item]:
    """The same items, with the one whose page this is marked; the most particular address wins."""
    here = request.get_full_path()
    fitting = [item for item in items if here.startswith(item.url)]
    best = max(fitting, key=lambda item: len(item.url), default=None)
    return [Item(i.label, i.url, i.count, i.bad, current=i is best) for i in items]


def _told(count: int) -> str:
    """1,286; 10,000+ where nobody has counted further; nothing for none."""
    return f"{grouped(bounded.MOST)}+" if count > bounded.MOST else grouped(count) if count else ""


def _total(key: str, count: Callable[[], int]) -> int:
    known: int | None = cache.get_or_set(f"navigation:{key}", count, KEPT_SECONDS)
    return known or 0


def _failures(_request: HttpRequest) -> int:
    """What is stuck, or failed within a day; each of the two has an index of its own."""
    news = attention.failed(timezone.now() - timedelta(days=1))
    return bounded.counted(attention.stuck()) + bounded.counted(news)


def _my_tasks(request: HttpRequest) -> int:
    return bounded.counted(Task.objects.filter(assignee=request.user.pk, completed_at=None))


COUNTS: Final[dict[str, Callable[[HttpRequest], int]]] = {
    "triggers.workflow": lambda _r: _total("workflows", Workflow.objects.exclude(status="archived").count),
    "needs=a-person": _failures,
    "contacts.contact": lambda _r: _total("contacts", lambda: bounded.counted(Contact.objects.all())),
    "admin:contacts_task_mine": _my_tasks,
    "conversations.conversation": lambda _r: _total(
        "unread", lambda: bounded.counted(Conversation.objects.filter(unread__gt=0))
    ),
    "pipelines.journey": lambda _r: _total(
        "journeys", lambda: bounded.counted(Journey.objects.filter(is_current=True, status="open"))
    ),
}
