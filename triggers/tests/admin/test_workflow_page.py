"""The versions of a workflow, each with what it changed."""

import pytest

from triggers import services
from triggers.admin.workflow_page import diff
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflows import LIST, SET

pytestmark = pytest.mark.django_db


def test_versions_show_what_each_changed() -> None:
    flow = make.workflow(SET)
    flow.draft = make.document(make.action("a1", "data.set", values={"seen": "new"}))
    services.publish(flow, note="Newer")

    said = visit.text(visit.staff("view_workflow"), f"{LIST}{flow.pk}/versions/")

    assert "Version 2 Current" in said
    assert "Newer" in said
    assert '- "seen": "old"' in said
    assert '+ "seen": "new"' in said
    assert "Publish version 1 again" not in said
    assert "Publish version 1 again" in visit.text(visit.boss(), f"{LIST}{flow.pk}/versions/")


def test_a_workflow_never_published_has_no_versions_yet() -> None:
    flow = services.create("New", make.document(SET))

    assert "No version yet" in visit.text(visit.boss(), f"{LIST}{flow.pk}/versions/")


def test_documents_that_differ_only_in_the_order_of_their_keys_do_not_differ() -> None:
    assert diff({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []


def test_differing_lines_are_told_with_what_stands_around_them() -> None:
    assert diff({"a": 1}, {"a": 2}) == [
        ("same", "@@ -1,3 +1,3 @@"), ("same", " {"), ("removed", '-  "a": 1'), ("added", '+  "a": 2'), ("same", " }"),
    ]  # fmt: skip
