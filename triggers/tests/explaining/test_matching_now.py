"""Who would match now, of a draft too: what only the event can say never takes anybody away."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from triggers.explaining.matching_now import Asked, asked_of_contacts, matching_now
from triggers.tests import make

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}
BY_HAND = {"field": "event.actor", "op": "is", "value": "user"}


def tagged(conditions: Any = None, *tags: str, event: str = "contact.tag_added") -> dict[str, Any]:
    return {"uid": "t1", "event": event, "config": {"tags": list(tags)} if tags else {}, "conditions": conditions}


def draft(*triggers: dict[str, Any]) -> dict[str, Any]:
    return {"triggers": list(triggers)}


@pytest.mark.django_db
def test_those_who_have_the_tag_and_the_country_match() -> None:
    anna, french, untagged = (make.contact(country=c, email=f"{n}@x.org") for n, c in enumerate(("DE", "FR", "DE")))
    make.tag(anna, "VIP")
    make.tag(french, "VIP")

    found = matching_now(draft(tagged(GERMAN, "VIP")), timezone.now())

    assert found is not None
    assert (found.number, found.total, found.first, found.is_least, found.is_rough) == (1, 3, [anna.pk], False, False)
    assert untagged.pk not in found.first


@pytest.mark.django_db
def test_any_of_several_triggers_is_enough() -> None:
    anna, mia = make.contact(country="DE"), make.contact(country="FR", email="mia@example.org")
    make.tag(mia, "Gold")

    found = matching_now(
        draft(tagged(None, "Gold"), {**tagged(GERMAN, event="contact.changed"), "uid": "t2"}), timezone.now()
    )

    assert found is not None
    assert found.first == [anna.pk, mia.pk]


def test_what_the_event_says_is_taken_to_hold_and_under_a_negation_not() -> None:
    created = "contact.deleted"

    assert asked_of_contacts(draft(tagged({"all": [GERMAN, BY_HAND]}, event=created))) == Asked({"all": [GERMAN]}, True)
    assert asked_of_contacts(draft(tagged({"any": [GERMAN, BY_HAND]}, event=created))) == Asked(None, True)
    assert asked_of_contacts(draft(tagged({"not": {"any": [GERMAN, BY_HAND]}}, event=created))) == Asked(
        {"not": {"any": [GERMAN]}}, True
    )
    assert asked_of_contacts(draft(tagged({"not": BY_HAND}, event=created))) == Asked(None, True)


def test_without_an_event_about_contacts_there_is_nobody_to_count() -> None:
    assert asked_of_contacts(draft({"uid": "t1", "event": "gone.event", "config": {}})) is None
    assert asked_of_contacts({}) is None
    assert asked_of_contacts([]) is None


leaves = st.sampled_from([GERMAN, BY_HAND, {"field": "contact.city", "op": "is_set"}])


def grouped(inner: Any) -> Any:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda found: {"all": found}),
        several.map(lambda found: {"any": found}),
        inner.map(lambda found: {"not": found}),
    )


trees = st.recursive(leaves, grouped, max_leaves=6)


def holds(tree: Any, facts: dict[str, bool]) -> bool:
    """Two-valued logic, written a second time."""
    if "field" in tree:
        return facts[tree["field"]]
    [(kind, inner)] = tree.items()
    if kind == "not":
        return not holds(inner, facts)
    return (all if kind == "all" else any)(holds(child, facts) for child in inner)


@given(trees, st.booleans(), st.booleans(), st.booleans())
def test_nobody_who_would_match_is_left_out(tree: Any, german: bool, by_hand: bool, city: bool) -> None:
    facts = {"contact.country": german, "event.actor": by_hand, "contact.city": city}

    asked = asked_of_contacts(draft(tagged(tree, event="contact.deleted")))

    assert asked is not None
    kept = not asked.nobody and (asked.tree is None or holds(asked.tree, facts))
    assert kept or not holds(tree, facts)


@pytest.mark.django_db
def test_many_contacts_cost_no_more_queries(django_assert_max_num_queries: Any) -> None:
    Contact.objects.bulk_create([Contact(first_name=f"P{n}", country="DE") for n in range(30)])
    document = draft(tagged(GERMAN, event="contact.changed"))

    with django_assert_max_num_queries(6):
        found = matching_now(document, timezone.now())

    assert found is not None
    assert found.number == 30
