"""What conditions and messages may ask about opportunities."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts import money
from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX, users_in
from contacts.custom.values import facts as custom_facts
from pipelines.models import Opportunity
from pipelines.models.opportunity import ON_DEALS
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts
from triggers.wording.people import staff_names

# name → kind of the columns that are facts just as they are stored
PLAIN: Final[Mapping[str, Kind]] = {
    "name": Kind.TEXT, "value": Kind.MONEY, "currency": Kind.TEXT, "source": Kind.TEXT, "expected_close": Kind.DATE,
    "status": Kind.CHOICE, "pipeline": Kind.REF, "stage": Kind.REF, "owner": Kind.REF, "lost_reason": Kind.REF,
    "created_at": Kind.DATETIME, "updated_at": Kind.DATETIME, "entered_stage_at": Kind.DATETIME,
    "last_activity_at": Kind.DATETIME, "closed_at": Kind.DATETIME,
}  # fmt: skip


@facts("opportunity", label=_("Opportunity"))
class OpportunityFacts(Facts):
    """A deal as it stands now, with the names of what it refers to, and its custom fields."""

    def fields(self) -> Mapping[str, Field]:
        declared = {name: _column(name, kind) for name, kind in PLAIN.items()}
        return declared | {
            "id": Field(Kind.REF, _("opportunity"), column="pk", refers_to=ON_DEALS),
            "pipeline_name": Field(Kind.TEXT, _("pipeline's name"), column="pipeline__name"),
            "stage_name": Field(Kind.TEXT, _("stage's name"), column="stage__name"),
            "probability": Field(Kind.NUMBER, _("probability"), column="stage__probability"),
            "reason": Field(Kind.TEXT, _("reason for its end")),
            "owner_username": Field(Kind.TEXT, _("owner's username")),
            "owner_name": Field(Kind.TEXT, _("owner's name")),
            "owner_email": Field(Kind.TEXT, _("owner's e-mail")),
            "amount": Field(Kind.TEXT, _("value in words")),
            "followers": Field(Kind.SET, _("followers' usernames")),
        }

    def own_fields(self) -> Mapping[str, Field]:
        return {f"{PREFIX}.{name}": field for each in definitions(ON_DEALS).values() for name, field in each.fields()}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = Opportunity.objects.filter(pk__in=ids).select_related("pipeline", "stage", "owner", "lost_reason")
        deals, known = list(rows.prefetch_related("followers")), definitions(ON_DEALS)
        users = staff_names({user for deal in deals for user in users_in(deal.custom_fields, known)})
        return {deal.pk: _values(deal) | custom_facts(deal.custom_fields, known, users) for deal in deals}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Opportunity.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def count(self, rough: Q) -> int:
        found: int = Opportunity.objects.filter(rough).count()
        return found

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        rows = Opportunity.objects.filter(rough, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def _column(name: str, kind: Kind) -> Field:
    column: Any = Opportunity._meta.get_field(name)
    choices = tuple((str(value), str(label)) for value, label in column.flatchoices) if kind is Kind.CHOICE else ()
    refers_to = "" if column.related_model is None else column.related_model._meta.label_lower
    if name == "owner":
        refers_to = settings.AUTH_USER_MODEL
    return Field(kind, column.verbose_name, choices=choices, column=name, refers_to=refers_to)


def _values(deal: Opportunity) -> dict[str, Any]:
    """An empty text counts as not known."""
    plain = {name: getattr(deal, Opportunity._meta.get_field(name).attname) for name in PLAIN}  # type: ignore[union-attr]
    owner = deal.owner
    return {
        **{name: None if value == "" else value for name, value in plain.items()},
        "id": deal.pk,
        "pipeline_name": deal.pipeline.name,
        "stage_name": deal.stage.name,
        "probability": deal.stage.probability,
        "reason": deal.lost_reason.name if deal.lost_reason else None,
        "owner_username": owner.get_username() if owner else None,
        "owner_name": owner.get_full_name() or owner.get_username() if owner else None,
        "owner_email": owner.email if owner else None,
        "amount": money.shown(deal.value, deal.currency) or None,
        "followers": {user.get_username() for user in deal.followers.all()},
    }
