"""Conditions of a record in rows, as a workflow's trigger has them, for a form with an event type and a tree.

The record is laid out as a draft with one trigger, so the rows, their buttons and the script are those of a workflow.
"""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.template.response import TemplateResponse

from triggers import evidence, registry
from triggers.admin.builder import edits, marks, places
from triggers.admin.builder.cards import layout
from triggers.admin.builder.edits import Edited
from triggers.admin.builder.trees import read_slot
from triggers.admin.json_field import DocumentField
from triggers.admin.pressed_form import BUTTON, PressedForm
from triggers.conditions import tree
from triggers.problems import Problem

UID: Final = "t1"
SLOT: Final = f"{UID}~conditions"
CONDITIONS: Final = ("triggers", 0, "conditions")


class ConditionForm(PressedForm):
    """A form with `event_type` and `conditions`. Without rows in what was posted, conditions are read as JSON.

    `edited` is the record as a draft, as the page shows it.
    """

    conditions = DocumentField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "event_type" in self.fields:
            self.fields["event_type"].widget.attrs["data-choose"] = "refresh"
        self.edited = Edited(draft_of(self.instance.event_type, self.instance.conditions))
        if isinstance(self.data, QueryDict) and marks.TREE in self.data:
            draft = draft_of(self.data.get("event_type", ""), _posted(self.data))
            self.edited = edits.edit(draft, self.data.get(BUTTON, ""))
            self.data = self.data.copy()
            self.data["conditions"] = self.fields["conditions"].prepare_value(_tree_of(self.edited))

    def problems(self) -> list[Problem]:
        """What is wrong with the conditions as they are shown, by their place in the draft; none before saving."""
        kind = registry.events.get(self.edited.document["triggers"][0]["event"])
        if not self.is_bound or self.is_pressed or kind is None:
            return []
        found = tree.check(_tree_of(self.edited), evidence.lookup(kind))
        return [Problem((*CONDITIONS, *each.path), each.message) for each in found]


def draft_of(event_type: str, conditions: Any) -> dict[str, Any]:
    """The record as a draft with one trigger."""
    return {"triggers": [{"uid": UID, "event": event_type, "config": {}, "conditions": conditions}]}


def context(form: Any) -> dict[str, Any]:
    """What `condition/rows.html` shows of a form: the rows with their problems, and where the focus is."""
    laid = layout(form.edited.document)
    places.place(laid, form.problems())
    card = laid.triggers[0]
    return {
        "card": card, "focus": form.edited.focus, "said": form.edited.said, "event_known": card.key in registry.events,
    }  # fmt: skip


def cards(model_admin: Any, request: HttpRequest, pk: int | None) -> HttpResponse:
    """The rows of a posted form, with what its button does to them. Nothing is written."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    obj = model_admin.get_object(request, str(pk)) if pk else None
    may = model_admin.has_change_permission(request, obj) if pk else model_admin.has_add_permission(request)
    if not may or (pk and obj is None):
        raise PermissionDenied
    form = model_admin.get_form(request, obj, change=bool(pk))(request.POST, instance=obj)
    return TemplateResponse(request, "admin/triggers/condition/rows.html", context(form))


def _posted(data: QueryDict) -> Any:
    slots = {mark.name: mark for mark in marks.read(data.getlist(marks.TREE)).within("if")}
    return read_slot(slots[SLOT], data) if SLOT in slots else None


def _tree_of(edited: Edited) -> Any:
    return edited.document["triggers"][0]["conditions"]
