from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings

from triggers.conditions.judge import passes
from triggers.conditions.sieve import EVERYTHING, sieve
from triggers.conditions.tree import InvalidTree, compile_tree
from triggers.tests.conditions.rows import Row
from triggers.tests.conditions.trees import BERLIN, FIELDS, NOW, leaf, trees, zones

pytestmark = pytest.mark.django_db


def sieved(tree, zone=BERLIN) -> tuple[Q, bool]:
    return sieve(tree, FIELDS.get, NOW, zone, "contact")


def compare(rows, tree, zone=BERLIN) -> tuple[set[int], set[int], bool]:
    """The rows the judge accepts, the rows the sieve lets through, and whether it says it is exact."""
    node = compile_tree(tree, FIELDS.get)
    accepted = {row.pk for row in rows if passes(node, row.facts(), NOW, zone)}
    query, exact = sieved(tree, zone)
    return accepted, set(Row.objects.filter(query).values_list("pk", flat=True)), exact


EXACT = [
    leaf("contact.name", "is", "VIP"),
    leaf("contact.name", "is", "A%B"),
    leaf("contact.name", "is_not", "VIP"),
    leaf("contact.name", "is_any_of", ["VIP", "A_B", "A\\B", "a'b"]),
    leaf("contact.name", "is_none_of", ["VIP", "a_b"]),
    leaf("contact.name", "is_set"),
    leaf("contact.name", "is_not_set"),
    leaf("contact.parent", "is", "VIP"),
    leaf("contact.parent", "is_not", "vip"),
    leaf("contact.parent", "is_not_set"),
    leaf("contact.country", "is", "DE"),
    leaf("contact.country", "is_set"),
    leaf("contact.score", "eq", 5),
    leaf("contact.score", "ne", "5.0"),
    leaf("contact.score", "gt", 0.5),
    leaf("contact.score", "lt", 5.5),
    leaf("contact.score", "between", [0, 5.5]),
    leaf("contact.ratio", "eq", 0.1),
    leaf("contact.ratio", "lte", "2.5"),
    leaf("contact.ratio", "lt", 0.005),
    leaf("contact.balance", "eq", "2.5"),
    leaf("contact.balance", "gt", 2.495),
    leaf("contact.balance", "lt", 2.505),
    leaf("contact.balance", "lt", 0.005),
    leaf("contact.balance", "is_not_set"),
    leaf("contact.born", "on", "2026-03-28"),
    leaf("contact.born", "before", "2026-03-28"),
    leaf("contact.born", "after", "2018-02-17"),
    leaf("contact.born", "within_last", {"days": 7}),
    leaf("contact.born", "day_is", 29),
    leaf("contact.born", "month_is", 11),
    leaf("contact.born", "weekday_is", 7),
    leaf("contact.seen", "on", "2026-03-28"),
    leaf("contact.seen", "before", "2018-11-04"),
    leaf("contact.seen", "after", "2018-11-04T00:30"),
    leaf("contact.seen", "within_last", {"hours": 5}),
    leaf("contact.seen", "within_next", {"days": 1}),
    leaf("contact.vip", "is", True),
    leaf("contact.vip", "is", False),
    leaf("contact.owner", "is", 2),
    leaf("contact.owner", "is_not", 2),
    leaf("contact.owner", "is_any_of", [2, 3]),
    leaf("contact.owner", "is_none_of", [2, 3]),
]


@pytest.mark.parametrize("tree", EXACT, ids=lambda tree: f"{tree['field']} {tree['op']} {tree['value']}")
def test_the_sieve_is_exact_where_databases_agree_with_python(rows, tree):
    accepted, passed, exact = compare(rows, tree)
    rejected, not_passed, still_exact = compare(rows, {"not": tree})

    assert exact is still_exact is True
    assert passed == accepted
    assert not_passed == rejected
    assert accepted
    assert rejected


INEXACT = [
    leaf("contact.name", "is", "ß"),
    leaf("contact.name", "is", "kiss"),
    leaf("contact.name", "is", "É"),
    leaf("contact.name", "is", "i̇"),
    leaf("contact.name", "is_not", "SS"),
    leaf("contact.name", "is_any_of", ["vip", "é"]),
    leaf("contact.name", "contains", "i"),
    leaf("contact.name", "contains", "%"),
    leaf("contact.name", "not_contains", "S"),
    leaf("contact.name", "starts_with", "K"),
    leaf("contact.name", "ends_with", "n"),
    leaf("contact.score", "lt", 10**12),
    leaf("contact.ratio", "gt", "5.00000009"),
    leaf("contact.seen", "weekday_is", 3),
]


@pytest.mark.parametrize("tree", INEXACT, ids=lambda tree: f"{tree['field']} {tree['op']} {tree['value']}")
def test_the_sieve_loses_no_row_where_they_may_not_agree(rows, tree):
    accepted, passed, exact = compare(rows, tree)

    assert exact is False
    assert accepted
    assert accepted <= passed


@pytest.mark.parametrize(
    "tree", [tree for tree in INEXACT if tree["op"] in ("is", "starts_with", "ends_with") or tree["value"] == "%"]
)
def test_inexact_text_still_rules_rows_out(rows, tree):
    accepted, passed, _exact = compare(rows, tree)

    assert accepted <= passed
    assert len(passed) < len(rows) * 2 / 3


BEYOND = [
    leaf("event.answer", "gt", 5),
    leaf("contact.answer", "is", "vip"),
    leaf("event.tag", "is", "vip"),
    leaf("contact.tags", "has_any", ["vip"]),
    leaf("contact.nickname", "is", "vip"),
    leaf("event.stage", "changed"),
]


@pytest.mark.parametrize("tree", BEYOND)
def test_what_the_table_does_not_hold_widens_to_every_row(tree):
    assert sieved(tree) == (EVERYTHING, False)
    assert sieved({"not": tree}) == (EVERYTHING, False)


def test_no_tree_is_every_row_exactly():
    assert sieved(None) == (EVERYTHING, True)


def test_an_inexact_leaf_widens_itself_and_not_its_whole_group(rows):
    tree = {"not": {"any": [BEYOND[0], leaf("contact.score", "gt", 5)]}}

    accepted, passed, exact = compare(rows, tree)
    few = {row.pk for row in rows if row.score is None or row.score <= 5}

    assert exact is False
    assert passed == few
    assert accepted <= passed


def _every_part(query: Q):
    yield query
    for child in query.children:
        if isinstance(child, Q):
            yield from _every_part(child)


@settings(max_examples=200, deadline=None)
@given(trees())
def test_no_part_of_a_filter_is_ever_empty(tree):
    query, _exact = sieved(tree)

    assert all(part.children for part in _every_part(query))


def test_a_skipped_midnight_makes_a_day_inexact():
    zone = ZoneInfo("America/Sao_Paulo")

    assert sieved(leaf("contact.seen", "on", "2018-11-04"), zone)[1] is False
    assert sieved(leaf("contact.seen", "before", "2018-11-04"), zone)[1] is False
    assert sieved(leaf("contact.seen", "after", "2018-11-03"), zone)[1] is False
    assert sieved(leaf("contact.seen", "after", "2018-11-04"), zone)[1] is True


def test_days_are_those_of_the_zone(rows):
    late = Row.objects.create(seen=datetime(2026, 3, 30, 22, 30, tzinfo=UTC))
    tree = leaf("contact.seen", "on", "2026-03-31")

    inside = Row.objects.filter(sieved(tree, BERLIN)[0], pk=late.pk)
    outside = Row.objects.filter(sieved(tree, ZoneInfo("UTC"))[0], pk=late.pk)

    assert inside.exists()
    assert not outside.exists()
    assert late.seen.astimezone(BERLIN).date() == date(2026, 3, 31)


def test_a_tree_that_does_not_check_makes_no_filter():
    with pytest.raises(InvalidTree):
        sieved(leaf("contact.name__contains", "is", "x"))


def _agrees(rows, tree, zone):
    accepted, passed, exact = compare(rows, tree, zone)

    assert accepted <= passed
    if exact:
        assert accepted == passed


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees("contact."), zone=zones)
def test_every_row_the_judge_accepts_passes_the_sieve(rows, tree, zone):
    _agrees(rows, tree, zone)


@pytest.mark.nightly
@settings(max_examples=5_000, deadline=None)
@given(tree=trees("contact.") | trees(), zone=zones)
def test_every_row_the_judge_accepts_passes_the_sieve_long(rows, tree, zone):
    _agrees(rows, tree, zone)
