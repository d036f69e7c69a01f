"""What the contact actions share."""

import pytest
from django.core.exceptions import ValidationError

from contacts.run_contact import label, no_such_field, refusal, user_problems, value_problems
from contacts.tests import make
from triggers.problems import Problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email", "e-mail"),
        ("owner", "owner"),
        ("custom_fields.size", "Shoe size"),
        ("custom_fields.cut", "cut"),
        ("tags", "tags"),
        ("", ""),
    ],
)
def test_a_field_is_called_by_its_label(name: str, said: str) -> None:
    make.field("size", label="Shoe size")

    assert label(name) == said


def test_a_refusal_names_each_field() -> None:
    error = ValidationError({"email": ["Enter a valid email address."], "__all__": ["Give a name."]})

    assert refusal(error) == "e-mail: Enter a valid email address. Give a name."
    assert refusal(ValidationError("Too long.")) == "Too long."


def test_a_misspelt_field_is_answered_with_the_nearest() -> None:
    assert no_such_field("fist_name") == "A contact has no field “fist_name”. Is it “first_name”?"
    assert no_such_field("kg") == "A contact has no field “kg”. Fields of your own are named custom_fields.size."


def test_fixed_values_are_checked_and_computed_ones_are_not() -> None:
    make.field("size", "number")
    values = {
        "email": "mia", "city": "{{ event.city }}", "birth_date": "{{ event.born }}", "lead_status": "frozen",
        "custom_fields": {"size": "{{ event.size }}"}, "extra_emails": ["{{ event.mail }}"], "nick": "Mimi",
    }  # fmt: skip

    problems = value_problems(values, ("values",))

    assert problems == [
        Problem(("values", "nick"), no_such_field("nick")),
        Problem(("values", "email"), "Enter a valid email address."),
        Problem(("values", "lead_status"), "Value 'frozen' is not a valid choice."),
    ]


def test_a_phone_beside_a_computed_country_cannot_be_judged_yet() -> None:
    assert value_problems({"phone": "030 123456", "country": "{{ event.country }}"}, ()) == []
    assert value_problems({"phone": "030 123456", "country": "DE"}, ()) == []
    assert [problem.path for problem in value_problems({"phone": "030 123456"}, ())] == [("phone",)]


def test_unknown_usernames_are_told_where_they_stand() -> None:
    make.user("ana")

    problems = user_problems({("user",): "ana", ("absences", 0, "user"): "zoe"})

    assert problems == [Problem(("absences", 0, "user"), "There is no user “zoe”.")]
