"""Opportunities: the deals that go through pipelines. Every change of one is an event.

However one is written, its stage, status and dates agree: `models.keeping` sees to that.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.custom.money import validate_currency
from contacts.models import Contact
from pipelines.models import keeping
from pipelines.models.pipeline import LostReason, Pipeline, Stage
from triggers.tracking import Tracked, TrackedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OPEN = models.Q(status="open")
GONE = models.Q(task_gone_at__isnull=False)
# what custom fields of opportunities are filed under
ON_DEALS = "pipelines.opportunity"


class OpportunityQuerySet(TrackedQuerySet["Opportunity"]):
    """Bulk writes that keep stage, status and dates in step, as `save` does."""

    def update(self, **kwargs: Any) -> int:
        return super().update(**keeping.for_update(kwargs))

    def bulk_create(self, objs: Iterable["Opportunity"], *args: Any, **kwargs: Any) -> "list[Opportunity]":
        made = list(objs)
        keeping.keep_many(made)
        return super().bulk_create(made, *args, **kwargs)

    def bulk_update(self, objs: Iterable["Opportunity"], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, named = list(objs), set(fields)
        following = {name for each in named for name in keeping.FOLLOWING.get(each, ())}
        return super().bulk_update(rows, named | following | keeping.keep_many(rows), batch_size)

    def mark_active(self, deals: Iterable["Opportunity"]) -> int:
        """Writes `last_activity_at`, and nothing besides: that the contact did something is no change of the deal."""
        return models.QuerySet.bulk_update(self, list(deals), ["last_activity_at"], 500)


class OpportunityManager(models.Manager.from_queryset(OpportunityQuerySet)):  # type: ignore[misc]
    """`objects` of opportunities."""


class Opportunity(Tracked):
    """A deal with a contact: what it is worth, where it stands, and how it ended.

    `pipeline` is always the stage's; `entered_stage_at` is when it came into that stage, `closed_at` when it was won,
    lost or abandoned. `last_activity_at` is the latest of what was done to the deal and of what happened with its
    contact (`deals.activity`).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        ABANDONED = "abandoned", _("Abandoned")

    name = models.CharField(_("name"), max_length=200, blank=True)
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="opportunities"
    )
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="opportunities", db_index=False
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="opportunities", db_index=False
    )
    value = models.DecimalField(
        _("value"), max_digits=15, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[validate_currency])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="opportunities",
    )  # fmt: skip
    followers: "models.ManyToManyField[User, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("followers"), blank=True, related_name="followed_opportunities"
    )
    source = models.CharField(_("source"), max_length=120, blank=True)
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    lost_reason = models.ForeignKey(
        LostReason, verbose_name=_("reason"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="opportunities", help_text=_("Why it was won or lost."),
    )  # fmt: skip
    custom_fields = models.JSONField(_("custom fields"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    entered_stage_at = models.DateTimeField(_("in this stage since"), editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    # when an open task of the contact went away without being done (`deals.releasing`)
    task_gone_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    objects: ClassVar[Any] = OpportunityManager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at=None, lost_reason=None)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="opportunity_closed_when_closed",
            ),
        ]
        indexes = [
            # deals.board: a lane, the latest arrivals first
            models.Index(fields=["stage", "-entered_stage_at"], condition=OPEN, name="opportunity_lane"),
            # deals.totals: counts and sums of a pipeline by stage and status; deals.deleting: whether a stage has any
            models.Index(fields=["pipeline", "stage", "status"], name="opportunity_pipeline"),
            # deals.stale by each of its clocks: which open deals stood still since a span of time
            models.Index(fields=["entered_stage_at"], condition=OPEN, name="opportunity_in_stage"),
            models.Index(fields=["updated_at"], condition=OPEN, name="opportunity_unchanged"),
            models.Index(fields=["last_activity_at"], condition=OPEN, name="opportunity_inactive"),
            # deals.stale: whose task was deleted within a span of time
            models.Index(fields=["task_gone_at"], condition=OPEN & GONE, name="opportunity_task_gone"),
            # deals.forecast: what is expected to close in which month
            models.Index(fields=["expected_close"], condition=OPEN, name="opportunity_expected"),
            # the board's last lane: what was won this month
            models.Index(fields=["closed_at"], condition=~OPEN, name="opportunity_closed"),
        ]

    def __str__(self) -> str:
        return self.name or _("Opportunity %(id)s") % {"id": self.pk}

    def save(self, *, update_fields: Iterable[str] | None = None, now: datetime | None = None, **kwargs: Any) -> None:
        derived = keeping.keep(self, now)
        if update_fields is not None:
            update_fields = {*update_fields, *derived}
        super().save(update_fields=update_fields, **kwargs)

    def loaded(self, name: str) -> Any:
        """The column's value as it was read from the database; None for a new one."""
        return self.__dict__.get("_loaded", {}).get(name)

    def get_absolute_url(self) -> str:
        return reverse("admin:pipelines_opportunity_change", args=[self.pk])


class ActivityDue(models.Model):
    """An event of a contact with open deals: they are to be marked as active. A queue; see `deals.activity`."""

    event_id = models.BigIntegerField(unique=True)
    lane = models.SmallIntegerField()

    class Meta:
        indexes = [
            # deals.activity: what is due in a lane, oldest first
            models.Index(fields=["lane", "id"], name="activity_due_lane"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)
