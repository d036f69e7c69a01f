"""The form of a workflow: its name and place, and the draft as JSON, checked as it is saved."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triggers.admin.json_field import DocumentField
from triggers.admin.typed import ModelForm
from triggers.models import Workflow
from triggers.problems import Problem, pointer
from triggers.workflows import checking

PUBLISHING: Final = ("_publish", "_observe")
SKELETON: Final = {
    "triggers": [{"uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]}, "conditions": None}],
    "exits": [],
    "actions": [{"uid": "a1", "action": "task.create", "config": {"title": "Call {{ contact.name }}"}}],
    "settings": {"reentry": "every"},
}


_NEW = gettext_lazy("What is new, for the history")


class WorkflowForm(ModelForm[Workflow]):
    """Saves whatever draft it is given; refuses only when it is to be published as well."""

    draft = DocumentField(
        label=gettext_lazy("Draft"), initial=SKELETON,
        help_text=gettext_lazy("Triggers, exits, actions and settings. Saving changes nothing that runs."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("What is new in this version"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"placeholder": _NEW, "aria-label": _NEW}),
    )  # fmt: skip

    class Meta:
        model = Workflow
        fields = ["name", "folder", "owner", "description", "draft"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """Checks the draft; what is wrong stands at it when it is to be published."""
        cleaned = super().clean() or {}
        self.problems = checked(cleaned["draft"], self.instance) if "draft" in cleaned else []
        if any(name in self.data for name in PUBLISHING):
            for problem in self.problems:
                if not problem.warning:
                    self.add_error("draft", told(problem))
        return cleaned


def checked(draft: Any, workflow: Workflow) -> list[Problem]:
    """Errors first, then warnings."""
    return sorted(checking.check(draft, slug=workflow.slug), key=lambda problem: problem.warning)


def told(problem: Problem) -> str:
    """The problem with its place in the document: actions[0].config.subject: This is required."""
    if not problem.path:
        return problem.message
    return _("%(place)s: %(message)s") % {"place": pointer(problem.path), "message": problem.message}
