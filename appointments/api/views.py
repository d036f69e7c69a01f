"""Calendars, their free times, and appointments over the API."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import recurring, services, slots
from appointments.api.filters import AppointmentFilter
from appointments.api.serializers import (
    AppointmentSerializer,
    CalendarGroupSerializer,
    CalendarSerializer,
    SlotSerializer,
)
from appointments.models import Appointment, Calendar, CalendarGroup
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet

WINDOW = [
    OpenApiParameter("since", str, description="From when on, with an offset; now unless given."),
    OpenApiParameter("until", str, description="Until when, at most 62 days later; a week unless given."),
]


class CalendarGroupViewSet(ApiModelViewSet):
    """Groups of calendars."""

    scope = "calendars"
    queryset = CalendarGroup.objects.all()
    serializer_class = CalendarGroupSerializer
    filterset_fields = ("key",)


class CalendarViewSet(ApiModelViewSet):
    """What can be booked. One with appointments cannot be deleted; switch it off."""

    scope = "calendars"
    queryset = Calendar.objects.filter(source=None).prefetch_related("members__user", "hours__user", "days__user")
    serializer_class = CalendarSerializer
    filterset_fields = ("key", "group", "active")

    def perform_destroy(self, instance: Calendar) -> None:
        try:
            instance.delete()
        except ProtectedError:
            raise Conflict(_("It has appointments. Switch it off instead.")) from None

    @extend_schema(parameters=WINDOW, responses=SlotSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def slots(self, request: Request, **kwargs: Any) -> Response:
        """The times at which it can be booked."""
        calendar, now = self.get_object(), timezone.now()
        since = _moment(request, "since") or now
        until = _moment(request, "until") or since + timedelta(days=7)
        found = slots.free(calendar, since, until, now)
        users = get_user_model()
        known = {user for slot in found for user in slot.users}
        names = dict(users._default_manager.filter(pk__in=known).values_list("pk", users.USERNAME_FIELD))
        told = [{"start": slot.start, "users": [names[user] for user in slot.users]} for slot in found]
        return Response(SlotSerializer(told, many=True).data)


class AppointmentViewSet(ApiModelViewSet):
    """Appointments. Changes go through the same doors as everywhere, so events fire and nobody is booked twice."""

    scope = "appointments"
    queryset = Appointment.objects.select_related("user").prefetch_related("guests")
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter

    def perform_create(self, serializer: Any) -> None:
        given, now = dict(serializer.validated_data), timezone.now()
        repeat = given.pop("repeat", None)
        given.pop("cancel_reason", None)
        asked = services.Asked(
            start=given.pop("start_at"), source=Appointment.Source.API, **given
        )  # fmt: skip
        try:
            made = services.book(asked, now) if repeat is None else _first_of_series(asked, repeat)
        except DjangoValidationError as error:
            raise _at_fields(error) from None
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_update(self, serializer: Any) -> None:
        given, now = dict(serializer.validated_data), timezone.now()
        appointment = serializer.instance
        start, user = given.pop("start_at", appointment.start_at), given.pop("user", appointment.user)
        status, guests = given.pop("status", None), given.pop("guests", [])
        reason = given.pop("cancel_reason", None)
        override = given.pop("override", False)
        given.pop("repeat", None)
        try:
            if given:
                services.update(appointment, **given)
            if (start, user) != (appointment.start_at, appointment.user):
                services.move(appointment, start, now, user=user, override=override)
            if status or reason:
                services.set_status(appointment, status or appointment.status, now, reason=reason or "")
            services.add_guests(appointment, guests)
        except DjangoValidationError as error:
            raise _at_fields(error) from None
        serializer.instance = self.get_queryset().get(pk=appointment.pk)

    def perform_destroy(self, instance: Appointment) -> None:
        instance.delete()


def _first_of_series(asked: services.Asked, repeat: dict[str, Any]) -> Appointment:
    return recurring.book(asked, recurring.Repeat(**repeat), timezone.now())[0]


def _at_fields(error: DjangoValidationError) -> Exception:
    """The refusal at the fields of the API; a time that is taken is a conflict."""
    told = error.message_dict
    if isinstance(error, services.NotFree):
        return Conflict(" ".join(error.messages))
    return serializers.ValidationError({"start_at" if name == "start" else name: said for name, said in told.items()})


def _moment(request: Request, name: str) -> Any:
    given = request.query_params.get(name)
    if not given:
        return None
    return serializers.DateTimeField().to_internal_value(given.replace(" ", "+"))
