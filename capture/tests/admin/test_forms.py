"""Forms and surveys in the admin: questions as rows, the preview, the snippet, and who may."""

from typing import Any

import pytest

from capture.models import Form
from capture.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/capture/form/"


def posted(*questions: dict[str, Any], **values: Any) -> dict[str, Any]:
    rows = {
        f"fields-{n}-{name}": value
        for n, each in enumerate(questions)
        for name, value in {"kind": "text", "page": "1", "position": str(n + 1), **each}.items()
    }
    return {
        "name": "Visit us", "kind": "form", "active": "on", "match_by": ["email"], "min_seconds": "2",
        "per_minute": "10", "fields-TOTAL_FORMS": str(len(questions)), "fields-INITIAL_FORMS": "0", **rows, **values,
    }  # fmt: skip


def test_a_form_is_built_from_rows() -> None:
    answer = visit.boss().post(f"{LIST}add/", posted(
        {"label": "Colour", "kind": "choice", "choices": "Red | 5\nBlue", "position": "2"},
        {"label": "E-mail", "kind": "email", "maps_to": "email", "required": "on", "position": "1"},
        allowed_origins="https://www.example.com/contact\n\nhttps://shop.example.com",
    ))  # fmt: skip

    assert answer.status_code == 302
    form = Form.objects.get()
    assert (form.key, form.allowed_origins) == ("visit-us", ["https://www.example.com", "https://shop.example.com"])
    rows = form.fields.values_list("position", "key", "kind", "maps_to", "required", "choices")
    assert list(rows) == [
        (1, "e_mail", "email", "email", True, []),
        (2, "colour", "choice", "", False, [{"label": "Red", "points": 5}, {"label": "Blue"}]),
    ]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"label": "Colour", "kind": "choice"}, "Enter at least one choice, each on a line of its own."),
        ({"label": "Colour", "kind": "choice", "choices": "Red | x"}, "Line 1: “x” are no points."),
        ({"label": "Colour", "kind": "choice", "choices": "Red | 1 | end"}, "In a form no answer leads anywhere."),
        ({"label": "Two", "page": "2"}, ""),
        ({"label": "A", "key": "Not A Key"}, "Use small letters, digits and single _, such as first_name."),
        ({"label": "A", "maps_to": "owner"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(question: dict[str, Any], said: str) -> None:
    answer = visit.boss().post(f"{LIST}add/", posted({"label": "First"}, question))

    assert answer.status_code == 200
    assert (said or "A form has one page.") in visit.words(answer.content.decode())
    assert not Form.objects.exists()


def test_no_website_but_a_whole_one_may_embed_it() -> None:
    answer = visit.boss().post(f"{LIST}add/", posted({"label": "A"}, allowed_origins="www.example.com; *"))

    assert "is no website. Enter scheme and host alone" in answer.content.decode()


def test_the_page_shows_preview_address_and_snippet() -> None:
    form, client = make.form(), visit.boss()

    page = client.get(f"{LIST}{form.pk}/change/").content.decode()

    assert f'src="/admin/capture/form/{form.pk}/preview/"' in page
    assert "/f/visit-us/" in page
    assert "data-form=&quot;visit-us&quot; async&gt;&lt;/script&gt;" in page
    assert "Nobody has sent it yet. Its page is open." in page
    assert visit.refused_by_policy(page) == []


def test_the_preview_is_for_staff_and_cannot_be_sent() -> None:
    form = make.survey("Fit", {"label": "One"}, {"label": "Two", "page": 2})
    client = visit.staff("view_form")

    page = client.get(f"{LIST}{form.pk}/preview/?page=2")

    text = page.content.decode()
    assert "Two" in text
    assert 'name="_state"' not in text
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert visit.staff(name="other").get(f"{LIST}{form.pk}/preview/").status_code == 403
    assert client.get(f"{LIST}{form.pk}/preview/?page=99").status_code == 200


def test_the_list_counts_what_was_sent_without_spam() -> None:
    form = make.form()
    make.send(form, {"first_name": "Anna", "email": "anna@example.org"})
    make.send(form, {"first_name": "Bot", "email": "bot@example.org", "website_": "x"})

    page = visit.boss().get(LIST).content.decode()

    assert f'/admin/capture/submission/?form__id__exact={form.pk}">1</a>' in page


def test_a_row_that_was_left_empty_is_no_question() -> None:
    rows = posted({"label": "First"}, {"label": "", "position": "2"})

    assert visit.boss().post(f"{LIST}add/", rows).status_code == 302
    assert Form.objects.get().fields.count() == 1


def test_questions_are_put_in_another_order_and_taken_away() -> None:
    form = make.form("Order", {"label": "A"}, {"label": "B"}, {"label": "C"})
    a, b, c = form.fields.all()
    rows = posted({"id": a.pk, "label": "A", "key": "a", "position": "3"},
                  {"id": b.pk, "label": "B", "key": "b", "position": "2", "DELETE": "on"},
                  {"id": c.pk, "label": "C", "key": "c", "position": "1"}, name="Order")  # fmt: skip

    answer = visit.boss().post(f"{LIST}{form.pk}/change/", {**rows, "key": "order", "fields-INITIAL_FORMS": "3"})

    assert answer.status_code == 302
    assert list(form.fields.values_list("label", "position")) == [("C", 1), ("A", 2)]
