"""What is done to a workflow by button: publish, pause, resume, archive, copy, move its runs."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from triggers import registry, services
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import page_of
from triggers.explaining import enrolling
from triggers.models import Run, Workflow
from triggers.noting import note

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PUBLISH = "triggers.publish_workflow"
ON = (Workflow.Status.LIVE, Workflow.Status.OBSERVING)


def publish(workflow: Workflow, by: Any, note: str, observe: bool) -> str:
    """Publishes the draft and tells what that means for runs under way. Raises `Invalid`."""
    version = services.publish(workflow, by=by, note=note, observe=observe)
    said = (_("Version %(n)d observes: it records what would start, and does nothing.")
            if observe else _("Version %(n)d is live.")) % {"n": version.number}  # fmt: skip
    older = behind(workflow)
    if older:
        wait = ngettext("%(n)d waiting run finishes on its own version.",
                        "%(n)d waiting runs finish on their own version.", older)  # fmt: skip
        said = f"{said} {wait % {'n': older}}"
    return said


def behind(workflow: Workflow) -> int:
    """How many runs wait on an older version."""
    waiting = Run.objects.filter(workflow=workflow, status__in=[Run.Status.WAITING, Run.Status.HELD])
    return waiting.exclude(version=workflow.current_id).count() if workflow.current_id else 0


def _is(*statuses: str) -> Any:
    return lambda workflow: workflow.status in statuses


class WorkflowButtons(Buttons):
    """The buttons of a workflow's page. Publishing stands in the save bar of those who may edit."""

    @button(gettext_lazy("Publish"), permission=PUBLISH, tone="primary", asks=gettext_lazy("What is new"),
            when=lambda workflow: workflow.status != Workflow.Status.ARCHIVED)  # fmt: skip
    def publish(self, request: HttpRequest, workflow: Workflow) -> str:
        return publish(workflow, request.user, request.POST.get("said", "").strip(), observe=False)

    @button(gettext_lazy("Publish as observing"), permission=PUBLISH, asks=gettext_lazy("What is new"),
            when=lambda workflow: workflow.status != Workflow.Status.ARCHIVED)  # fmt: skip
    def observe(self, request: HttpRequest, workflow: Workflow) -> str:
        return publish(workflow, request.user, request.POST.get("said", "").strip(), observe=True)

    @button(gettext_lazy("Switch on"), permission=PUBLISH, icon="play", tone="primary",
            when=_is(Workflow.Status.PAUSED))  # fmt: skip
    def resume(self, request: HttpRequest, workflow: Workflow) -> str:
        held = services.resume(workflow)
        note(request.user, workflow, gettext_noop("Resumed."))
        told = ngettext("Live again. %(n)d held run goes on.", "Live again. %(n)d held runs go on.", held)
        return told % {"n": held} if held else _("Live again from now on.")

    @button(gettext_lazy("Switch off"), permission=PUBLISH, icon="pause", asks=gettext_lazy("Why, for your colleagues"),
            when=_is(*ON))  # fmt: skip
    def pause(self, request: HttpRequest, workflow: Workflow) -> str:
        why = request.POST.get("said", "").strip()
        services.pause(workflow, why)
        note(request.user, workflow, gettext_noop("Paused: %(why)s") if why else gettext_noop("Paused."), why=why)
        return _("Paused: nothing starts, and runs are held where they stand.")

    @button(gettext_lazy("Move waiting runs"), permission="triggers.operate_run", icon="again",
            when=lambda workflow: behind(workflow) > 0)  # fmt: skip
    def move_runs(self, request: HttpRequest, workflow: Workflow) -> str:
        if workflow.current is None:
            return _("Publish the workflow first; it has no version yet.")
        moved = services.move_runs(workflow)
        note(request.user, workflow, gettext_noop("Moved %(n)d waiting runs."), n=moved)
        words = {"n": moved, "version": workflow.current.number}
        return ngettext("%(n)d run goes on with version %(version)d.", "%(n)d runs go on with version %(version)d.",
                        moved) % words  # fmt: skip

    @button(gettext_lazy("Copy"), permission="triggers.add_workflow", icon="copy")
    def copy(self, request: HttpRequest, workflow: Workflow) -> HttpResponse:
        made = services.copy(workflow, owner=request.user)
        self.message_user(request, _("This is the copy, a draft of its own."))
        return redirect(page_of(made))

    @button(gettext_lazy("Archive"), permission=PUBLISH, icon="archive",
            when=lambda workflow: workflow.status != Workflow.Status.ARCHIVED)  # fmt: skip
    def archive(self, request: HttpRequest, workflow: Workflow) -> str:
        stopped = services.archive(workflow)
        note(request.user, workflow, gettext_noop("Archived."))
        told = ngettext("Archived. %(n)d run was stopped.", "Archived. %(n)d runs were stopped.", stopped)
        return told % {"n": stopped} if stopped else _("Archived.")

    @button(gettext_lazy("Restore"), permission=PUBLISH, icon="archive", when=_is(Workflow.Status.ARCHIVED))
    def restore(self, request: HttpRequest, workflow: Workflow) -> str:
        if workflow.status != Workflow.Status.ARCHIVED:
            return _("It is not archived.")
        services.restore(workflow)
        note(request.user, workflow, gettext_noop("Restored."))
        return _("Restored as a draft; publish it to have it start again.")

    # Offered where an answer says why it did not start.
    @button(gettext_lazy("Start for a contact"), permission="triggers.backfill_workflow", when=lambda _workflow: False)
    def start_for(self, request: HttpRequest, workflow: Workflow) -> str | HttpResponse:
        number = request.POST.get("contact", "")
        if not number.isdigit() or not registry.facts["contact"].existing([int(number[:18])]):
            return _("There is no such contact.")
        run = enrolling.enrol(workflow, int(number[:18]), timezone.now())
        note(request.user, workflow, gettext_noop("Started on purpose for one contact."))
        if run.status == Run.Status.SKIPPED:
            self.message_user(request, _("It did not start: %(why)s") % {"why": run.reason}, messages.WARNING)
        else:
            self.message_user(request, _("Started on purpose; its conditions were not asked."))
        return redirect(page_of(run))

    # Offered beside each version, not on the page itself.
    @button(gettext_lazy("Publish again"), permission=PUBLISH, when=lambda _workflow: False)
    def roll_back(self, request: HttpRequest, workflow: Workflow) -> str:
        number = request.POST.get("number", "")
        if not number.isdigit() or not workflow.versions.filter(number=int(number[:9])).exists():
            return _("There is no such version.")
        version = services.roll_back(workflow, int(number[:9]), by=cast("User", request.user))
        return _("Version %(old)s is live again, as version %(n)d.") % {"old": number, "n": version.number}
