"""How opportunities look from outside. Writing goes through `pipelines.services`."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts import money
from contacts.api.money_serializers import AMOUNT
from contacts.api.person_serializers import ContactField
from contacts.custom import values
from contacts.models import Contact
from pipelines.deals import cleaning
from pipelines.models import LostReason, Opportunity, Pipeline, Stage
from pipelines.models.opportunity import ON_DEALS
from triggers.api.serializers import RowSerializer


@extend_schema_field(AMOUNT)
class AmountField(serializers.CharField):
    """An amount as a number or as text; never a float inside."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class OpportunitySerializer(RowSerializer):
    """A deal. `owner` and `followers` are usernames; `value` is text, in the decimals of its `currency`.

    Without a stage it comes into the first one of its pipeline; the pipeline of a deal is always its stage's. A deal
    stays with its contact. `lost_reason` goes with a deal that is closed, and is taken off when it is opened again.
    """

    contact = ContactField(queryset=Contact.objects.all())
    pipeline = serializers.PrimaryKeyRelatedField(queryset=Pipeline.objects.all(), required=False)
    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.select_related("pipeline"), required=False)
    lost_reason = serializers.PrimaryKeyRelatedField(queryset=LostReason.objects.all(), required=False, allow_null=True)
    value = AmountField(required=False, allow_null=True)
    currency = serializers.CharField(
        required=False, max_length=3, help_text=_("three letters; the pipeline's unless given")
    )
    owner = serializers.CharField(required=False, allow_null=True, help_text=_("a username"))
    followers = serializers.ListField(
        child=serializers.CharField(), required=False, max_length=cleaning.FOLLOWERS, help_text=_("usernames")
    )
    custom_fields = serializers.DictField(
        required=False,
        help_text=_(
            "values by key, each of the kind that /custom-fields/ tells; keys that are left out stay, null removes one"
        ),
    )

    class Meta:
        model = Opportunity
        fields = [
            "id", "name", "contact", "pipeline", "stage", "status", "value", "currency", "owner", "followers",
            "source", "expected_close", "lost_reason", "custom_fields", "entered_stage_at", "last_activity_at",
            "closed_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["entered_stage_at", "last_activity_at", "closed_at", "created_at", "updated_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As the services clean the values; what the framework has no word for is refused at the same fields."""
        known: Opportunity | None = self.instance
        contact = attrs.get("contact")
        try:
            cleaning.clean(attrs, known)
        except DjangoValidationError as error:
            raise _at_fields(error.message_dict) from None
        if known is not None and contact is not None and contact.pk != known.contact_id:
            raise serializers.ValidationError({"contact": _("An opportunity stays with its contact.")})
        missing = {} if known else values.missing(attrs.get("custom_fields", {}), ON_DEALS)
        if missing:
            raise _at_fields(missing)
        return attrs

    def to_representation(self, instance: Opportunity) -> dict[str, Any]:
        told = {
            name: getattr(instance, name) for name in ("id", "name", "status", "currency", "source", "custom_fields")
        }
        told |= {f"{name}": getattr(instance, f"{name}_id") for name in ("contact", "pipeline", "stage", "lost_reason")}
        told["value"] = money.plain(instance.value, instance.currency)
        told["owner"] = instance.owner.get_username() if instance.owner else None
        told["followers"] = sorted(user.get_username() for user in instance.followers.all())
        moments = ("expected_close", *self.Meta.read_only_fields)
        told |= {name: getattr(instance, name) for name in moments}
        return {name: told[name] for name in self.Meta.fields}


def _at_fields(refused: dict[str, list[str]]) -> serializers.ValidationError:
    """Refusals by dotted name, those of custom fields within `custom_fields`."""
    custom = {n.removeprefix("custom_fields."): said for n, said in refused.items() if n.startswith("custom_fields.")}
    plain: dict[str, Any] = {n: said for n, said in refused.items() if not n.startswith("custom_fields.")}
    return serializers.ValidationError({**plain, **({"custom_fields": custom} if custom else {})})


class MoveSerializer(serializers.Serializer[Any]):
    """Where a deal goes."""

    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.select_related("pipeline"))
    allow_back = serializers.BooleanField(default=True, help_text=_("false refuses a stage before the deal's own"))


class TotalSerializer(serializers.Serializer[Any]):
    """What the deals of one stage, status and currency are worth. Currencies are never added together."""

    stage = serializers.IntegerField()
    status = serializers.ChoiceField(Opportunity.Status.choices)
    currency = serializers.CharField()
    count = serializers.IntegerField()
    value = serializers.CharField(help_text=_("their sum; deals without a value count as nothing"))
