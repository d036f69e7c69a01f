"""What workflows do: runs, their actions and every try, and the misses that explain what did not run."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.indexing import one_of
from triggers.models.event import Event, Lane
from triggers.models.workflow import Workflow, WorkflowVersion


class Run(models.Model):
    """One workflow started by one event for one subject. The row is also its place in the queue.

    `due_at` means: pending, when to go on; waiting, when to wake; running, when the lease ends; held, when
    to look again (never, where it is empty).
    `claim` grows with each claim; a result is recorded only under the claim that produced it (fence).
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Due")
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting")
        HELD = "held", _("Held")
        UNCERTAIN = "uncertain", _("Uncertain")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Stopped")
        OBSERVED = "observed", _("Observed")

    class Mode(models.TextChoices):
        LIVE = "live", _("Live")
        CHILD = "child", _("Started by a run")
        TEST = "test", _("Test")
        REPLAY = "replay", _("Replay")
        OBSERVE = "observe", _("Observe")

    QUEUED = (Status.PENDING, Status.RUNNING, Status.WAITING, Status.HELD)
    ACTIVE = (*QUEUED, Status.UNCERTAIN)

    id = models.BigAutoField(primary_key=True)
    workflow = models.ForeignKey(Workflow, verbose_name=_("workflow"), on_delete=models.CASCADE, db_index=False)
    version = models.ForeignKey(WorkflowVersion, verbose_name=_("version"), on_delete=models.PROTECT)
    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE)
    trigger_uid = models.CharField(max_length=40, blank=True)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode.choices, default=Mode.LIVE)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.FAST)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    at = models.CharField(_("at action"), max_length=40, blank=True)
    # a goal that was reached: the next step goes there
    jump = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now)
    claim = models.PositiveIntegerField(default=0)
    target = models.CharField(max_length=120, blank=True)
    # waits hear events younger than this one
    heard = models.BigIntegerField(null=True)
    vars = models.JSONField(_("variables"), default=dict, encoder=DjangoJSONEncoder)
    verdict = models.JSONField(_("why it started"), null=True, encoder=DjangoJSONEncoder)
    once_key = models.CharField(max_length=160, null=True)
    active_key = models.CharField(max_length=160, null=True)
    root = models.BigIntegerField(null=True)
    parent = models.BigIntegerField(null=True)
    replay_of = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        permissions = [("operate_run", _("Can retry, skip, stop and move runs"))]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "event"], condition=models.Q(mode="live"), name="run_once_per_event"
            ),
            models.UniqueConstraint(
                fields=["once_key"], condition=models.Q(once_key__isnull=False), name="run_once_key"
            ),
            models.UniqueConstraint(
                fields=["active_key"],
                condition=models.Q(active_key__isnull=False)
                & models.Q(status__in=["pending", "running", "waiting", "held", "uncertain"]),
                name="run_one_active",
            ),
        ]
        indexes = [
            # claiming.claim: what is due in a lane, oldest first; also expired leases and waking waits
            models.Index(
                fields=["lane", "due_at"],
                # only what is queued has a moment at which it is due
                condition=models.Q(due_at__isnull=False),
                name="run_due",
            ),
            # guards.Guards: whom a run is under way for
            models.Index(fields=["active_key"], condition=models.Q(active_key__isnull=False), name="run_active_key"),
            # how many calls are in flight to one destination
            models.Index(fields=["target"], condition=models.Q(status="running"), name="run_target"),
            # the workflow's runs; rate and cooldown look at the newest first
            models.Index(fields=["workflow", "-id"], name="run_workflow"),
            # the contact's runs
            models.Index(fields=["contact_id", "-id"], name="run_contact"),
            # attention.stuck: what needs a person
            models.Index(fields=["id"], condition=one_of("status", "held", "uncertain"), name="run_attention"),
            # the list of workflows and Today: what started in the last day, in the last fortnight
            models.Index(fields=["created_at"], name="run_created"),
            # the navigation and Today: what failed in the last day
            models.Index(fields=["finished_at"], condition=models.Q(status="failed"), name="run_failed"),
            # the budget of a chain
            models.Index(fields=["root"], condition=models.Q(root__isnull=False), name="run_root"),
        ]

    def __str__(self) -> str:
        return _("Run %(id)s") % {"id": self.pk}

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class ActionRun(models.Model):
    """One action of one run. `key` is random, made once, and the same on every try."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Due")
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting")
        HELD = "held", _("Held")
        UNCERTAIN = "uncertain", _("Uncertain")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Stopped")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="actions", db_index=False)
    uid = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    action = models.CharField(_("action"), max_length=80)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PENDING)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    losses = models.PositiveSmallIntegerField(_("workers lost"), default=0)
    outcome = models.CharField(_("branch taken"), max_length=40, blank=True)
    config = models.JSONField(_("inputs"), default=dict, encoder=DjangoJSONEncoder)
    result = models.JSONField(_("result"), default=dict, encoder=DjangoJSONEncoder)
    summary = models.CharField(_("what it did"), max_length=300, blank=True)
    error_kind = models.CharField(max_length=20, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("action run")
        verbose_name_plural = _("action runs")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "uid"], name="action_once_per_run")]

    def __str__(self) -> str:
        return f"{self.action} {self.status}"


class Attempt(models.Model):
    """One try of an outside action: what was sent, what came back. Secrets are blanked before storing."""

    action_run = models.ForeignKey(ActionRun, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    ms = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12)
    status_code = models.PositiveSmallIntegerField(null=True)
    request = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    response = models.TextField(max_length=2000, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["action_run", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class Listener(models.Model):
    """A run that waits for an event, or a goal it would jump to. Matching looks here for each event."""

    class Kind(models.TextChoices):
        WAIT = "wait", _("Waiting for it")
        GOAL = "goal", _("Goal")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="listeners")
    uid = models.CharField(max_length=40)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    event_type = models.CharField(max_length=80)
    contact_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "uid"], name="listener_once")]
        # matching.listeners: who waits for this kind of event from this contact
        indexes = [models.Index(fields=["contact_id", "event_type"], name="listener_heard")]

    def __str__(self) -> str:
        return f"{self.run_id} ← {self.event_type}"


class Miss(models.Model):
    """This event reached this trigger and did not start it, because … Kept 7 days, 1,000 a workflow a day."""

    workflow_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    trigger_uid = models.CharField(max_length=40)
    field = models.CharField(_("condition"), max_length=80, blank=True)
    expected = models.CharField(_("asked for"), max_length=160, blank=True)
    actual = models.CharField(_("seen"), max_length=160, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("non-start")
        verbose_name_plural = _("non-starts")
        indexes = [
            # explain: why did nothing start for this event
            models.Index(fields=["event_id"], name="miss_event"),
            # the workflow's misses; the daily cap
            models.Index(fields=["workflow_id", "-id"], name="miss_workflow"),
        ]

    def __str__(self) -> str:
        return self.reason


class Destination(models.Model):
    """A receiver outside and whether it can be called: one that refuses us is held, not hammered."""

    class Status(models.TextChoices):
        OK = "ok", _("Reachable")
        HELD = "held", _("Held")
        DISABLED = "disabled", _("Disabled")

    key = models.CharField(_("receiver"), max_length=120, unique=True)
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.OK)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("not called before"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("receiver")
        verbose_name_plural = _("receivers")

    def __str__(self) -> str:
        return self.key
