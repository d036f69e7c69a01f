"""Conditions of a record in rows, as a workflow has them, for a form with a tree: on an event type, or on contacts.

The record is laid out as a draft with one trigger or one action, so the rows, their buttons and the script are those of
a workflow.
"""

from typing import Any, ClassVar, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from triggers import evidence, registry
from triggers.admin.builder import edits, marks, places
from triggers.admin.builder.cards import Card, Form, layout
from triggers.admin.builder.edits import Edited
from triggers.admin.builder.trees import read_slot
from triggers.admin.json_field import DocumentField
from triggers.admin.pressed_form import BUTTON, PressedForm
from triggers.conditions import tree
from triggers.conditions.fields import Lookup
from triggers.explaining import crowd
from triggers.problems import Path, Problem

TRIGGER: Final = "t1"
ACTION: Final = "a1"


class RowsForm(PressedForm):
    """A form with `conditions`. Without rows in what was posted, they are read as JSON.

    `edited` is the record as a draft, as the page shows it.
    """

    conditions = DocumentField(required=False)

    title: ClassVar[Any] = _("Only if")
    lead: ClassVar[Any] = ""
    # where the tree stands in the draft: as it is posted, and as its problems name it
    slot: ClassVar[str]
    place: ClassVar[Path]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edited = Edited(self.draft(self.instance.conditions))
        if isinstance(self.data, QueryDict) and marks.TREE in self.data:
            self.edited = edits.edit(self.draft(self._posted(self.data)), self.data.get(BUTTON, ""))
            self.data = self.data.copy()
            self.data["conditions"] = self.fields["conditions"].prepare_value(self._tree())

    def draft(self, conditions: Any) -> dict[str, Any]:
        """The record as a draft."""
        raise NotImplementedError

    def card(self, laid: Form) -> Card:
        """The card of the draft that has the conditions."""
        raise NotImplementedError

    def lookup(self) -> Lookup | None:
        """The fields that may be asked; None while that is still open."""
        raise NotImplementedError

    def problems(self) -> list[Problem]:
        """What is wrong with the conditions as they are shown, by their place in the draft; none before saving."""
        find = self.lookup()
        if not self.is_bound or self.is_pressed or find is None or self._tree() is None:
            return []
        return [Problem((*self.place, *each.path), each.message) for each in tree.check(self._tree(), find)]

    def _posted(self, data: QueryDict) -> Any:
        slots = {mark.name: mark for mark in marks.read(data.getlist(marks.TREE)).within("if")}
        return read_slot(slots[self.slot], data) if self.slot in slots else None

    def _tree(self) -> Any:
        found = self.edited.document
        for part in self.place:
            found = found[part]
        return found


class ConditionForm(RowsForm):
    """Conditions on the event of the form's `event_type`."""

    lead = _("Checked at the moment of the event")
    slot = f"{TRIGGER}~conditions"
    place = ("triggers", 0, "conditions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "event_type" in self.fields:
            self.fields["event_type"].widget.attrs["data-choose"] = "refresh"

    def draft(self, conditions: Any) -> dict[str, Any]:
        event = self.data.get("event_type", "") if marks.TREE in self.data else self.instance.event_type
        return {"triggers": [{"uid": TRIGGER, "event": event, "config": {}, "conditions": conditions}]}

    def card(self, laid: Form) -> Card:
        return laid.triggers[0]

    def lookup(self) -> Lookup | None:
        kind = registry.events.get(self.edited.document["triggers"][0]["event"])
        return evidence.lookup(kind) if kind else None


class CrowdForm(RowsForm):
    """Conditions on contacts, asked of all of them."""

    title = _("Contacts that")
    slot = f"{ACTION}~only_if"
    place = ("actions", 0, "only_if")

    def draft(self, conditions: Any) -> dict[str, Any]:
        return {"actions": [{"uid": ACTION, "action": "run.stop", "config": {}, "only_if": conditions}]}

    def card(self, laid: Form) -> Card:
        return laid.actions[0]

    def lookup(self) -> Lookup | None:
        return crowd.lookup


def context(form: Any) -> dict[str, Any]:
    """What `condition/rows.html` shows of a form: the rows with their problems, and where the focus is."""
    laid = layout(form.edited.document)
    places.place(laid, form.problems())
    return {
        "card": form.card(laid), "slot": form.slot, "heading": form.title, "about": form.lead,
        "focus": form.edited.focus, "said": form.edited.said, "event_known": form.lookup() is not None,
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
