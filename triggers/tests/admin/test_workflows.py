"""Workflows in the admin: the list with sentence and numbers, saving drafts, publishing, and the buttons."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from triggers import services, sweeping
from triggers.admin import firings
from triggers.models import Run, Workflow
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.wording import moments

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/workflow/"
SET = make.action("a1", "data.set", values={"seen": "old"})
WAIT = make.action("w", "wait.duration", days=2)
BROKEN = {"triggers": [], "actions": [{"uid": "a1", "action": "task.creat", "config": {}}], "settings": {}}


def page(flow: Workflow) -> str:
    return f"{LIST}{flow.pk}/change/"


def form(flow: Workflow | None = None, draft: Any = None, **values: Any) -> dict[str, Any]:
    name = flow.name if flow else "Fresh"
    document = draft if draft is not None else (flow.draft if flow else make.document(SET))
    text = document if isinstance(document, str) else json.dumps(document)
    return {"name": name, "folder": "", "description": "", "owner": "", "draft": text, "note": "", **values}


def submit(client: Client, flow: Workflow | None, **values: Any) -> tuple[str, list[str]]:
    """Posts the form: what the page then says in messages, and the errors at the draft."""
    address = page(flow) if flow else f"{LIST}add/"
    answer = client.post(address, form(flow, **values), follow=True)
    told = " ".join(str(message) for message in answer.context["messages"])
    shown = answer.context.get("adminform")
    return told, list(shown.form.errors.get("draft", [])) if shown else []


def test_who_may_not_see_workflows_sees_none() -> None:
    flow, other = make.workflow(), visit.staff("view_run")

    for address in (LIST, page(flow), f"{LIST}{flow.pk}/versions/"):
        assert other.get(address).status_code == 403


def test_the_list_says_what_each_does_and_how_it_goes() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact(), "one")
    make.tag(make.contact(), "two")
    sweeping.drain()
    Run.objects.filter(pk=make.runs(flow)[0].pk).update(status="failed", finished_at=make.runs(flow)[0].created_at)

    answer = visit.staff("view_workflow").get(LIST)

    said = visit.words(answer.content.decode())
    assert "Welcome When tag added: wait 2 days Live 2 1" in said
    [row] = answer.context["cl"].result_list
    assert (row.started_today, row.failed_today) == (2, 1)
    assert row.next_due == make.runs(flow)[1].due_at


@pytest.mark.parametrize("number", [10, 100])
def test_the_list_asks_a_bounded_number_of_questions(number: int, django_assert_max_num_queries) -> None:
    for n in range(number):
        make.workflow(SET, name=f"Flow {n}")
    boss = visit.boss()

    with django_assert_max_num_queries(25):
        assert boss.get(LIST).status_code == 200


def test_what_is_archived_is_shown_only_on_request() -> None:
    services.archive(make.workflow(name="Old one"))
    client = visit.staff("view_workflow")

    services.create("New one", make.document(SET))
    listed = visit.text(client, LIST)
    assert "Old one" not in listed
    assert "Not archived 1 Live 0 Observing 0 Paused 0 Draft 1 Archived 1 All 2" in listed
    assert "Old one" in visit.text(client, f"{LIST}?state=archived")
    assert "Old one" in visit.text(client, f"{LIST}?state=all")


def test_filters_by_health_and_folder() -> None:
    idle = services.create("Idle", make.document(SET), folder="Sales")
    busy = make.workflow(SET, name="Busy")
    make.tag(make.contact())
    sweeping.drain()
    client = visit.staff("view_workflow")

    def listed(query: str) -> set[int]:
        return {row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list}

    assert listed("health=never") == {idle.pk}
    assert listed("health=failed") == set()
    assert listed("folder=Sales") == {idle.pk}
    assert listed("state=live") == {busy.pk}
    Run.objects.update(status="failed")
    assert listed("health=failed") == {busy.pk}


def test_the_search_looks_into_what_a_workflow_does() -> None:
    make.workflow(make.action("t", "task.create", title="Measure the kitchen"), name="A")
    make.workflow(SET, name="B")
    client = visit.staff("view_workflow")

    assert [row.name for row in client.get(f"{LIST}?q=kitchen").context["cl"].result_list] == ["A"]


def test_the_page_opens_with_sentence_state_and_problems_at_their_place() -> None:
    flow = make.workflow(SET)
    flow.draft = BROKEN
    flow.save()

    said = visit.text(visit.boss(), page(flow))

    assert "Nothing starts it yet: task.creat" in said
    assert "Live, version 1" in said
    assert "Draft, " in said
    assert "task.creat There is no action “task.creat”. Is it “task.create”?" in said
    assert "2 problems stop publishing" in said


def test_a_draft_with_problems_is_saved_and_the_problems_are_told() -> None:
    flow = make.workflow(SET)

    told, errors = submit(visit.boss(), flow, draft=BROKEN)

    flow.refresh_from_db()
    assert told == "Draft saved. 2 problems have to be mended before it can be published."
    assert errors == []
    assert (flow.draft, flow.current.document["actions"]) == (BROKEN, [SET])


def test_publishing_a_draft_with_problems_is_refused_with_the_list() -> None:
    flow = make.workflow(SET)

    _told, errors = submit(visit.boss(), flow, draft=BROKEN, _publish="1")

    assert errors == [
        "triggers: Choose at least one event that starts the workflow.",
        "actions[0].action: There is no action “task.creat”. Is it “task.create”?",
    ]
    flow.refresh_from_db()
    assert (flow.versions.count(), flow.draft["actions"]) == (1, [SET])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n "a": 1,\n}', "Line 3, column 1"),
        ("[" * 100_000, "nested too deep"),
        ("", "This field is required."),
    ],
)
def test_what_is_no_json_is_told_by_line(text: str, said: str) -> None:
    flow = make.workflow(SET)

    _told, errors = submit(visit.boss(), flow, draft=text)

    assert len(errors) == 1
    assert said in errors[0]


def test_publish_makes_the_draft_live_with_its_note_and_tells_of_waiting_runs() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact())
    sweeping.drain()

    told, _errors = submit(visit.boss(), flow, draft=make.document(WAIT, SET), _publish="1", note="Longer")

    flow.refresh_from_db()
    assert told == "Version 2 is live. 1 waiting run finishes on its own version."
    assert (flow.current.number, flow.current.note, flow.status) == (2, "Longer", "live")
    assert flow.current.created_by.username == "boss"


def test_publish_as_observing_records_only() -> None:
    flow = make.workflow(SET)

    submit(visit.boss(), flow, _publish="1", observe="1")

    flow.refresh_from_db()
    assert flow.status == "observing"


def test_who_may_edit_but_not_publish_saves_a_draft() -> None:
    flow = make.workflow(SET)
    client = visit.staff("view_workflow", "change_workflow")
    assert "Publish version" not in visit.text(client, page(flow))

    told, _errors = submit(client, flow, draft=make.document(WAIT), _publish="1")

    flow.refresh_from_db()
    assert told == "Draft saved. You may not publish; ask a manager to."
    assert (flow.versions.count(), flow.draft["actions"]) == (1, [WAIT])


def test_who_may_only_see_reads_the_draft_and_saves_nothing() -> None:
    flow, client = make.workflow(SET), visit.staff("view_workflow")

    assert '"action": "data.set"' in visit.text(client, page(flow))
    assert client.post(page(flow), form(flow, draft=BROKEN)).status_code == 403


def test_a_new_workflow_is_a_draft_with_a_short_name_of_its_own() -> None:
    make.workflow(name="Fresh")

    told, _errors = submit(visit.boss(), None)

    made = Workflow.objects.latest("id")
    assert (told, made.status, made.slug) == ("Draft saved.", "draft", "fresh-2")


def test_saving_leaves_alone_what_a_worker_changed_meanwhile() -> None:
    flow, boss = make.workflow(SET), visit.boss()
    filled = form(flow, name="Renamed")
    services.pause(Workflow.objects.get(pk=flow.pk), "20 runs in a row failed.")

    boss.post(page(flow), filled)

    flow.refresh_from_db()
    assert (flow.name, flow.status) == ("Renamed", "paused")


def test_what_was_published_is_not_deleted() -> None:
    published, draft, boss = make.workflow(SET), services.create("New", {}), visit.boss()

    assert boss.post(f"{LIST}{published.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Workflow.objects.all()) == [published]


@pytest.mark.parametrize("brought", ["", "{", "[1]", "7", "[" * 100_000])
def test_a_link_that_brings_no_document_opens_an_empty_form(brought: str) -> None:
    page = visit.boss().get(f"{LIST}add/?{urlencode({'draft': brought})}")

    assert page.status_code == 200
    assert page.context["adminform"].form.edited.document["actions"] == []


def test_the_list_says_that_archived_ones_are_not_in_it_and_how_to_see_them() -> None:
    make.workflow(name="Mine")
    boss = visit.boss()

    html = boss.get(LIST).content.decode()

    assert "State: not archived Remove this filter" in visit.words(html)
    assert '<a class="chip" href="?state=all">' in html
    assert "State: not archived" not in visit.text(boss, f"{LIST}?state=all")


def test_the_list_tells_when_the_clock_comes_next(django_assert_max_num_queries: Any) -> None:
    today = timezone.localdate()
    make.contact(first_name="Anna", birth_date=(today + timedelta(days=3)).replace(year=1988))
    timed = {"uid": "t1", "event": "contact.birthday", "config": {"at": "09:00"}, "conditions": None}
    flow, boss = make.workflow(SET, triggers=[timed]), visit.boss()

    told = visit.text(boss, LIST)
    with django_assert_max_num_queries(25):
        boss.get(LIST)

    at = firings.next_of([flow.pk], timezone.now())[flow.pk]
    assert (at.date() - today).days in (2, 3)
    assert moments.short(at) in told
