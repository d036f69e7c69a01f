"""Connections and their deliveries seen from outside. Secrets go in, and are never told."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from providers import frame, services
from providers.models import Connection, ProviderDelivery
from triggers.api.serializers import RowSerializer
from triggers.secrets import SecretUnreadable


class ConnectionSerializer(RowSerializer):
    """An account at a provider, and the address that the provider sends to."""

    provider = serializers.CharField(max_length=40, help_text=_("such as twilio or stripe; it cannot be changed"))
    settings = serializers.DictField(source="options", required=False, help_text=_("as the provider declares them"))
    secrets = serializers.DictField(
        child=serializers.CharField(max_length=5000), write_only=True, required=False,
        help_text=_("By the provider's names. Another one replaces it; a former signing secret works for 24 h more."),
    )  # fmt: skip
    secrets_set = serializers.SerializerMethodField(help_text=_("the names of the secrets that are stored"))
    address = serializers.SerializerMethodField(help_text=_("to be entered at the provider's"))

    class Meta:
        model = Connection
        fields = [
            "id", "provider", "name", "account_id", "active", "per_minute", "owner", "settings", "secrets",
            "secrets_set", "address", "previous_until", "last_received_at", "last_error", "last_error_at", "refused",
            "last_refused_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "previous_until", "last_received_at", "last_error", "last_error_at", "refused", "last_refused_at", "created_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_secrets_set(self, connection: Connection) -> list[str]:
        try:
            return sorted(name for name, value in connection.opened().items() if value)
        except SecretUnreadable:
            return []

    def get_address(self, connection: Connection) -> str:
        return services.address(connection)

    def validate_provider(self, value: str) -> str:
        if value not in frame.providers:
            known = ", ".join(frame.providers)
            raise serializers.ValidationError(
                _("There is no such provider. Choose one of: %(known)s.") % {"known": known}
            )
        if self.instance is not None and self.instance.provider != value:
            raise serializers.ValidationError(_("A connection keeps its provider. Make another connection."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's and the provider's own rules, on the row as it would be."""
        row = Connection.objects.get(pk=self.instance.pk) if self.instance else Connection()
        secrets = attrs.pop("secrets", {})
        for name, value in attrs.items():
            setattr(row, name, value)
        _checked(lambda: row.clean_fields(exclude=["public_id"]))
        _checked(lambda: services.check(row, row.options))
        # Told one level down, where the secret stands in the request.
        _checked(lambda: services.write_secrets(row, secrets), under="secrets")
        written = ("secrets", "previous_secrets", "previous_until") if secrets else ()
        return {**attrs, "options": row.options, **{name: getattr(row, name) for name in written}}


class DeliverySerializer(RowSerializer):
    """One thing that a provider told, and what became of it."""

    delivery_id = serializers.CharField(source="dedupe_key", read_only=True)
    problems = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ProviderDelivery
        fields = [
            "id", "delivery_id", "kind", "data", "proven", "received_at", "occurred_at", "status", "error", "problems",
            "tries", "due_at", "done_at", "contact_id", "event_id",
        ]  # fmt: skip


class ReplaySerializer(serializers.Serializer[Any]):
    """Which deliveries are to be done again."""

    deliveries = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=1000
    )


class SaidSerializer(serializers.Serializer[Any]):
    """What the provider answered, in a sentence."""

    said = serializers.CharField()


def _checked(check: Any, under: str = "") -> None:
    try:
        check()
    except ValidationError as error:
        told = error.message_dict
        raise serializers.ValidationError({under: told} if under else told) from None
