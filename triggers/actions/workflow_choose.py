"""Starts one of several workflows, by the value of a field."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.matching import immediate
from triggers.models.workflow import Workflow
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.services import start_child
from triggers.wording.words import shown
from triggers.workflows.cycles import DEEPEST


@action("workflow.choose", label=gettext_lazy("Choose a workflow by a field"), section="Flow", touches="flow")
class WorkflowChoose(Action):
    """Starts the workflow that belongs to the field's value, whatever its case; else the other one, where that is set.

    A value that is empty or not listed starts nothing otherwise. Nothing is tried again when it comes later.
    """

    field: str = Field(min_length=1, max_length=200, examples=["contact.city"], title=gettext_noop("Field"))
    cases: dict[str, str] = Field(
        min_length=1, max_length=200, examples=[{"Berlin": "welcome"}], title=gettext_noop("Workflow by value")
    )
    otherwise: str = Field("", title=gettext_noop("For every other value"))

    def targets(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Each workflow that may be started, by its short name, with its place in the settings."""
        for value, slug in self.cases.items():
            yield ("cases", value), slug
        if self.otherwise:
            yield ("otherwise",), self.otherwise

    def problems(self, uid: str) -> list[Problem]:
        named = list(self.targets())
        known = set(Workflow.objects.filter(slug__in={slug for _at, slug in named}).values_list("slug", flat=True))
        return [
            Problem(at, _("There is no workflow “%(slug)s”.") % {"slug": slug})
            for at, slug in named
            if slug not in known
        ]

    def chosen(self, ctx: RunContext) -> str:
        """The short name of the workflow to start; empty where there is none."""
        value = ctx.facts.get(self.field)
        if value is not None:
            for case, slug in self.cases.items():
                if case.casefold() == _text(value).casefold():
                    return slug
        return self.otherwise

    def run(self, ctx: RunContext) -> Outcome:
        slug = self.chosen(ctx)
        if not slug:
            return Skip(self.preview(ctx))
        target = Workflow.objects.filter(slug=slug).first()
        if target is None or target.status != Workflow.Status.LIVE:
            return Fail(_("“%(slug)s” is not live.") % {"slug": slug})
        depth = ctx.run.vars.get("@choices", {}).get("n", 0) + 1
        if depth > DEEPEST:
            return Fail(_("Choices lead to one another more than %(n)d deep.") % {"n": DEEPEST})
        before = ctx.run.vars
        ctx.run.vars = {**before, "@choices": {"n": depth}}
        child, refused = start_child(target, ctx.run, ctx.key, ctx.now)
        ctx.run.vars = before
        if child is None:
            return Skip(refused)
        if immediate.go_on_with(child):
            # The child may have written what this run has read.
            ctx.shelf.drop(ctx.run)
            ctx.forget_facts()
        return Done(self.preview(ctx), {"run_id": child.pk, "workflow": slug})

    def preview(self, ctx: RunContext) -> str:
        slug = self.chosen(ctx)
        if slug:
            return _("Starts “%(slug)s”.") % {"slug": slug}
        value = shown(ctx.facts.get(self.field))
        return _("Starts nothing: no match for “%(value)s”.") % {"value": value}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
