"""How calendars and appointments look from outside. Appointments are written by `appointments.services`."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appointments import people
from appointments.models import Appointment, Calendar, CalendarGroup, DayHours, Guest, Member, OpenHours
from appointments.people import Person
from appointments.recurring import MOST
from appointments.services import LONGEST_REASON
from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from triggers.api.serializers import CheckedSerializer, RowSerializer
from triggers.models.organisation import validate_zone


class UserField(serializers.SlugRelatedField[Any]):
    """A user by username."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field=get_user_model().USERNAME_FIELD, **kwargs)

    def get_queryset(self) -> Any:
        return None if self.read_only else get_user_model()._default_manager.filter(is_active=True)


class MemberSerializer(serializers.ModelSerializer[Member]):
    """Who keeps appointments; lower positions are asked first."""

    user = UserField(queryset=get_user_model()._default_manager.all())

    class Meta:
        model = Member
        fields = ["user", "position"]


class HoursSerializer(serializers.ModelSerializer[OpenHours]):
    """A span of a weekday, 1 for Monday; `user` is empty for all members. An end of 00:00 is midnight."""

    user = UserField(queryset=get_user_model()._default_manager.all(), required=False, allow_null=True)

    class Meta:
        model = OpenHours
        fields = ["weekday", "starts", "ends", "user"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _cleaned(self.Meta.model(**attrs), attrs)


class DaySerializer(serializers.ModelSerializer[DayHours]):
    """What holds on one day in place of the weekly hours; closed without times."""

    user = UserField(queryset=get_user_model()._default_manager.all(), required=False, allow_null=True)

    class Meta:
        model = DayHours
        fields = ["day", "starts", "ends", "user"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _cleaned(self.Meta.model(**attrs), attrs)


def _cleaned(row: Any, attrs: dict[str, Any]) -> dict[str, Any]:
    try:
        row.clean()
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.message_dict) from None
    return attrs


class CalendarGroupSerializer(CheckedSerializer):
    """Calendars that are offered together."""

    address = serializers.CharField(read_only=True)

    class Meta:
        model = CalendarGroup
        fields = ["id", "name", "key", "description", "address"]


class CalendarSerializer(RowSerializer):
    """A calendar with its members, weekly hours and single days; each list is written as a whole."""

    whole_only = ("hours", "days")

    members = MemberSerializer(many=True, required=False)
    hours = HoursSerializer(many=True, required=False)
    days = DaySerializer(many=True, required=False)
    address = serializers.CharField(read_only=True)

    class Meta:
        model = Calendar
        fields = [
            "id", "name", "key", "group", "kind", "active", "description", "location", "minutes", "step",
            "buffer_before", "buffer_after", "notice_hours", "horizon_days", "time_zone", "auto_confirm", "members",
            "hours", "days", "address", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]

    def validate_members(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["user"] for row in value}) < len(value):
            raise serializers.ValidationError(_("A member is named twice."))
        return value

    def create(self, validated_data: dict[str, Any]) -> Calendar:
        lists = _lists(validated_data)
        made = Calendar.objects.create(**validated_data)
        _put(made, lists)
        return made

    def update(self, instance: Calendar, validated_data: dict[str, Any]) -> Calendar:
        lists = _lists(validated_data)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save()
        _put(instance, lists)
        return instance


def _lists(values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {name: values.pop(name) for name in ("members", "hours", "days") if name in values}


def _put(calendar: Calendar, lists: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in lists.items():
        related: Any = getattr(calendar, name)
        related.all().delete()
        related.bulk_create([related.model(calendar=calendar, **row) for row in rows])


class GuestSerializer(serializers.ModelSerializer[Guest]):
    """Somebody who comes along."""

    class Meta:
        model = Guest
        fields = ["name", "email", "contact"]
        read_only_fields = ["contact"]


class RepeatSerializer(serializers.Serializer[Any]):
    """A series: so many appointments in all."""

    every = serializers.ChoiceField(["day", "week", "two_weeks", "month"])
    times = serializers.IntegerField(min_value=2, max_value=MOST)


class AppointmentSerializer(RowSerializer):
    """An appointment. `user` is the username of who keeps it; left out, whose turn it is.

    `override` books outside of opening hours; `repeat` books a series, of which the answer is the first. To move one,
    write another `start_at`: its status is then `rescheduled`. `cancel_reason` says why one is `cancelled`. Guests can be
    added later, and are not taken off.
    """

    contact = ContactField(queryset=Contact.objects.all())
    calendar = serializers.PrimaryKeyRelatedField(queryset=Calendar.objects.filter(source=None))
    user = UserField(queryset=get_user_model()._default_manager.all(), required=False, allow_null=True)
    guests = GuestSerializer(many=True, required=False)
    time_zone = serializers.CharField(required=False, allow_blank=True, max_length=60, validators=[validate_zone])
    override = serializers.BooleanField(write_only=True, required=False, default=False)
    repeat = RepeatSerializer(write_only=True, required=False)
    cancel_reason = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text=_("together with the status cancelled")
    )

    class Meta:
        model = Appointment
        fields = [
            "id", "uid", "calendar", "contact", "user", "title", "start_at", "end_at", "time_zone", "location",
            "notes", "status", "cancel_reason", "source", "series", "guests", "override", "repeat", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["end_at", "source", "created_at"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None:
            # It stays in its calendar, and with its contact.
            fields["calendar"].read_only = fields["contact"].read_only = True
        return fields

    def validate_cancel_reason(self, value: str) -> str:
        if value and self.instance is None:
            raise serializers.ValidationError(_("Only what is cancelled has a reason for it."))
        return value

    def validate_guests(self, value: list[dict[str, Any]]) -> list[Person]:
        try:
            return people.checked(Person(row.get("name", ""), row["email"]) for row in value)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class SlotSerializer(serializers.Serializer[Any]):
    """A moment at which a calendar can be booked, and who would keep it."""

    start = serializers.DateTimeField()
    users = serializers.ListField(child=serializers.CharField())
