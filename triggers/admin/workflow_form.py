"""The form of a workflow: its name and place, and the draft, as cards or as JSON, checked as it is saved."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triggers.admin.builder import posted, undoing
from triggers.admin.builder.edits import Edited
from triggers.admin.json_field import DocumentField
from triggers.admin.pressed_form import BUTTON, PressedForm
from triggers.models import Workflow
from triggers.problems import Problem, pointer
from triggers.workflows import checking

PUBLISHING: Final = "_publish"
# The button that takes the JSON for the draft, and not the cards.
AS_JSON: Final = "_json"
SKELETON: Final[dict[str, Any]] = {
    "triggers": [{"uid": "t1", "event": "", "config": {}, "conditions": None}],
    "actions": [],
    "settings": {},
}


_NEW = gettext_lazy("What is new, for the history")


class WorkflowForm(PressedForm):
    """Saves whatever draft it is given; refuses only when it is to be published as well.

    `edited` is the draft as the page shows it, also when a button within the cards was pressed.
    """

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []
        self.edited = Edited(self.instance.draft if self.instance.pk else self.initial.get("draft", SKELETON))
        if isinstance(self.data, QueryDict) and AS_JSON not in self.data and posted.is_posted(self.data):
            self.edited = undoing.press(posted.read(self.data), self.data.get(BUTTON, ""), self.data)
            self.data = self.data.copy()
            self.data["draft"] = self.fields["draft"].prepare_value(self.edited.document)

    def clean(self) -> dict[str, Any]:
        """Checks the draft; what is wrong stands at it when it is to be published."""
        cleaned = super().clean() or {}
        if "draft" in cleaned:
            self.edited = Edited(cleaned["draft"], kept=self.edited.kept)
            self.problems = checked(cleaned["draft"], self.instance)
        if PUBLISHING in self.data:
            for problem in self.problems:
                if not problem.warning:
                    self.add_error("draft", told(problem))
        return cleaned


def brought(text: str) -> Any:
    """The draft that a link to the form brings along; an empty one where it is no document."""
    try:
        draft = DocumentField().to_python(text)
    except ValidationError:
        return SKELETON
    return draft if isinstance(draft, dict) else SKELETON


def checked(draft: Any, workflow: Workflow) -> list[Problem]:
    """Errors first, then warnings."""
    return sorted(checking.check(draft, slug=workflow.slug), key=lambda problem: problem.warning)


def told(problem: Problem) -> str:
    """The problem with its place in the document: actions[0].config.subject: This is required."""
    if not problem.path:
        return problem.message
    return _("%(place)s: %(message)s") % {"place": pointer(problem.path), "message": problem.message}
