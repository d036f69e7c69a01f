"""Two contacts become one: rows move, nothing is made or deleted as far as workflows can tell."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import BigIntegerField

from capture.models import InboundRequest, InboundWebhook
from contacts import services
from contacts.dedupe import aliases, merging
from contacts.dedupe.merging import NotMergeable, merge
from contacts.models import Contact, ContactAlias, Note, Tagging, Task
from contacts.tests import make
from conversations.models import Message
from triggers import sweeping
from triggers.models import Event
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def two(**theirs: Any) -> tuple[Contact, Contact]:
    return make.contact(last_name="Brandt"), make.contact(**{"email": "m.brandt@work.example", **theirs})


def kinds(after: int) -> list[str]:
    return list(Event.objects.filter(pk__gt=after).order_by("id").values_list("type", flat=True))


def last() -> int:
    return Event.objects.latest("id").pk


def test_everything_of_the_other_moves_to_the_survivor() -> None:
    mia, other = two(company="Oak")
    make.tag("VIP", other), make.note(other), make.task(other)
    Message.objects.create(contact=other, direction="out", key=uuid4(), subject="Hello")
    hook = InboundWebhook.objects.create(name="Shop", token_digest="x")
    InboundRequest.objects.create(webhook=hook, external_id="1", method="POST", body=b"{}", contact_id=other.pk)

    done = merge(mia.pk, other.pk)

    assert done.contact == mia
    assert not Contact.objects.filter(pk=other.pk).exists()
    assert make.tags_of(mia) == {"VIP"}
    for model in (Note, Task, Message, InboundRequest):
        assert list(model.objects.values_list("contact_id", flat=True)) == [mia.pk], model
    assert done.moved == {
        "contacts.tagging": 1, "contacts.note": 1, "contacts.task": 1, "conversations.message": 1,
        "capture.inboundrequest": 1, "triggers.event": 4,
    }  # fmt: skip
    mia.refresh_from_db()
    assert (mia.company, mia.extra_emails) == ("Oak", ["m.brandt@work.example"])


def test_only_what_changed_is_told() -> None:
    mia, other = two(company="Oak")
    tag = make.tag("VIP", mia)
    Tagging.objects.create(contact=other, tag=tag)
    before = last()

    merge(mia.pk, other.pk)

    assert kinds(before) == ["contact.changed"]
    event = Event.objects.get(type="contact.changed")
    assert event.changes == {"company": {"old": "", "new": "Oak"}}
    assert event.origin == f"merge of contact {other.pk}"
    assert Tagging.objects.count() == 1


def test_workflows_for_new_and_deleted_contacts_do_not_start() -> None:
    names = ("contact.deleted", "contact.created", "contact.tag_added", "contact.tag_removed")
    triggers = [{"uid": f"t{n}", "event": name, "config": {}, "conditions": None} for n, name in enumerate(names)]
    mia, other = two()
    make.tag("VIP", other)
    sweeping.drain()
    flow = engine.workflow(triggers=triggers)

    merge(mia.pk, other.pk)
    sweeping.drain()

    assert engine.runs(flow) == []


def test_nothing_at_all_is_told_where_nothing_changed() -> None:
    mia, other = two(email="")
    before = last()

    merge(mia.pk, other.pk)

    assert kinds(before) == []


def test_do_not_disturb_of_either_side_wins() -> None:
    mia, other = make.contact(dnd={"sms": True}), make.contact(dnd={"email": True})
    assert merge(mia.pk, other.pk).contact.dnd == {"email": True, "sms": True}

    one, everything = make.contact(), make.contact(dnd={"all": True})
    assert merge(one.pk, everything.pk).contact.dnd == {"all": True}


def test_an_alias_keeps_the_old_number_through_further_merges() -> None:
    mia, second = two()
    third = make.contact(email="")
    merge(second.pk, third.pk)

    merge(mia.pk, second.pk)

    assert aliases.survivor_of(third.pk) == aliases.survivor_of(second.pk) == mia.pk
    assert aliases.all_numbers(mia.pk) == (mia.pk, third.pk, second.pk)


def test_old_numbers_may_be_merged() -> None:
    mia, second = two()
    third = make.contact(email="third@example.org")
    merge(mia.pk, second.pk)

    assert merge(second.pk, third.pk).contact == mia


def test_who_cannot_be_merged_is_told_why() -> None:
    mia, other = two()
    gone = make.contact()
    gone.delete()

    with pytest.raises(NotMergeable, match="one and the same"):
        merge(mia.pk, mia.pk)
    with pytest.raises(NotMergeable, match=f"no contact {gone.pk}"):
        merge(mia.pk, gone.pk)
    merge(mia.pk, other.pk)
    with pytest.raises(NotMergeable, match="one and the same"):
        merge(mia.pk, other.pk)


def test_a_refused_choice_moves_nothing() -> None:
    mia, other = two()
    make.note(other)

    with pytest.raises(Exception, match="no field of this name"):
        merge(mia.pk, other.pk, {"colour": "from"})

    assert (Note.objects.get().contact, ContactAlias.objects.count()) == (other, 0)


def test_the_preview_counts_what_will_move() -> None:
    mia, other = two()
    make.note(other), make.note(other, "Again"), make.task(other)

    shown = merging.preview(mia, other)

    assert shown.moving == [("notes", 2), ("tasks", 1), ("events", 4)]
    assert shown.stopping == 0


def test_a_merge_leaves_no_row_that_names_the_one_that_is_gone() -> None:
    mia, other = two()
    make.tag("VIP", other), make.note(other), make.task(other)
    engine.workflow(engine.action("w", "wait.duration", days=1))
    sweeping.drain()

    merge(mia.pk, other.pk)

    left = [
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if (field.name == "contact_id" or field.related_model is Contact)
        and model._base_manager.filter(**{field.name: other.pk}).exists()
    ]
    assert left == []


def test_every_unique_constraint_with_a_contact_can_be_respected() -> None:
    """One over an expression, such as Lower("name"), would need a rule of its own."""
    blind = [
        (model._meta.label, constraint.name)
        for model, name in merging.references()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and any(name in str(expression) for expression in constraint.expressions)
    ]
    assert blind == []
    for model in merging.plain_columns():
        assert isinstance(model._meta.get_field("contact_id"), BigIntegerField), model


def test_the_history_of_staff_moves_along() -> None:
    from django.contrib.admin.models import CHANGE, LogEntry

    mia, other = two()
    ana = make.user("ana")
    LogEntry.objects.log_actions(ana.pk, [other], CHANGE, "City", single_object=True)

    merge(mia.pk, other.pk)

    assert LogEntry.objects.get().object_id == str(mia.pk)


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_both_ways_make_one_contact() -> None:
    for _n in range(5):
        mia, other = two()
        make.note(mia), make.note(other)

        def attempt(pair: tuple[int, int]) -> str:
            try:
                merge(*pair)
            except NotMergeable as error:
                return str(error)
            finally:
                connection.close()
            return "merged"

        with ThreadPoolExecutor(3) as pool:
            said = list(pool.map(attempt, [(mia.pk, other.pk), (other.pk, mia.pk), (mia.pk, other.pk)]))

        assert said.count("merged") == 1, said
        [left] = Contact.objects.filter(pk__in=(mia.pk, other.pk))
        assert left.notes.count() == 2
        services.update(left, {"email": ""})
