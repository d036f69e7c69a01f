"""contact.add_tag: one or many, made when needed."""

import pytest

from contacts.models import Tag
from contacts.tests import make
from contacts.tests.actions import play
from triggers.action_types import Done

pytestmark = pytest.mark.django_db


def test_tags_are_put_on_and_made_where_there_are_none() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)

    done = play.perform(
        "contact.add_tag", mia, "Berlin", tags=["vip", "From {{ event.body }}", "{{ contact.website }}"]
    )

    assert (done.status, done.summary, done.result) == ("done", "Added “From Berlin”.", {"added": ["From Berlin"]})
    assert make.tags_of(mia) == {"VIP", "From Berlin"}
    event = make.events("contact.tag_added")[-1]
    assert (event.data["tag"], event.actor, event.cause) == ("From Berlin", "workflow", done.key)


def test_a_tag_that_is_there_fires_nothing() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)

    done = play.perform("contact.add_tag", mia, tags=["VIP"])

    assert (done.summary, done.result) == ("Every tag was there already.", {"added": []})
    assert len(make.events("contact.tag_added")) == 1


def test_a_merge_field_may_hold_a_list_of_tags() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)
    make.tag("Hot", on=mia)

    made = play.simulate("contact.add_tag", mia, tags=["{{ contact.tags }}", "New"])
    done = play.perform("contact.add_tag", mia, tags=["{{ contact.tags }}", "New"])

    assert made[0] == Done("Adds “Hot”, “VIP”, “New”.")
    assert done.result == {"added": ["New"]}


def test_a_name_too_long_fails() -> None:
    done = play.perform("contact.add_tag", make.contact(), "x" * 81, tags=["VIP", "{{ event.body }}"])

    assert (done.status, done.error) == ("failed", f"tags: The tag “{'x' * 80}…” is too long.")
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["VIP", "{{ event.body }}"], "Adds “VIP”, “Called back”."),
        (["{{ contact.website }}"], "Adds nothing: no tag has a name."),
        (["x" * 81], f"tags: The tag “{'x' * 80}…” is too long."),
    ],
)
def test_preview(tags: list[str], said: str) -> None:
    assert play.preview("contact.add_tag", None, tags=tags) == said


def test_problems() -> None:
    assert play.problems("contact.add_tag", tags=["VIP"]) == []
    assert [path for path, _message in play.problems("contact.add_tag", tags=[])] == [".tags"]
    assert [path for path, _message in play.problems("contact.add_tag", tags=["{{ event.nme }}"])] == [".tags[0]"]
