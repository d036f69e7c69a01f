"""What settings may be chosen from: every source gives values and names, and every field its source."""

import pytest

from triggers import choices, registry
from triggers.admin.builder.schema import settings_of
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(choices.sources))
def test_every_source_gives_values_with_names(name: str) -> None:
    make.user("clara", first_name="Clara", last_name="Vogt")
    make.tag(make.contact())
    make.workflow()

    found = list(choices.sources[name].load())

    assert all(isinstance(value, str | int) and isinstance(label, str) for value, label in found)
    if name in ("username", "tag", "tag id", "workflow", "event", "weekday", "zone", "user", "contact date"):
        assert found


def test_people_are_called_by_their_names() -> None:
    clara = make.user("clara", first_name="Clara", last_name="Vogt")

    assert list(choices.sources["username"].load()) == [("clara", "Clara Vogt")]
    assert list(choices.sources["user"].load()) == [(clara.pk, "Clara Vogt")]
    assert [value for value, _name in choices.sources["assignee"].load()] == ["owner", "clara"]


def test_every_source_that_a_field_names_exists() -> None:
    models = [*registry.actions.values(), *(kind.Options for kind in registry.events.values())]

    named = {setting.source for model in models for setting in settings_of(model)} - {""}

    assert {"tag", "username", "workflow", "event", "pipeline", "stage", "webhook", "contact date"} <= named
    assert named <= set(choices.sources)


def test_the_source_of_a_models_numbers() -> None:
    assert choices.by_model("auth.User") == "user"
    assert choices.by_model("pipelines.stage") == "stage"
    assert choices.by_model("") == choices.by_model("contacts.note") == ""
