"""Appointments in the admin. What changes goes through `services`, so that events fire and nobody is booked twice."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import feeds, links, people, services
from appointments.admin.forms import AppointmentForm
from appointments.models import Appointment, Guest
from contacts import timeline
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import MadeByForm, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid, Problem
from triggers.wording import moments
from triggers.wording.look import pill

CHANGE = "appointments.change_appointment"
Status = Appointment.Status
# The pill of each status, by the states that pills know.
PILLS = {
    "new": "new", "confirmed": "live", "rescheduled": "waiting", "showed": "done", "no_show": "failed",
    "cancelled": "cancelled", "invalid": "skipped",
}  # fmt: skip


def _was(row: Any, status: str) -> bool:
    """Whether it has begun, and this may be said of it."""
    return row.start_at <= timezone.now() and row.status not in (status, "cancelled", "invalid")


class WhenFilter(admin.SimpleListFilter):
    """Today, the coming week, all that is to come, or past."""

    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("today", _("Today")), ("week", _("Next seven days")), ("coming", _("To come")), ("past", _("Past"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.localtime()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        spans: dict[Any, tuple[datetime | None, datetime | None]] = {
            "today": (midnight, midnight + timedelta(days=1)), "week": (now, now + timedelta(days=7)),
            "coming": (now, None), "past": (None, now),
        }  # fmt: skip
        since, until = spans.get(self.value(), (None, None))
        queryset = queryset.filter(start_at__gte=since) if since else queryset
        return queryset.filter(start_at__lt=until) if until else queryset


@admin.register(Appointment)
class AppointmentAdmin(Buttons, MadeByForm, ModelAdmin[Appointment]):
    """Who comes when, to whom, and what became of it."""

    form = AppointmentForm
    change_form_template = "admin/appointments/appointment/change_form.html"
    change_list_template = "admin/appointments/appointment/change_list.html"
    list_display = ("called", "begins", "contact_link", "calendar", "kept_by", "state")
    list_filter: ClassVar[Any] = (WhenFilter, "status", "calendar", "source")
    list_select_related = ("contact", "calendar", "user")
    search_fields = ("title", "contact__first_name", "contact__last_name", "contact__email")
    search_help_text = gettext_lazy("Search title and contact")
    autocomplete_fields = ("contact", "user")
    date_hierarchy = "start_at"
    ordering = ("-start_at", "-id")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    view_on_site = False
    actions = None
    fieldsets = (
        (None, {"fields": ("calendar", "contact", ("start_at", "user"), "override")}),
        (gettext_lazy("What it is about"), {"fields": ("title", "location", "notes", "more_guests")}),
    )

    def get_urls(self) -> list[URLPattern]:
        make = self.admin_site.admin_view(self.make_feed)
        return [path("my-feed/", make, name="appointments_appointment_feed_do"), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        series = ((_("Series"), {"fields": (("every", "times"),), "classes": ("collapse",)}),)
        return (*self.fieldsets, *(() if obj else series))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """It stays in its calendar, and with its contact."""
        return ("calendar", "contact") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"start_at": timezone.localtime() + timedelta(days=1), **super().get_changeform_initial_data(request)}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        appointment = kwargs.get("obj")
        if appointment is not None:
            may_see = request.user.has_perm("triggers.view_event")
            context |= {
                "buttons": self.offered(request, appointment), "state": self.state(appointment),
                "guests": Guest.objects.filter(appointment=appointment).select_related("contact"),
                "hosts": people.in_words([u.get_full_name() or u.get_username() for u in appointment.hosts.all()]),
                "public_page": links.address(appointment.pk),
                "days": timeline.of_record(appointment._meta.label_lower, appointment.pk) if may_see else [],
            }  # fmt: skip
        return super().render_change_form(request, context, *args, **kwargs)

    def make_feed(self, request: HttpRequest) -> TemplateResponse:
        """Asks first; then makes the address of the member's own appointments for a calendar program."""
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        if request.method == "POST" and self.has_view_permission(request):
            secret = feeds.address(feeds.make(user=request.user))
            onward = reverse("admin:appointments_appointment_changelist")
            context |= {"title": _("Your calendar's address"), "secret": secret, "onward": onward}
            return TemplateResponse(request, "admin/triggers/show_once.html", context)
        context |= {"title": _("My appointments in my calendar")}
        return TemplateResponse(request, "admin/appointments/appointment/feed.html", context)

    @admin.display(description=gettext_lazy("appointment"), ordering="title")
    def called(self, appointment: Appointment) -> str:
        return str(appointment)

    @admin.display(description=gettext_lazy("begins"), ordering="start_at")
    def begins(self, appointment: Appointment) -> Any:
        return moments.shown(appointment.start_at)

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, appointment: Appointment) -> SafeString:
        return link(page_of(appointment.contact), appointment.contact)

    @admin.display(description=gettext_lazy("member"), ordering="user", empty_value="–")
    def kept_by(self, appointment: Appointment) -> str | None:
        user = appointment.user
        return (user.get_full_name() or user.get_username()) if user else None

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, appointment: Appointment) -> SafeString:
        return pill(PILLS[appointment.status], appointment.get_status_display())

    @button(gettext_lazy("Confirm"), permission=CHANGE, icon="done", tone="primary",
            when=lambda row: row.status in ("new", "rescheduled"))  # fmt: skip
    def confirm(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.CONFIRMED)

    @button(gettext_lazy("Showed up"), permission=CHANGE, icon="tick",
            when=lambda row: _was(row, "showed"))  # fmt: skip
    def showed(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.SHOWED)

    @button(gettext_lazy("Did not come"), permission=CHANGE, icon="minus",
            when=lambda row: _was(row, "no_show"))  # fmt: skip
    def no_show(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.NO_SHOW)

    @button(gettext_lazy("Cancel it"), permission=CHANGE, icon="stop", asks=gettext_lazy("Why, if you like"),
            when=lambda row: row.is_held)  # fmt: skip
    def call_off(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.CANCELLED, request.POST.get("said", ""))

    @button(gettext_lazy("It was none"), permission=CHANGE, when=lambda row: row.is_held)
    def invalid(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.INVALID)

    @button(gettext_lazy("Take it up again"), permission=CHANGE, icon="again", when=lambda row: not row.is_held)
    def take_up(self, request: HttpRequest, appointment: Appointment) -> str:
        return self._set(request, appointment, Status.CONFIRMED)

    def _set(self, request: HttpRequest, appointment: Appointment, status: str, reason: str = "") -> str:
        try:
            changed = services.set_status(appointment, status, reason=reason)
        except ValidationError as error:
            raise Invalid([Problem((), message) for message in error.messages]) from None
        told = _("Its status is “%(status)s”.") % {"status": Status(status).label}
        if changed:
            self.log_change(request, appointment, told)
        return told
