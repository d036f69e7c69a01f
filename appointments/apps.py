from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from appointments import choices, elsewhere, holdings, keys, waits
        from triggers import sweeping
        from triggers.workflows import uses

        choices.register()
        keys.register()
        holdings.register()
        sweeping.chores["busy times"] = sweeping.Chore(elsewhere.due_lanes, elsewhere.work, elsewhere.TASK)
        sweeping.purgers["waits for appointments"] = waits.purge
        uses.register(uses.Thing(_("Calendars"), "appointments.Calendar", ("calendars", "calendar")))
        uses.register(uses.Thing(_("Calendar groups"), "appointments.CalendarGroup", ("calendar_groups",)))
