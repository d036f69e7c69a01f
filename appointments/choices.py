"""What settings of workflows may choose from: calendars and their groups, by their numbers."""

from appointments.models import Calendar, CalendarGroup
from triggers import choices


def register() -> None:
    rows, groups = Calendar.objects.order_by("name"), CalendarGroup.objects.order_by("name")
    choices.register("calendar", lambda: choices.of_records(rows.all(), "pk", "name"), "calendar", "calendars",
                     model="appointments.calendar")  # fmt: skip
    choices.register("calendar group", lambda: choices.of_records(groups.all(), "pk", "name"), "calendar_groups",
                     model="appointments.calendargroup")  # fmt: skip
