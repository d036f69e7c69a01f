"""Calendars in the admin: who keeps their appointments, when they are open, their page and their feed."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import feeds
from appointments.models import RELEASED, Calendar, CalendarGroup, DayHours, Member, OpenHours
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import MOMENTS, link
from triggers.admin.typed import ModelAdmin, TabularInline
from triggers.wording.look import pill

CHANGE = "appointments.change_calendar"


class Members(TabularInline[Member, Calendar]):
    """Who keeps the calendar's appointments."""

    model = Member
    fields = ("user", "position")
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name_plural = gettext_lazy("Members")


class Hours(TabularInline[OpenHours, Calendar]):
    """When it is open, every week."""

    model = OpenHours
    fields = ("weekday", "starts", "ends", "user")
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name_plural = gettext_lazy("Open every week")


class Days(TabularInline[DayHours, Calendar]):
    """What holds on single days in place of that."""

    model = DayHours
    fields = ("day", "starts", "ends", "user")
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name_plural = gettext_lazy("Other hours on single days")
    formfield_overrides = MOMENTS


@admin.register(Calendar)
class CalendarAdmin(Buttons, ModelAdmin[Calendar]):
    """What can be booked."""

    change_form_template = "admin/appointments/calendar/change_form.html"
    inlines = (Members, Hours, Days)
    list_display = ("name", "state", "page_link", "members_in_words", "minutes", "coming")
    list_filter = ("active", "group", "kind")
    search_fields = ("name", "key", "location")
    ordering = ("name",)
    actions = None
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("name", ("active", "auto_confirm"), "description", "location", ("kind", "group"))}),
        (gettext_lazy("An appointment"), {"fields": (("minutes", "step"), ("buffer_before", "buffer_after"))}),
        (gettext_lazy("When it can be booked"), {"fields": (("notice_hours", "horizon_days"), "time_zone", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        rows: QuerySet[Calendar] = super().get_queryset(request)
        ahead = Q(appointments__start_at__gt=timezone.now()) & ~Q(appointments__status__in=RELEASED)
        return rows.prefetch_related("members__user").annotate(n_coming=Count("appointments", filter=ahead))

    def has_delete_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        """One with appointments is switched off instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.appointments.exists())

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        calendar = kwargs.get("obj")
        if calendar is not None:
            context |= {
                "buttons": self.offered(request, calendar), "sentence": _sentence(calendar),
                "feed": getattr(calendar, "feed", None), "state": self.state(calendar),
            }  # fmt: skip
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, calendar: Calendar) -> str:
        if calendar.source:
            return pill("observing", _("Kept elsewhere"))
        return pill("live", _("Active")) if calendar.active else pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("page"))
    def page_link(self, calendar: Calendar) -> SafeString:
        return link("" if calendar.source else calendar.address, "–" if calendar.source else f"/book/{calendar.key}/")

    @admin.display(description=gettext_lazy("members"))
    def members_in_words(self, calendar: Calendar) -> str:
        return ", ".join(str(member) for member in calendar.members.all()) or "–"

    @admin.display(description=gettext_lazy("to come"), ordering="n_coming")
    def coming(self, calendar: Any) -> SafeString:
        url = f"{reverse('admin:appointments_appointment_changelist')}?calendar__id__exact={calendar.pk}"
        return link(url if calendar.n_coming else "", calendar.n_coming)

    @button(gettext_lazy("Make a calendar address"), permission=CHANGE, icon="plug")
    def make_feed(self, request: HttpRequest, calendar: Calendar) -> HttpResponse:
        """An address for calendar programs; the one before stops working."""
        context = {
            **self.admin_site.each_context(request), "title": _("The calendar's address"), "opts": self.opts,
            "secret": feeds.address(feeds.make(calendar=calendar)), "onward": self.page_url(calendar),
        }  # fmt: skip
        return TemplateResponse(request, "admin/triggers/show_once.html", context)

    @button(gettext_lazy("Switch the calendar address off"), permission=CHANGE,
            when=lambda calendar: hasattr(calendar, "feed"))  # fmt: skip
    def end_feed(self, request: HttpRequest, calendar: Calendar) -> str:
        feeds.end(calendar=calendar)
        return _("The address is switched off. Calendars that read it see nothing any more.")


def _sentence(calendar: Calendar) -> SafeString | str:
    """Whether it can be booked, and what is missing for that."""
    if calendar.source:
        return _("Its appointments are booked at a system outside, and shown here.")
    if not calendar.active:
        return _("Switched off: its page says that it is closed.")
    if not calendar.members.exists():
        return _("Nobody can book it yet: it has no members.")
    if not calendar.hours.exists() and not calendar.days.exists():
        return _("Nobody can book it yet: it is never open.")
    return format_html('{} <a href="{}">{}</a>', _("Can be booked at"), calendar.address, calendar.address)


@admin.register(CalendarGroup)
class CalendarGroupAdmin(ModelAdmin[CalendarGroup]):
    """Calendars that are offered together."""

    list_display = ("name", "page_link", "n_calendars")
    search_fields = ("name",)
    fields = ("name", "description", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarGroup]:
        rows: QuerySet[CalendarGroup] = super().get_queryset(request)
        return rows.annotate(count=Count("calendars"))

    @admin.display(description=gettext_lazy("page"))
    def page_link(self, group: CalendarGroup) -> SafeString:
        return link(group.address, f"/book/group/{group.key}/")

    @admin.display(description=gettext_lazy("calendars"), ordering="count")
    def n_calendars(self, group: Any) -> int:
        return int(group.count)
