"""Pipelines with their stages, and the reasons for which deals are won or lost."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.custom.money import validate_currency
from triggers.keyed import Keyed, once


class Pipeline(Keyed):
    """A way that deals go, from the first stage to the last."""

    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[validate_currency],
        help_text=_("Of new opportunities. Three letters, such as EUR."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers come first."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["position", "id"]
        constraints = [
            once("pipeline_key_once"),
            models.UniqueConstraint(
                Lower("name"), name="pipeline_name_once",
                violation_error_message=_("There is a pipeline of this name already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Stage(Keyed):
    """One step of a pipeline. Of several, the one with the lower position comes first."""

    key_within = "pipeline_id"

    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.CASCADE, related_name="stages", db_index=False
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=50, validators=[MaxValueValidator(100)],
        help_text=_("How likely a deal in this stage is won, in percent. The forecast counts with it."),
    )  # fmt: skip
    rotting_days = models.PositiveSmallIntegerField(
        _("stale after days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Without activity for so many days a deal counts as stale here. Empty for never."),
    )  # fmt: skip
    colour = models.CharField(
        _("colour"), max_length=7, blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour such as #2b5bd7."))],
        help_text=_("Marks the lane on the board, such as #2b5bd7."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position", "id"]
        constraints = [
            once("stage_key_once", "pipeline"),
            # the stages of a pipeline, by name
            models.UniqueConstraint(
                "pipeline", Lower("name"), name="stage_name_once",
                violation_error_message=_("This pipeline has a stage of this name already."),
            ),
            models.CheckConstraint(condition=models.Q(probability__lte=100), name="stage_probability_percent"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to take a stage to another pipeline: its deals would not follow."""
        if self.pk and Stage.objects.filter(pk=self.pk).exclude(pipeline=self.pipeline_id).exists():
            raise ValidationError({"pipeline": _("A stage stays in its pipeline. Make one of this name there.")})
        super().save(*args, **kwargs)

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands within its pipeline."""
        return self.position, self.pk


class LostReason(Keyed):
    """Why a deal was lost, or won."""

    key_within = "outcome"

    class Outcome(models.TextChoices):
        LOST = "lost", _("Lost")
        WON = "won", _("Won")

    name = models.CharField(_("name"), max_length=120)
    outcome = models.CharField(
        _("for deals that are"), max_length=4, choices=Outcome.choices, default=Outcome.LOST,
        help_text=_("Abandoned deals take the reasons of lost ones."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers come first."))

    class Meta:
        verbose_name = _("reason for winning or losing")
        verbose_name_plural = _("reasons for winning or losing")
        ordering = ["outcome", "position", "name"]
        constraints = [
            once("lost_reason_key_once", "outcome"),
            models.UniqueConstraint(
                "outcome", Lower("name"), name="lost_reason_once",
                violation_error_message=_("There is a reason of this name already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
