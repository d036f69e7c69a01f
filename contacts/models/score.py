"""The engagement score: the rules that give points, how points fade, and every change with its reason."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.checks import check
from contacts.models.contact import Contact
from triggers.models.event import Event, Lane

MOST = 100_000


class ScoreRule(models.Model):
    """Points for an event of a type, where its conditions hold. Counts from `since` on, never for the past."""

    name = models.CharField(_("name"), max_length=120)
    event_type = models.CharField(_("when this happens"), max_length=80)
    conditions = models.JSONField(_("and this holds"), null=True, blank=True)
    points = models.IntegerField(
        _("points"), validators=[MinValueValidator(-MOST), MaxValueValidator(MOST)],
        help_text=_("Such as 10; with a minus they are taken off."),
    )  # fmt: skip
    cap = models.PositiveIntegerField(
        _("at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("How many points this rule may move for one contact in all. Empty means no limit."),
    )  # fmt: skip
    active = models.BooleanField(_("counts"), default=True)
    since = models.DateTimeField(_("counts since"), default=timezone.now, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("score rule")
        verbose_name_plural = _("score rules")
        ordering = ["name"]
        # scoring.follow: rules of the types that have just been matched
        indexes = [models.Index(fields=["event_type"], condition=Q(active=True), name="score_rule_type")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Switched on again, it counts from now on."""
        if self.active and self.pk and ScoreRule.objects.filter(pk=self.pk, active=False).exists():
            self.since = timezone.now()
        super().save(**kwargs)

    def clean(self) -> None:
        """Refuses an event type that gives no points, and conditions that do not fit it, each at its field."""
        check(self)


class ScorePolicy(models.Model):
    """One row: the limits of every score, and how it fades while nothing happens."""

    class Decay(models.TextChoices):
        NONE = "none", _("Scores do not fade")
        POINTS = "points", _("Take points off")
        HALF = "half", _("Halve it")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    floor = models.IntegerField(_("never below"), null=True, blank=True)
    cap = models.IntegerField(_("never above"), null=True, blank=True)
    decay = models.CharField(_("while nothing happens"), max_length=6, choices=Decay.choices, default=Decay.NONE)
    decay_points = models.PositiveIntegerField(
        _("points"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    decay_days = models.PositiveSmallIntegerField(
        _("every so many days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last event that gave points."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("score limits")
        verbose_name_plural = _("score limits")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="score_policy_is_one")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, **kwargs: Any) -> None:
        self.pk = 1
        super().save(**kwargs)

    @classmethod
    def get(cls) -> "ScorePolicy":
        """The one row; an unsaved one with defaults before anybody has edited it."""
        return cls.objects.first() or cls(pk=1)

    def clean(self) -> None:
        if self.floor is not None and self.cap is not None and self.cap <= self.floor:
            raise ValidationError({"cap": _("Enter more than the lower limit.")})

    def within(self, score: int) -> int:
        """The score, brought within the limits."""
        score = score if self.cap is None else min(score, self.cap)
        return score if self.floor is None else max(score, self.floor)


class ScoreChange(models.Model):
    """Why a score is what it is: one step, by a rule, by hand, or because nothing happened for long."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="score_changes")
    rule = models.ForeignKey(
        ScoreRule, verbose_name=_("rule"), null=True, on_delete=models.SET_NULL, related_name="changes"
    )
    event_id = models.BigIntegerField(null=True)
    # of a decay: the moment up to which the score has faded
    decayed_to = models.DateTimeField(null=True)
    delta = models.IntegerField(_("points"))
    before = models.IntegerField(_("before"))
    after = models.IntegerField(_("after"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    actor = models.CharField(_("by"), max_length=10, choices=Event.Actor.choices, default=Event.Actor.SYSTEM)
    actor_id = models.CharField(max_length=60, blank=True)
    origin = models.CharField(_("from"), max_length=120, blank=True)
    at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("score change")
        verbose_name_plural = _("score changes")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "event_id"], condition=Q(event_id__isnull=False), name="score_once_per_event"
            ),
            models.UniqueConstraint(
                fields=["contact", "decayed_to"], condition=Q(decayed_to__isnull=False), name="score_decay_once"
            ),
        ]
        indexes = [
            # the contact's page: the latest changes
            models.Index(fields=["contact", "-id"], name="score_of_contact"),
            # scoring.moved: what rules with a limit have moved for these contacts
            models.Index(fields=["rule", "contact"], name="score_of_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+d}"


class ScoreDue(models.Model):
    """An event that rules have yet to be asked about: written as it is matched, deleted with its points given."""

    event_id = models.BigIntegerField(unique=True)
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.FAST)
    attempts = models.SmallIntegerField(default=0)
    after = models.DateTimeField(null=True)

    class Meta:
        # scoring.give_due: what is due in a lane, oldest first
        indexes = [models.Index(F("lane"), F("id"), name="score_queue")]

    def __str__(self) -> str:
        return str(self.event_id)
