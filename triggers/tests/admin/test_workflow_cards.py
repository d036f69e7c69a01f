"""The cards on a workflow's page: saved, changed without a script, answered to the script, and read by who may not edit."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from triggers import services
from triggers.models import Workflow
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/workflow/"
CALL = make.action("a1", "task.create", title="Call {{ contact.first_name }}")


def page(flow: Workflow) -> str:
    return f"{LIST}{flow.pk}/change/"


def form_of(client: Client, address: str) -> QueryDict:
    """What a browser would post for the form as it is, without any of its buttons."""
    html = client.get(address).content.decode()
    return posting.posted(html[html.index('id="workflow_form"') :])


def send(client: Client, address: str, data: QueryDict, **more: str) -> Any:
    for name, value in more.items():
        data[name] = value
    return client.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def test_opening_and_saving_changes_nothing() -> None:
    flow, boss = make.workflow(CALL), visit.boss()
    before = flow.draft

    answer = send(boss, page(flow), form_of(boss, page(flow)), _continue="1")

    flow.refresh_from_db()
    assert (answer.status_code, flow.draft) == (302, before)


def test_a_button_changes_the_cards_and_saves_nothing() -> None:
    flow, boss = make.workflow(CALL), visit.boss()

    answer = send(boss, page(flow), form_of(boss, page(flow)), name="Half typed", do="add:action:after:a1")

    html = answer.content.decode()
    assert 'id="card-a2"' in html
    assert 'value="Half typed"' in html
    assert html.count(" autofocus") == 1
    assert "Not saved" not in html
    flow.refresh_from_db()
    assert (flow.name, flow.draft["actions"]) == ("Welcome", [CALL])


def test_cards_are_built_from_nothing_without_a_script() -> None:
    boss, data = visit.boss(), QueryDict(mutable=True)
    address = f"{LIST}add/"
    data = form_of(boss, address)
    for button, fields in (
        ("choose:t1", {"name": "VIP", "t1:event": "contact.tag_added"}),
        ("leaf:t1~conditions", {"t1.tags": "VIP"}),
        ("choose:t1~conditions-0", {"t1~conditions-0.field": "contact.country"}),
        ("add:action:last", {"t1~conditions-0.value": "DE"}),
        ("choose:a1", {"a1:action": "task.create"}),
    ):
        html = send(boss, address, data, do=button, **fields).content.decode()
        data = posting.posted(html[html.index('id="workflow_form"') :])
    send(boss, address, data, **{"a1.title": "Call", "_continue": "1"})

    made = Workflow.objects.get(name="VIP")
    assert made.draft["triggers"] == [{
        "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
        "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
    }]  # fmt: skip
    assert made.draft["actions"] == [{"uid": "a1", "action": "task.create", "config": {"title": "Call"}}]
    services.publish(made)


def test_the_script_gets_sentence_cards_and_problems_and_nothing_is_written(django_assert_max_num_queries: Any) -> None:
    make.contact(first_name="Anna")
    flow, boss = make.workflow(CALL), visit.boss()
    data = form_of(boss, page(flow))

    with django_assert_max_num_queries(32):
        answer = send(boss, f"{LIST}{flow.pk}/cards/", data, do="copy:a1")

    said = visit.words(answer.content.decode())
    assert "When tag added : add task “Call” , add task “Call”" in said
    assert "Anna sees: Call Anna" in said
    assert 'data-said="Duplicated."' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    flow.refresh_from_db()
    assert flow.draft["actions"] == [CALL]


def test_problems_stand_at_their_field_and_are_linked_from_the_list() -> None:
    flow, boss = make.workflow(CALL), visit.boss()

    html = send(boss, f"{LIST}{flow.pk}/cards/", form_of(boss, page(flow)), **{"a1.title": ""}).content.decode()

    assert '<a href="#f-a1.title">Add task: Task</a>' in html
    assert (
        'id="f-a1.title" name="a1.title" value="" data-text aria-invalid="true" aria-describedby="a1.title:errors"'
        in html
    )


def test_json_is_saved_by_its_own_button_alone() -> None:
    flow, boss = make.workflow(CALL), visit.boss()
    other = '{"triggers": [], "actions": []}'

    send(boss, page(flow), form_of(boss, page(flow)), draft=other, _continue="1")
    flow.refresh_from_db()
    assert flow.draft["actions"] == [CALL]

    send(boss, page(flow), form_of(boss, page(flow)), draft=other, _json="1")
    flow.refresh_from_db()
    assert flow.draft == {"triggers": [], "actions": []}


def test_who_may_only_see_reads_the_cards_and_gets_no_answer() -> None:
    flow, reader = make.workflow(CALL), visit.staff("view_workflow")

    html = reader.get(page(flow)).content.decode()

    assert '<fieldset class="plain" disabled>' in html
    assert 'value="Call {{ contact.first_name }}"' in html
    assert "Save draft" not in html
    assert reader.post(f"{LIST}{flow.pk}/cards/", {"do": "refresh"}).status_code == 403
    assert reader.post(f"{LIST}cards/", {"do": "refresh"}).status_code == 403
    assert visit.boss().get(f"{LIST}cards/").status_code == 405


def test_the_pages_keep_the_policy() -> None:
    flow, boss = make.workflow(CALL), visit.boss()

    for address in (page(flow), f"{LIST}add/"):
        assert visit.refused_by_policy(boss.get(address).content.decode()) == []
