"""The resources of appointments, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from appointments.api.views import AppointmentViewSet, CalendarGroupViewSet, CalendarViewSet


def register(router: BaseRouter) -> None:
    router.register("calendars", CalendarViewSet, "calendar")
    router.register("calendar-groups", CalendarGroupViewSet, "calendargroup")
    router.register("appointments", AppointmentViewSet, "appointment")
