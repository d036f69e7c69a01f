"""How long the workflow form takes to open on the server: case form."""

import re
from functools import partial
from statistics import median
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from concours.bench import Result, Size, case, result, scratch, seconds
from contacts.models import Contact
from triggers import services
from triggers.models import Workflow

CONTROL: Final = re.compile(r"<(?:select|textarea|input(?![^>]*type=\"hidden\"))\b")
TURNS: Final = 5


@case("form")
def form(size: Size) -> list[Result]:
    """The workflow form, per control, against a stock admin form, per field."""
    scratch.empty()
    turns, ratios = size.of(TURNS, 1), []
    person = scratch.people(1)[0]
    flow = services.create("Bench", _document(size.of(20, 4)))
    ours = (admin.site._registry[Workflow], flow.pk)
    stock = (admin.ModelAdmin(Contact, admin.site), person.pk)
    # Templates are compiled, and choices of types put in order, when a page is first opened.
    controls, fields = (len(CONTROL.findall(_opened(*each))) for each in (ours, stock))
    for _round in range(size.rounds):
        of_ours, of_stock = (
            median(seconds(partial(_opened, *each)) for _turn in range(turns)) for each in (ours, stock)
        )
        ratios.append((of_ours / controls) / (of_stock / fields))
    told = {"ms": round(of_ours * 1000), "controls": controls, "stock_ms": round(of_stock * 1000), "fields": fields}
    return [result("form, per control / stock, per field", ratios, "≤ 1.0", **told)]


def _opened(model_admin: Any, pk: int) -> str:
    """The page of this row, as the view answers with it."""
    request: Any = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.get_or_create(username="form", is_superuser=True, is_staff=True)[0]
    answer: Any = model_admin.change_view(request, str(pk))
    return str(answer.rendered_content)


def _document(actions: int) -> dict[str, Any]:
    """A workflow of so many actions, in turn a mail, a task and a wait."""
    sorts: tuple[dict[str, Any], ...] = (
        {"action": "email.send", "config": {"subject": "Welcome, {{ contact.first_name }}", "text": "Good day"}},
        {"action": "task.create", "config": {"title": "Call {{ contact.name }}", "due_in": 2}},
        {"action": "wait.duration", "config": {"days": 2}},
    )
    trigger = {
        "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
        "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
    }  # fmt: skip
    nodes = [{"uid": f"a{n}", **sorts[n % len(sorts)]} for n in range(actions)]
    return {"triggers": [trigger], "actions": nodes, "settings": {}}
