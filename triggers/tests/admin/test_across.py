"""The page across workflows."""

import pytest

from triggers.models import Workflow
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.workflows.test_overlaps import MAIL, tagged

pytestmark = pytest.mark.django_db
PAGE = "/admin/triggers/across/"


def test_it_needs_workflows_to_be_visible() -> None:
    assert visit.staff("view_run").get(PAGE).status_code == 403


def test_an_empty_house_says_what_will_appear() -> None:
    said = visit.text(visit.staff("view_workflow"), PAGE)

    assert "No live workflow gets in the way of another." in said
    assert "Nothing is named yet" in said


def test_overlaps_and_uses_are_told_with_their_workflows_and_narrowed_by_name() -> None:
    make.workflow(MAIL, name="Welcome", triggers=tagged("VIP"))
    make.workflow(MAIL, name="Greet", triggers=tagged())
    boss = visit.boss()

    said = visit.text(boss, PAGE)

    assert "1 pair of workflows may write to one person twice." in said
    assert "Greet and Welcome “Tag added” starts both, and both write to the person." in said
    assert "VIP Not there yet, or no more Welcome Tag added" in said
    assert "Nothing of this name is used" in visit.text(boss, f"{PAGE}?q=other")
    assert 'href="/admin/triggers/across/"' in boss.get("/admin/triggers/workflow/").content.decode()


@pytest.mark.parametrize("number", [10, 100])
def test_the_number_of_questions_does_not_grow_with_workflows(number: int, django_assert_max_num_queries) -> None:
    document = make.document(MAIL, triggers=tagged("VIP"))
    Workflow.objects.bulk_create(Workflow(name=f"Flow {n}", slug=f"flow-{n}", draft=document) for n in range(number))
    boss = visit.boss()

    with django_assert_max_num_queries(15):
        assert len(boss.get(PAGE).context["groups"][0][1][0].uses) == number
