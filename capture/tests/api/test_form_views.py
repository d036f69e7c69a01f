"""`/api/v1/forms/` and `/api/v1/submissions/`."""

from typing import Any

import pytest

from capture.models import Form, Submission
from capture.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
LIST = "/api/v1/forms/"
QUESTIONS = [
    {"label": "E-mail", "kind": "email", "maps_to": "email", "required": True},
    {"label": "Colour", "kind": "choice", "choices": [{"label": "Red", "points": 2}, {"label": "Blue"}]},
]


@pytest.fixture
def api() -> Any:
    return calls.client("forms:read", "forms:write")


def test_a_form_is_made_read_and_its_questions_replaced(api: Any) -> None:
    made = api.post(LIST, {"name": "Visit us", "questions": QUESTIONS})

    assert made.status_code == 201, made.json()
    form = Form.objects.get()
    assert (made.json()["key"], made.json()["address"][-12:]) == ("visit-us", "/f/visit-us/")
    assert [each["key"] for each in made.json()["questions"]] == ["e_mail", "colour"]
    read = api.get(f"{LIST}{form.pk}/").json()
    assert read["questions"] == made.json()["questions"]
    assert read["questions"][1]["choices"] == [{"label": "Red", "points": 2}, {"label": "Blue"}]
    changed = api.patch(f"{LIST}{form.pk}/", {"questions": QUESTIONS[1:]})
    assert [each["key"] for each in changed.json()["questions"]] == ["colour"]
    assert "questions" not in api.get(LIST).json()["results"][0]
    assert api.patch(f"{LIST}{form.pk}/", {"active": False}).json()["questions"] == changed.json()["questions"]


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({}, "name", "This field is required."),
        ({"questions": [{"label": "A", "kind": "choice"}]}, "questions[0].choices",
         "Enter at least one choice, each on a line of its own."),
        ({"questions": [{"label": "A", "page": 2}, {"label": "B"}]}, "questions[0]",
         "A form has one page. Put all questions on one, or make it a survey."),
        ({"questions": [{"label": "A", "key": "a"}, {"label": "B", "key": "a"}]}, "questions[0]",
         "The key “a” stands at two questions. Give one of them another."),
        ({"questions": [{"label": "A", "maps_to": "owner"}]}, "questions[0].maps_to",
         "A contact has no field of this name."),
        ({"allowed_origins": ["*"]}, "allowed_origins[0]",
         "“*” is no website. Enter scheme and host alone, such as https://www.example.com."),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url[0]",
         "Enter a whole address, such as https://www.example.com/offer."),
        ({"match_by": ["tags"]}, "match_by[0]", "Choose at least one of: external_id, email, phone."),
        ({"key": "Not A Key"}, "key", "Use small letters, digits and single hyphens, such as visit-us."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(api: Any, body: dict[str, Any], field: str, said: str) -> None:
    answer = api.post(LIST, body if not body else {"name": "A", **body})

    assert answer.status_code == 400
    assert (answer.json()["errors"][0]["field"].split("[")[0], answer.json()["errors"][0]["message"]) == (
        field.split("[")[0], said,
    )  # fmt: skip
    assert not Form.objects.exists()


def test_submissions_are_read_and_deleted_but_not_written(api: Any) -> None:
    form = make.form()
    make.send(form, {"first_name": "Anna", "email": "anna@example.org", "odd": "1"})

    [sent] = api.get(f"/api/v1/submissions/?form={form.pk}&status=taken").json()["results"]

    assert sent["answers"] == {"first_name": "Anna", "email": "anna@example.org"}
    assert (sent["unknown"], sent["files"], sent["terms"]) == (["odd"], [], False)
    assert api.post("/api/v1/submissions/", {"form": form.pk}).status_code == 405
    assert api.patch(f"/api/v1/submissions/{sent['id']}/", {"score": 1}).status_code == 405
    assert api.delete(f"/api/v1/submissions/{sent['id']}/").status_code == 204
    assert not Submission.objects.exists()


def test_scopes_and_permissions_are_asked_for() -> None:
    assert calls.client("contacts:read").get(LIST).status_code == 403
    assert calls.client("forms:read").post(LIST, {"name": "A"}).status_code == 403
