"""A lead's way through a map: the journey, and the tracks and steps it has got to, as they were when they opened."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from pipelines.models.map import Map, Step, Track


class Journey(models.Model):
    """One assignment of a lead to a map. The lead stands in the current one, open or closed with an outcome.

    `kept` holds, by track, the steps that a flex trigger chose for this lead. `outcomes` are those that
    have been told: each is told once.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        LEFT = "left", _("Left for another map")

    contact = models.ForeignKey(Contact, verbose_name=_("lead"), on_delete=models.CASCADE, related_name="journeys")
    map = models.ForeignKey(Map, verbose_name=_("map"), on_delete=models.PROTECT, related_name="journeys")
    status = models.CharField(_("state"), max_length=6, choices=Status.choices, default=Status.OPEN)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Contact.LeadStatus.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    outcomes = models.JSONField(default=list, editable=False)
    is_current = models.BooleanField(_("the lead stands in it"), default=True)
    channel = models.CharField(_("came in by"), max_length=10, choices=Contact.Channel.choices, blank=True)
    waves = models.PositiveIntegerField(default=0, editable=False)
    kept = models.JSONField(default=dict, editable=False)
    # the link to the lead's own page, of those made for this journey, that works; and who made it
    link_number = models.PositiveIntegerField(default=0, editable=False)
    link_made_at = models.DateTimeField(null=True, editable=False)
    link_made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    video_access = models.BooleanField(_("may watch the videos"), default=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    ready_at = models.DateTimeField(_("ready to close since"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, editable=False)

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ["-id"]
        constraints = [
            # a lead is in one map at a time
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(is_current=True), name="journey_one_current"
            ),
        ]
        indexes = [
            # who is in this map, and the reports that count journeys by outcome
            models.Index(fields=["map", "status", "-id"], name="journey_map"),
        ]

    def __str__(self) -> str:
        return _("%(lead)s in %(map)s") % {"lead": self.contact, "map": self.map}

    @property
    def is_open(self) -> bool:
        return self.is_current and self.status == self.Status.OPEN


class JourneyTrack(models.Model):
    """A track as it was when it opened for this lead."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="tracks")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Track.Kind.choices)
    position = models.PositiveIntegerField()
    wave = models.PositiveIntegerField()
    status = models.CharField(_("state"), max_length=6, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("track of a journey")
        verbose_name_plural = _("tracks of a journey")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["journey", "track"], name="journey_track_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        return self.kind == Track.Kind.VIDEO


class JourneyStep(models.Model):
    """A step as it was when its track opened, and how far the lead has come with it.

    `opened_at` and `closed_at` say when the events were recorded; a step that is unticked keeps them.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        REMOVED = "removed", _("Not for this lead")
        LEFT = "left", _("Left out")

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="steps")
    track = models.ForeignKey(JourneyTrack, on_delete=models.CASCADE, related_name="steps")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=120)
    control = models.CharField(_("control"), max_length=8, choices=Step.Control.choices)
    choices = models.JSONField(default=list)
    mirrors = models.CharField(_("field"), max_length=80, blank=True)
    required = models.BooleanField(_("required"))
    position = models.PositiveIntegerField()
    status = models.CharField(_("state"), max_length=7, choices=Status.choices, default=Status.OPEN)
    value = models.JSONField(_("value"), null=True, encoder=DjangoJSONEncoder)
    done_by = models.CharField(_("done by"), max_length=10, blank=True)
    percent = models.PositiveSmallIntegerField(_("watched, in %"), default=0)
    # calls that reached nobody: {"at": moment, "said": what was noted}
    attempts = models.JSONField(_("attempts"), default=list)
    opened_at = models.DateTimeField(_("opened"), null=True)
    closed_at = models.DateTimeField(_("done"), null=True)
    # a video that was watched when its map had nothing to do with it any more
    watched_at = models.DateTimeField(_("watched after the lead was closed"), null=True)

    class Meta:
        verbose_name = _("step of a journey")
        verbose_name_plural = _("steps of a journey")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["journey", "step"], name="journey_step_once")]

    def __str__(self) -> str:
        return self.name


class LoopStop(models.Model):
    """A move that was refused because it would have sent the lead in a circle; `after_event` came just before."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="loops")
    map = models.ForeignKey(Map, verbose_name=_("map"), on_delete=models.PROTECT, related_name="+")
    after_event = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("stopped loop")
        verbose_name_plural = _("stopped loops")
        ordering = ["id"]

    def __str__(self) -> str:
        return _("loop stopped: %(map)s") % {"map": self.map}


class JourneyTimer(models.Model):
    """Something that time may bring to a journey: written when its anchor happened, found by the clock.

    `rule` stands for the options of the triggers that wait for it; several workflows may share a row.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="timers")
    rule = models.CharField(max_length=32)
    number = models.PositiveIntegerField(default=1)
    anchored_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("timer of a journey")
        verbose_name_plural = _("timers of a journey")
        constraints = [models.UniqueConstraint(fields=["journey", "rule", "number"], name="journey_timer_once")]
        indexes = [
            # JourneyTimer.due: what a rule's triggers have due in a span of time
            models.Index(fields=["rule", "due_at"], name="journey_timer_due"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_at}"
