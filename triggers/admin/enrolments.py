"""Existing contacts that match the live version, started from card 5: counted first, so many a minute, cancelled at will."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from triggers.explaining import backfill
from triggers.explaining.matching_now import asked_of_contacts
from triggers.models import Backfill, Workflow
from triggers.problems import Invalid

VERB: Final = "enrol"
PACE: Final = "~pace"
USUAL: Final = 60
FASTEST: Final = 6000
MAY_ENROL: Final = "triggers.backfill_workflow"


def context(request: HttpRequest, workflow: Workflow | None) -> dict[str, Any]:
    """The newest enrolment of a live workflow, for those who may begin one."""
    if workflow is None or workflow.status != Workflow.Status.LIVE or not request.user.has_perm(MAY_ENROL):
        return {"may_enrol": False}
    newest = Backfill.objects.filter(workflow=workflow, over=Backfill.Over.CONTACTS).order_by("-id").first()
    is_open = newest is not None and newest.status in (Backfill.Status.COUNTED, Backfill.Status.RUNNING)
    return {
        "may_enrol": True, "enrolment": newest, "enrolment_is_open": is_open,
        "minutes": -(-newest.matching // max(newest.per_minute, 1)) if newest else 0,
        "pace": request.POST.get(PACE, "")[:6] or USUAL, "fastest": FASTEST,
        "live_number": workflow.current.number if workflow.current else 0,
    }  # fmt: skip


def press(model_admin: Any, request: HttpRequest, workflow: Workflow | None, button: str) -> str:
    """Does what a button of the enrolment says, and tells what came of it; empty where it is none of them."""
    verb, _colon, rest = button.partition(":")
    if verb != VERB or workflow is None or not request.user.has_perm(MAY_ENROL):
        return ""
    what, _colon, number = rest.partition(":")
    if what == "count":
        return _count(request, workflow)
    found = workflow.backfills.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        return ""
    if what == "begin":
        backfill.begin(found)
        said = _("Begun: at most %(n)d a minute.") % {"n": found.per_minute}
    else:
        backfill.cancel(found)
        said = _("Cancelled: nothing more starts. What was started goes on.")
    model_admin.log_change(request, workflow, _("Existing contacts: %(said)s") % {"said": said})
    return said


def focus(button: str) -> str:
    """Where one goes on after a button of the enrolment; the first of these that the page then shows has the focus."""
    ahead = {"count": "begin-enrolment", "begin": "cancel-enrolment", "cancel": "open-enrolment"}
    verb, _colon, rest = button.partition(":")
    return ahead.get(rest.partition(":")[0], "") if verb == VERB else ""


def _count(request: HttpRequest, workflow: Workflow) -> str:
    """Counts and stores what is to be begun."""
    pace = request.POST.get(PACE, "")
    if not pace.isdecimal() or not 1 <= int(pace[:9]) <= FASTEST:
        return _("Enter how many may start a minute, from 1 to %(most)d.") % {"most": FASTEST}
    asked = asked_of_contacts(workflow.current.document) if workflow.current else None
    if asked is None or asked.nobody:
        return _("What starts it is not about a contact, so there is nobody to start it for.")
    if _is_open(workflow):
        return _("One is under way already; cancel it first.")
    try:
        made = backfill.prepare(
            workflow, Backfill.Over.CONTACTS, since=None, tree=asked.tree, per_minute=int(pace), by=request.user
        )
    except Invalid as error:
        return " ".join(problem.message for problem in error.problems)
    return _("Counted at %(time)s: %(n)d. Nothing has been started yet.") % {
        "n": made.matching, "time": timezone.localtime(made.created_at).strftime("%H:%M"),
    }  # fmt: skip


def _is_open(workflow: Workflow) -> bool:
    return workflow.backfills.filter(
        over=Backfill.Over.CONTACTS, status__in=[Backfill.Status.COUNTED, Backfill.Status.RUNNING]
    ).exists()
