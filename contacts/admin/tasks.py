"""Tasks in the admin: the list, one task, everybody's own page, and the address for their calendar."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from contacts import services
from contacts.admin.filters import AssigneeFilter, DueFilter
from contacts.admin.task_forms import TaskForm
from contacts.models import CalendarFeed, Task
from contacts.templatetags.tasks import due as due_tag
from contacts.todo import agenda, calendars
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import MOMENTS, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.wording import moments

# How many tasks the page shows at once, and how long what was done stands below them.
MOST = 300
JUST_DONE = timedelta(hours=12)


@admin.register(Task)
class TaskAdmin(Buttons, ModelAdmin[Task]):
    """What is to be done, by whom, by when."""

    form = TaskForm
    change_form_template = "admin/contacts/task/change_form.html"
    formfield_overrides = MOMENTS
    list_display = ("title", "contact_link", "assignee", "due", "priority")
    list_filter = (DueFilter, AssigneeFilter)
    list_select_related = ("contact", "assignee")
    search_fields = ("title", "contact__first_name", "contact__last_name", "contact__email")
    autocomplete_fields = ("contact", "assignee")
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("title", "contact", ("assignee", "priority"), ("day", "clock", "remind_before"))}),
        (None, {"fields": ("description",)}),
        (gettext_lazy("Comes again"), {"fields": (("repeats", "repeat_every", "repeat_until"),)}),
    )
    readonly_fields = ("completed_at", "completed_by")
    actions = ("complete_chosen",)

    def get_urls(self) -> list[Any]:
        own: list[Any] = [
            path("mine/", self.admin_site.admin_view(self.mine), name="contacts_task_mine"),
            path("mine/calendar/", self.admin_site.admin_view(require_POST(self.make_feed)), name="contacts_task_feed"),
            path(
                "mine/calendar/off/", self.admin_site.admin_view(require_POST(self.end_feed)),
                name="contacts_task_feed_off",
            ),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        done = ((_("Done"), {"fields": (("completed_at", "completed_by"),)}),)
        return (*self.fieldsets, *(done if obj and obj.completed_at else ()))

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, task: Task) -> SafeString:
        return link(page_of(task.contact), task.contact) if task.contact else format_html("{}", "–")

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, task: Task) -> Any:
        shown = due_tag(task) or "–"
        return format_html('<span class="bad-text">{}</span>', shown) if task.is_overdue() else shown

    @admin.display(description=gettext_lazy("due day"))
    def day(self, task: Task) -> Any:
        """For those who may only look."""
        return due_tag(task)

    @admin.display(description=gettext_lazy("time"))
    def clock(self, task: Task) -> Any:
        return "" if task.due_on else moments.shown(task.due_at)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        task = kwargs.get("obj")
        context["buttons"] = self.offered(request, task) if task else []
        return super().render_change_form(request, context, *args, **kwargs)

    @button(gettext_lazy("Complete"), permission="contacts.change_task", icon="done", tone="primary",
            when=lambda task: task.completed_at is None)  # fmt: skip
    def complete(self, request: HttpRequest, task: Task) -> str:
        if not services.complete_task(task, request.user):  # type: ignore[arg-type]
            return _("It was completed already.")
        then = Task.objects.filter(follows=task).first()
        return _("Completed. It is due again: %(when)s.") % {"when": due_words(then)} if then else _("Completed.")

    @button(gettext_lazy("Reopen"), permission="contacts.change_task", icon="again",
            when=lambda task: task.completed_at is not None)  # fmt: skip
    def reopen(self, request: HttpRequest, task: Task) -> str:
        return _("Open again.") if services.reopen_task(task) else _("It is open already.")

    @admin.action(description=gettext_lazy("Complete"), permissions=["change"])
    def complete_chosen(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        done = sum(services.complete_task(task, request.user) for task in queryset)  # type: ignore[arg-type]
        self.message_user(request, ngettext("%(n)d task completed.", "%(n)d tasks completed.", done) % {"n": done})

    def mine(self, request: HttpRequest) -> HttpResponse:
        """The signed-in person's open tasks by when they are due, and what they have just done."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tasks = list(agenda.mine(request.user.pk)[: MOST + 1])
        done = Task.objects.filter(assignee=request.user.pk, completed_at__gte=timezone.now() - JUST_DONE)
        context = {
            **self.admin_site.each_context(request), "title": _("My tasks"), "opts": self.opts,
            "groups": agenda.grouped(tasks[:MOST]),
            "sentence": _sentence(tasks[:MOST]), "more": len(tasks) > MOST,
            "done": done.select_related("contact").order_by("-completed_at")[:10],
            "feed": CalendarFeed.objects.filter(user=request.user.pk).first(),
            "may_change": self.has_change_permission(request), "may_add": self.has_add_permission(request),
        }  # fmt: skip
        return TemplateResponse(request, "admin/contacts/task/mine.html", context)

    def make_feed(self, request: HttpRequest) -> HttpResponse:
        """A new address for this person's calendar; the one before stops working."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        token = calendars.make(request.user)
        context = {
            **self.admin_site.each_context(request), "title": _("Your calendar's address"), "opts": self.opts,
            "secret": calendars.address(token), "onward": reverse("admin:contacts_task_mine"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/triggers/show_once.html", context)

    def end_feed(self, request: HttpRequest) -> HttpResponse:
        if calendars.end(request.user):
            messages.success(request, _("The address is switched off. Calendars that read it see nothing any more."))
        return redirect("admin:contacts_task_mine")


def due_words(task: Task) -> str:
    return moments.short_day(task.due_on) if task.due_on else moments.short(task.due_at)


def _sentence(tasks: list[Task]) -> str:
    """What there is to do, in a sentence."""
    spans = agenda.bounds()
    counted = [spans.of(task.due_at) for task in tasks]
    late, today = counted.count("overdue"), counted.count("today")
    parts = []
    if late:
        parts.append(ngettext("%(n)d task is overdue.", "%(n)d tasks are overdue.", late) % {"n": late})
    if today:
        parts.append(ngettext("%(n)d more is due today.", "%(n)d more are due today.", today) % {"n": today} if late else
                     ngettext("%(n)d task is due today.", "%(n)d tasks are due today.", today) % {"n": today})  # fmt: skip
    coming = next((task for task in tasks if spans.of(task.due_at) in ("week", "later")), None)
    if not parts and coming is not None:
        parts.append(_("Nothing due. The next task is for %(when)s.") % {"when": due_words(coming)})
    return " ".join(parts) or (_("Nothing has a date.") if tasks else _("Nothing to do."))
