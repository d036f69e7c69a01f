import pytest
from django.utils.translation import gettext_lazy

from triggers.conditions.fields import Field, Kind
from triggers.conditions.sentence import describe
from triggers.tests.conditions.trees import FIELDS, leaf


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        (None, "always"),
        (
            {"all": [leaf("contact.country", "is", "DE"), leaf("contact.score", "gt", 5)]},
            "country is Germany and score > 5",
        ),
        (
            {"any": [leaf("contact.vip", "is", True), leaf("contact.name", "is_not_set")]},
            "VIP is yes or name is not set",
        ),
        (
            {"all": [leaf("contact.vip", "is", "no"), {"any": [leaf("contact.name", "is_set")] * 2}]},
            "VIP is no and (name is set or name is set)",
        ),
        ({"all": [{"any": [leaf("contact.name", "is_set")]}]}, "name is set"),
        (
            {"not": {"all": [leaf("contact.name", "is", "x"), leaf("contact.score", "lte", 5)]}},
            "not (name is x and score ≤ 5)",
        ),
        (leaf("contact.country", "is_any_of", ["DE"]), "country is any of Germany"),
        (leaf("contact.country", "is_none_of", ["de", "FR", "É"]), "country is none of Germany, France or Éire"),
        (leaf("contact.tags", "has_all", ["a", "b"]), "tags has all of a and b"),
        (leaf("contact.balance", "between", [5, "10.50"]), "balance is between 5 and 10.50"),
        (leaf("contact.born", "month_is", 3), "birth date month is March"),
        (leaf("contact.born", "weekday_is", "7"), "birth date weekday is Sunday"),
        (leaf("contact.born", "day_is", 29), "birth date day is 29"),
        (leaf("contact.seen", "within_last", {"days": 1}), "last seen is within the last 1 day"),
        (leaf("contact.seen", "within_next", {"minutes": 30}), "last seen is within the next 30 minutes"),
        (leaf("event.stage", "changed_from_to", {"from": "new", "to": "won"}), "stage changed from New to Won"),
        (leaf("event.stage", "changed"), "stage changed"),
        (leaf("event.score", "crossed_up", 50), "score rose to or above 50"),
    ],
)
def test_a_condition_reads_as_a_sentence(tree, sentence):
    assert describe(tree, FIELDS.get) == sentence


def test_a_field_that_is_gone_goes_by_its_name():
    assert describe(leaf("contact.shoe", "is", "x"), FIELDS.get) == "contact.shoe is x"


def test_labels_may_be_lazy():
    lookup = {"contact.x": Field(Kind.TEXT, gettext_lazy("name"))}.get

    assert describe(leaf("contact.x", "is", "Anna"), lookup) == "name is Anna"
