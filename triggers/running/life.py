"""What runs do to their workflow: failures in a row pause it, a loop pauses it, a pause holds its runs."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils.translation import gettext as _

from triggers.models.organisation import Notice
from triggers.models.run import Listener, Run
from triggers.models.workflow import Workflow
from triggers.workflows import document, trigger_rows

HOLDING = (Workflow.Status.PAUSED, Workflow.Status.ARCHIVED)


def paused_among(workflow_ids: Collection[int]) -> set[int]:
    """Which of these workflows hold their runs."""
    return set(Workflow.objects.filter(pk__in=workflow_ids, status__in=HOLDING).values_list("pk", flat=True))


def held_reason(run: Run) -> str:
    """Why the run's workflow does not let it go on; empty when it does. Tests go on while it is paused."""
    if run.mode != Run.Mode.TEST and paused_among({run.workflow_id}):
        return _("The workflow is paused.")
    return ""


def pause(workflow: Workflow, reason: str) -> None:
    """Starts nothing more and holds active runs where they stand, until it is resumed."""
    workflow.status, workflow.paused_reason = Workflow.Status.PAUSED, reason[:300]
    workflow.save(update_fields=["status", "paused_reason", "updated_at"])
    trigger_rows.write_triggers(workflow)


def trip(workflow_id: int, reason: str) -> None:
    """A guard against loops was reached: the workflow is paused and its owner told."""
    workflow = Workflow.objects.select_for_update().filter(pk=workflow_id).first()
    if workflow is not None and workflow.is_matching:
        pause(workflow, reason)
        tell(workflow, _("“%(name)s” was paused. %(reason)s") % {"name": workflow.name, "reason": reason})


def ended(runs: Sequence[Run]) -> None:
    """Nothing is waited for any more. Counts failures in a row of live runs; at the limit pauses the workflow."""
    listening = [run.pk for run in runs if document.of_version(run.version_id).listens()]
    if listening:
        Listener.objects.filter(run__in=listening).delete()
    live = [run for run in runs if run.mode in (Run.Mode.LIVE, Run.Mode.CHILD)]
    failed = Counter(run.workflow_id for run in live if run.status == Run.Status.FAILED)
    worked = {run.workflow_id for run in live if run.status == Run.Status.DONE} - failed.keys()
    if worked:
        Workflow.objects.filter(pk__in=worked, failures__gt=0).update(failures=0)
    for workflow_id, times in failed.items():
        Workflow.objects.filter(pk=workflow_id).update(failures=F("failures") + times)
    limit = settings.CONCOURS_AUTO_PAUSE_AFTER
    for workflow in Workflow.objects.filter(pk__in=failed.keys(), failures__gte=limit):
        trip(workflow.pk, _("%(n)d runs in a row failed.") % {"n": workflow.failures})


def tell(workflow: Workflow, text: str, once: str = "") -> None:
    """A notice to the workflow's owner, or to every superuser where it has none, and to whom its settings name.

    With a key, no reader has it more than once.
    """
    users = get_user_model()._default_manager
    named = document.of_version(workflow.current_id).settings.notify if workflow.current_id else []
    owner = workflow.owner
    readers = {owner} if owner is not None and owner.is_active else set(users.filter(is_superuser=True, is_active=True))
    readers |= set(users.filter(username__in=named, is_active=True))
    link = f"/admin/triggers/workflow/{workflow.pk}/change/"
    Notice.objects.bulk_create(
        [Notice(user=user, text=text, link=link, key=f"{once}:{user.pk}" if once else None) for user in readers],
        ignore_conflicts=bool(once),
    )
