"""What is wrong with a form and its questions."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from capture.forms.checking import check_together, fill_keys
from capture.models import Form, FormField
from contacts.tests import make as contacts

pytestmark = pytest.mark.django_db


def questions(form: Form, *columns: dict[str, Any]) -> list[FormField]:
    made = [FormField(form=form, **{"label": f"Q{n}", **each}) for n, each in enumerate(columns, 1)]
    fill_keys(made)
    return made


@pytest.mark.parametrize(
    ("columns", "where", "said"),
    [
        ({"kind": "choice"}, "choices", "Enter at least one choice, each on a line of its own."),
        ({"choices": [{"label": "a"}]}, "choices",
         "Only questions with choices have any. Choose another kind, or remove them."),
        ({"kind": "hidden", "required": True}, "required",
         "Nobody sees a hidden value, so nobody can be asked for it."),
        ({"maps_to": "shoe"}, "maps_to", "A contact has no field of this name."),
        ({"kind": "file", "maps_to": "email"}, "maps_to",
         "A file stays with the submission; no field of a contact takes it."),
    ],
)  # fmt: skip
def test_a_question_by_itself(columns: dict[str, Any], where: str, said: str) -> None:
    field = FormField(label="Q", key="q", **columns)

    with pytest.raises(ValidationError) as refused:
        field.clean()

    assert refused.value.message_dict == {where: [said]}


def test_a_question_goes_into_a_custom_field_that_there_is() -> None:
    contacts.field("size", "number")

    FormField(label="Q", key="q", maps_to="custom.size").clean()
    with pytest.raises(ValidationError):
        FormField(label="Q", key="q", maps_to="custom.colour").clean()


def test_keys_are_made_from_the_words_and_differ() -> None:
    made = questions(Form(), {"label": "Your name?"}, {"label": "Your name"}, {"label": "7 days"}, {"label": "…"})

    assert [each.key for each in made] == ["your_name", "your_name_2", "q_7_days", "q"]


@pytest.mark.parametrize(
    ("kind", "columns", "said"),
    [
        ("form", [{"page": 1}, {"page": 2}], "A form has one page. Put all questions on one, or make it a survey."),
        ("form", [{"kind": "choice", "choices": [{"label": "a", "to": "end"}]}],
         "In a form no answer leads anywhere. Remove that from the choices, or make it a survey."),
        ("form", [{"maps_to": "email"}, {"maps_to": "email"}],
         "Two questions go into “email”. Let one of them go into no field."),
        ("form", [{"key": "a"}, {"key": "a"}], "The key “a” stands at two questions. Give one of them another."),
        ("survey", [{"page": 2, "kind": "choice", "choices": [{"label": "a", "to": "1"}]}, {"page": 1}],
         "“a” of “Q1” leads back to page 1. Choose a later one."),
        ("survey", [{"kind": "choice", "choices": [{"label": "a", "to": "7"}]}],
         "“a” of “Q1” leads to page 7, and there is none."),
        ("survey", [{"kind": "file"}, {"page": 2}],
         "A file can be asked for only where all questions stand on one page."),
    ],
)  # fmt: skip
def test_questions_together(kind: str, columns: list[dict[str, Any]], said: str) -> None:
    form = Form(kind=kind)

    assert check_together(form, questions(form, *columns)) == [said]


def test_forms_get_addresses_from_their_names() -> None:
    made = [Form.objects.create(name=name).key for name in ("Visit us!", "Visit us", "…", "a__b")]

    assert made == ["visit-us", "visit-us-2", "form", "a-b"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "https://a:b@evil.example", "ftp://x.org",
                                 "https://x.org\\@evil", "https://", "nowhere"])  # fmt: skip
def test_a_form_goes_on_only_to_whole_addresses(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form(name="A", key="a", redirect_url=url).full_clean()

    assert list(refused.value.message_dict) == ["redirect_url"]
