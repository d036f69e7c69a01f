"""The versions of a workflow, each with what it changed, and the draft beside the live one."""

import pytest

from triggers import services, sweeping
from triggers.admin.versions import diff
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflows import LIST, SET, WAIT

pytestmark = pytest.mark.django_db
NEWER = make.document(make.action("a1", "data.set", values={"seen": "new"}))


def test_versions_tell_what_each_changed() -> None:
    flow = make.workflow(SET)
    flow.draft = NEWER
    services.publish(flow, note="Newer")

    said = visit.text(visit.staff("view_workflow"), f"{LIST}{flow.pk}/versions/")

    assert "Version 2 Current" in said
    assert "Newer Seen of “Set variables ‘new’” changed from “old” to “new”." in said
    assert '+ "seen": "new"' in said
    assert "Publish version 1 again" not in said
    assert "Publish version 1 again" in visit.text(visit.boss(), f"{LIST}{flow.pk}/versions/")


def test_waiting_runs_are_told_by_version_and_moved_with_their_number() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact(), "one")
    make.tag(make.contact(), "two")
    sweeping.drain()
    flow.draft = make.document(WAIT, SET)
    services.publish(flow)
    page, boss = f"{LIST}{flow.pk}/versions/", visit.boss()

    said = visit.text(boss, page)
    told = visit.pressed(boss, f"{LIST}{flow.pk}/do/move-runs/", next=page)

    assert "Move 2 waiting runs to version 2" in said
    assert "2 runs wait on it." in said
    assert told == "2 runs go on with version 2."
    assert "Move 2 waiting" not in visit.text(boss, page)
    assert "Move 2 waiting" not in visit.text(visit.staff("view_workflow"), page)


def test_a_workflow_never_published_has_no_versions_yet() -> None:
    flow, boss = services.create("New", make.document(SET)), visit.boss()

    assert "No version yet" in visit.text(boss, f"{LIST}{flow.pk}/versions/")
    assert "Nothing to compare with" in visit.text(boss, f"{LIST}{flow.pk}/compare/")


def test_the_draft_is_compared_with_the_live_version() -> None:
    flow, viewer = make.workflow(SET), visit.staff("view_workflow")
    assert "The draft says the same as version 1." in visit.text(viewer, f"{LIST}{flow.pk}/compare/")

    flow.draft = NEWER
    flow.save()

    said = visit.text(viewer, f"{LIST}{flow.pk}/compare/")
    assert "What publishing would change" in said
    assert "changed from “old” to “new”." in said


def test_the_number_of_questions_does_not_grow_with_versions(django_assert_max_num_queries) -> None:
    flow = make.workflow(SET)
    for n in range(10):
        flow.draft = make.document(make.action("a1", "data.set", values={"seen": str(n)}))
        services.publish(flow, by=make.user(f"user{n}"))
    boss = visit.boss()

    with django_assert_max_num_queries(22):
        assert boss.get(f"{LIST}{flow.pk}/versions/").status_code == 200


def test_documents_that_differ_only_in_the_order_of_their_keys_do_not_differ() -> None:
    assert diff({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []


def test_differing_lines_are_told_with_what_stands_around_them() -> None:
    assert diff({"a": 1}, {"a": 2}) == [
        ("same", "@@ -1,3 +1,3 @@"), ("same", " {"), ("removed", '-  "a": 1'), ("added", '+  "a": 2'), ("same", " }"),
    ]  # fmt: skip
