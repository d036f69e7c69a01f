"""How amounts look from outside: as text, in the decimals of their currency."""

from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts import money
from contacts.custom.numbers import exact
from triggers.api.serializers import RowSerializer

# Taken as text or as a number, told as text.
AMOUNT: Final[dict[str, Any]] = {"oneOf": [{"type": "string", "format": "decimal"}, {"type": "number"}]}


@extend_schema_field(AMOUNT)
class AmountField(serializers.Field[Any, Any, Any, Any]):
    """An amount as text or as a number; never a float inside."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            found = exact(data, str(_("Enter an amount, for example 49.90.")))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        if not 0 <= found < 10**11:
            raise serializers.ValidationError(_("Enter an amount that is not below nothing, and not that large."))
        return found

    def to_representation(self, value: Decimal) -> str:
        return f"{value:f}"


class MoneySerializer(RowSerializer):
    """Writes the amounts of a row in the decimals of its currency."""

    amounts: tuple[str, ...] = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        return told | {n: money.plain(getattr(instance, n), instance.currency) for n in self.amounts if n in told}
