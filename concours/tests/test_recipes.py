"""The workflows to begin with can be published as they are, and survive the form of cards."""

import pytest

from concours.recipes import RECIPES
from triggers.admin.builder import posted
from triggers.recipes import Recipe, recipes
from triggers.tests.admin import visit
from triggers.tests.admin.builder import posting
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def test_there_are_ten() -> None:
    assert len(RECIPES) == 10
    assert {recipe.key for recipe in RECIPES} <= set(recipes)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.key)
def test_each_has_no_error_and_comes_back_from_the_form(recipe: Recipe) -> None:
    document = recipe.document()

    assert [problem.message for problem in checking.check(document) if not problem.warning] == []
    assert posted.read(posting.posted(posting.rendered(document))) == document


def test_one_click_fills_the_page_of_a_new_workflow() -> None:
    boss = visit.boss()

    assert 'href="?recipe=vip"' in boss.get("/admin/triggers/workflow/add/").content.decode()
    said = visit.text(boss, "/admin/triggers/workflow/add/?recipe=vip")
    assert "When tag added (VIP) and country is Germany : send an e-mail “Welcome”" in said
    assert "No problems" in said
    assert visit.text(boss, "/admin/triggers/workflow/add/?recipe=unheard-of").count("Choose an event.") > 0
