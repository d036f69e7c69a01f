"""contact.remove_tag: what is there goes."""

import pytest

from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


def test_tags_are_taken_off() -> None:
    mia = make.contact()
    make.tag("VIP", on=mia)
    make.tag("Hot", on=mia)

    done = play.perform("contact.remove_tag", mia, "hot", tags=["{{ event.body }}", "unknown"])

    assert (done.status, done.summary, done.result) == ("done", "Removed “Hot”.", {"removed": ["Hot"]})
    assert make.tags_of(mia) == {"VIP"}
    [event] = make.events("contact.tag_removed")
    assert (event.data["tag"], event.actor, event.cause) == ("Hot", "workflow", done.key)


def test_a_tag_that_is_not_there_fires_nothing() -> None:
    make.tag("VIP")

    done = play.perform("contact.remove_tag", make.contact(), tags=["VIP"])

    assert (done.summary, done.result) == ("None of the tags was there.", {"removed": []})
    assert make.events("contact.tag_removed") == []


@pytest.mark.parametrize(
    ("tags", "said"),
    [(["VIP", "Hot"], "Removes “VIP”, “Hot”."), (["{{ contact.website }}"], "Removes nothing: no tag has a name.")],
)
def test_preview(tags: list[str], said: str) -> None:
    assert play.preview("contact.remove_tag", None, tags=tags) == said


def test_problems() -> None:
    assert play.problems("contact.remove_tag", tags=["VIP"]) == []
    assert [path for path, _message in play.problems("contact.remove_tag")] == [".tags"]
