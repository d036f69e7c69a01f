"""The drawing itself: escaped, linked to its cards, and told as a list as well."""

import pytest

from triggers import services
from triggers.admin.flow import flow_svg
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflows import BROKEN, LIST, SET

EVIL = make.action("a1", "task.create", title="<script>alert(1)</script>")


def test_texts_are_escaped_and_nothing_is_inline() -> None:
    svg = flow_svg(make.document(EVIL))

    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert visit.refused_by_policy(svg) == []
    assert 'href="#card-a1"' in svg
    assert 'href="#card-t1"' in svg


@pytest.mark.django_db
def test_its_tab_shows_the_live_version_to_whoever_may_see_the_workflow() -> None:
    flow = make.workflow(SET)
    flow.draft = BROKEN
    flow.save()

    page = visit.staff("view_workflow").get(f"{LIST}{flow.pk}/flow/").content.decode()

    assert f'href="{LIST}{flow.pk}/change/#card-a1"' in page
    assert "no trouble" in visit.words(page)
    assert "Tag added , Contact Events · 0 runs" in visit.words(page)
    assert visit.staff("view_run", name="other").get(f"{LIST}{flow.pk}/flow/").status_code == 403


@pytest.mark.django_db
def test_a_draft_that_is_wrong_is_drawn_as_far_as_it_goes() -> None:
    flow = services.create("New", BROKEN)

    assert "task.creat" in visit.text(visit.staff("view_workflow"), f"{LIST}{flow.pk}/flow/")
