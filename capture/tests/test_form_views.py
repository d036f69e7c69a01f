"""`/f/<form>/`: the page, what sending it does, and what nobody gets in."""

import io
import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage

from capture.models import Submission, SubmissionFile
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db
ANNA = {"first_name": "Anna", "email": "anna@example.org"}
NAMES = ({"label": "Name", "maps_to": "name"},)
PDF = b"%PDF-1.7 a small file"


def events(kind: str = "form.submitted") -> list[Event]:
    return list(Event.objects.filter(type=kind).order_by("pk"))


def file(name: str = "cv.pdf", content: bytes = PDF) -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def test_a_form_that_is_sent_makes_a_contact_a_submission_and_an_event() -> None:
    form = make.form()
    state = make.opened(form, "?utm_source=paper&utm_campaign=spring", Referer="https://news.example/a")

    page = make.send(form, ANNA, state)

    assert page.status_code == 200
    assert "Thank you. We have got your answers." in page.content.decode()
    contact, sent, [event] = Contact.objects.get(), Submission.objects.get(), events()
    assert (contact.first_name, contact.email, contact.channel) == ("Anna", "anna@example.org", "form")
    assert contact.source == "Visit us"
    came = {"utm_source": "paper", "utm_campaign": "spring", "referrer": "https://news.example/a",
            "page": "http://testserver/f/visit-us/"}  # fmt: skip
    assert contact.attribution == {"first": came, "latest": came}
    assert (sent.contact_id, sent.event_id, sent.answers) == (contact.pk, event.pk, ANNA)
    assert event.contact_id == contact.pk
    assert (event.subject_type, event.subject_id) == ("capture.submission", sent.pk)
    assert event.data["answers"] == ANNA
    assert event.data["utm"] == {"utm_source": "paper", "utm_campaign": "spring"}
    assert (event.data["form"], event.data["terms"]) == ("Visit us", False)
    assert (event.actor, event.origin) == ("system", "form Visit us")


def test_the_same_page_sent_again_counts_once_and_another_page_counts_again() -> None:
    form = make.form()
    state = make.opened(form)

    again = [make.send(form, ANNA, state).status_code for _n in range(3)]
    make.send(form, ANNA)

    assert again == [200, 200, 200]
    assert Submission.objects.count() == len(events()) == 2
    assert Contact.objects.count() == 1


def test_a_contact_that_is_known_keeps_how_it_first_came() -> None:
    form = make.form()
    known = contacts.contact(email="anna@example.org", source="Fair", attribution={"first": {"utm_source": "tv"}})

    make.send(form, ANNA, make.opened(form, "?utm_source=paper"))

    known.refresh_from_db()
    assert (known.source, known.first_name) == ("Fair", "Anna")
    assert known.attribution["first"] == {"utm_source": "tv"}
    assert known.attribution["latest"]["utm_source"] == "paper"


def test_terms_are_agreed_only_where_every_consent_is_ticked() -> None:
    form = make.form("Terms", *NAMES, {"label": "Terms", "kind": "consent"}, {"label": "Mail", "kind": "consent"})

    for more in ({}, {"terms": "yes"}, {"terms": "yes", "mail": "yes"}, {"terms": "on", "mail": "yes"}):
        make.send(form, {"name": "Anna Schmidt", **more})

    assert [event.data["terms"] for event in events()] == [False, False, True, False]
    assert list(Submission.objects.order_by("pk").values_list("consents", flat=True)) == [
        [], ["Terms"], ["Terms", "Mail"], ["Mail"],
    ]  # fmt: skip


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() -> None:
    form = make.form("Order", {"label": "E-mail", "key": "mail", "kind": "email", "required": True},
                     {"label": "Size", "kind": "number"}, {"label": "Day", "kind": "date"},
                     {"label": "Colour", "kind": "choice", "choices": [{"label": "Red"}]})  # fmt: skip

    page = make.send(form, {"mail": "nobody", "size": "large", "day": "tomorrow", "colour": "Blue"})

    text = page.content.decode()
    assert page.status_code == 422
    for said in ("Enter an e-mail address, such as anna@example.com.", "Enter a number, for example 5000.",
                 "Enter a date as year-month-day, for example 2026-05-17.", "Choose from the list."):  # fmt: skip
        assert said in text
    assert 'value="large"' in text
    assert not Submission.objects.exists()
    make.send(form, {"mail": "a@example.org", "size": "12,5", "day": "2026-05-17", "colour": "Red"}, make.shown(page))
    assert events()[0].data["answers"] == {"mail": "a@example.org", "size": 12.5, "day": "2026-05-17", "colour": "Red"}


def test_required_questions_are_asked_for() -> None:
    form = make.form("All", {"label": "A", "required": True}, {"label": "B", "kind": "yesno", "required": True},
                     {"label": "C", "kind": "consent", "required": True},
                     {"label": "D", "kind": "multi_choice", "choices": [{"label": "x"}], "required": True})  # fmt: skip

    page = make.send(form, {})

    text = page.content.decode()
    for said in ("Fill this in.", "Choose one.", "Tick this to go on.", "Choose at least one."):
        assert said in text
    make.send(form, {"a": "1", "b": "no", "c": "yes", "d": ["x"]})
    assert events()[0].data["answers"] == {"a": "1", "b": False, "c": True, "d": ["x"]}


def test_unknown_fields_are_dropped_and_told() -> None:
    form = make.form()

    make.send(form, {**ANNA, "owner": "boss", "dnd": "1"})

    sent = Submission.objects.get()
    assert (sent.answers, sent.unknown) == (ANNA, ["owner", "dnd"])
    assert Contact.objects.get().owner is None


def test_scripts_are_shown_as_text() -> None:
    form = make.form("Say", {"label": "Words", "required": True}, {"label": "Mail", "kind": "email"})
    evil = "<script>alert(1)</script>"

    page = make.send(form, {"words": evil, "mail": evil})

    assert evil not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()


def test_whoever_fills_in_the_trap_is_thanked_and_nothing_happens() -> None:
    form = make.form()

    page = make.send(form, {**ANNA, "website_": "https://spam.example"})

    assert (page.status_code, "Thank you" in page.content.decode()) == (200, True)
    assert (Submission.objects.get().status, events(), Contact.objects.count()) == ("trap", [], 0)


def test_whoever_is_too_quick_is_asked_to_send_once_more() -> None:
    form = make.form(min_seconds=2)

    page = make.send(form, ANNA)

    assert page.status_code == 200
    assert "That was quick." in page.content.decode()
    assert 'value="Anna"' in page.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("state", ["", "x", "e30:abc", "\0", "ü" * 50])
def test_a_state_that_is_not_ours_shows_the_page_anew(state: str) -> None:
    form = make.form()

    page = make.send(form, ANNA, state)

    assert page.status_code == 422
    assert not Submission.objects.exists()
    assert make.send(form, ANNA, make.shown(page)).status_code == 200


def test_the_state_of_another_form_is_not_taken() -> None:
    form, other = make.form(), make.form("Other")

    page = make.send(form, ANNA, make.opened(other))

    assert page.status_code == 422
    assert not Submission.objects.exists()


def test_one_address_sends_only_so_often_whatever_it_says_of_itself() -> None:
    form = make.form(per_minute=3)
    state = make.opened(form)

    found = [make.send(form, ANNA, state, **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(6)]

    assert found == [200, 200, 200, 429, 429, 429]


def test_files_are_kept_out_of_reach_and_named_in_the_answers() -> None:
    form = make.form("Apply", *NAMES, {"label": "Papers", "kind": "file"})

    page = make.send(form, {"name": "Anna", "papers": [file(), file("../../etc/<b>.txt", b"x")]})

    assert page.status_code == 200
    first, second = SubmissionFile.objects.all()
    assert (first.name, second.name, first.size) == ("cv.pdf", "b.txt", len(PDF))
    assert first.file.name.startswith("submissions/")
    assert "cv" not in first.file.name
    with default_storage.open(first.file.name) as stored:
        assert stored.read() == PDF
    assert events()[0].data["answers"]["papers"] == ["cv.pdf", "b.txt"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([file("run.exe")], "is of a kind that is not taken"),
        ([file("photo.png")], "is not what its ending says"),
        ([file("a.pdf"), file("b.pdf"), file("c.pdf"), file("d.pdf")], "Choose at most 3 files."),
        ([file("big.pdf", PDF + b"0" * 10 * 1024 * 1024)], "is too large"),
    ],
)
def test_files_that_are_refused(given: list[Any], said: str) -> None:
    form = make.form("Apply", *NAMES, {"label": "Papers", "kind": "file"})
    for each in given:
        each.seek(0)

    page = make.send(form, {"name": "Anna", "papers": given})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert not SubmissionFile.objects.exists()


def test_a_request_of_a_hundred_megabytes_is_refused_before_it_is_read() -> None:
    form = make.form()

    page = make.VISITOR.generic(
        "POST", f"/f/{form.key}/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(100_000_000)
    )

    assert page.status_code == 413


def test_half_a_multipart_body_is_told_and_leaves_nothing() -> None:
    form = make.form()
    half = b'--x\r\nContent-Disposition: form-data; name="first_name'

    page = make.VISITOR.generic("POST", f"/f/{form.key}/", half, content_type="multipart/form-data; boundary=x")

    assert page.status_code in (400, 422)
    assert not Submission.objects.exists()


def test_a_form_that_is_not_there_or_switched_off_says_so() -> None:
    form = make.form(active=False)

    assert make.VISITOR.get("/f/nowhere/").status_code == 404
    closed = make.VISITOR.get(f"/f/{form.key}/")
    assert (closed.status_code, "This form is closed" in closed.content.decode()) == (410, True)


def test_only_allowed_websites_frame_it_and_read_its_answers() -> None:
    make.form(allowed_origins=["https://www.example.com"])

    own = make.VISITOR.get("/f/visit-us/?embed=1", headers={"Origin": "https://www.example.com"})
    other = make.VISITOR.get("/f/visit-us/", headers={"Origin": "https://evil.example"})

    assert "frame-ancestors 'self' https://www.example.com" in own["Content-Security-Policy"]
    assert "X-Frame-Options" not in own
    assert own["Access-Control-Allow-Origin"] == "https://www.example.com"
    assert "Access-Control-Allow-Credentials" not in own
    assert "Access-Control-Allow-Origin" not in other
    assert "Origin" in other["Vary"]


def test_after_sending_it_goes_on_to_the_address_of_the_form() -> None:
    form = make.form(redirect_url="https://www.example.com/thanks?x=1")

    page = make.send(form, ANNA)

    assert (page.status_code, page["Location"]) == (303, "https://www.example.com/thanks?x=1")
    assert "form-action 'self' https://www.example.com;" in page["Content-Security-Policy"]


def test_scripts_read_and_send_it_as_json() -> None:
    form = make.form()
    asked = make.VISITOR.get(f"/f/{form.key}/", headers={"Accept": "application/json"}).json()

    wrong = make.VISITOR.post(f"/f/{form.key}/", json.dumps({"_state": asked["state"], "email": "x"}),
                              "application/json", headers={"Accept": "application/json"})  # fmt: skip
    sent = make.VISITOR.post(f"/f/{form.key}/", json.dumps({"_state": asked["state"], **ANNA}),
                             "application/json", headers={"Accept": "application/json"})  # fmt: skip

    assert [each["key"] for each in asked["questions"]] == ["first_name", "email"]
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == {
        "first_name": "Fill this in.", "email": "Enter an e-mail address, such as anna@example.com.",
    }  # fmt: skip
    assert sent.json() == {"done": True, "text": "Thank you. We have got your answers.", "go_on": None}
    assert isinstance(Submission.objects.get().uid, UUID)


def test_hidden_values_come_from_the_address_or_their_default() -> None:
    form = make.form("Fair", *NAMES, {"label": "Stand", "kind": "hidden", "default": "A1"})

    page = make.VISITOR.get("/f/fair/?stand=B7").content.decode()
    plain = make.VISITOR.get("/f/fair/").content.decode()

    assert 'name="stand" value="B7"' in page
    assert 'name="stand" value="A1"' in plain
    assert form.fields.count() == 2


def test_going_through_the_pages_of_a_survey_is_one_sending() -> None:
    survey = make.survey("Long", *({"label": f"Q{n}", "page": n} for n in range(1, 5)), per_minute=1)
    page = make.send(survey, {})
    for _n in range(3):
        page = make.send(survey, {}, make.shown(page))

    assert (page.status_code, "Thank you" in page.content.decode()) == (200, True)
    again = make.send(survey, {})
    for _n in range(3):
        again = make.send(survey, {}, make.shown(again))
    assert again.status_code == 429
    assert Submission.objects.count() == 1


def test_spam_is_limited_as_well() -> None:
    form = make.form(per_minute=2)

    found = [make.send(form, {**ANNA, "website_": "x"}).status_code for _n in range(4)]

    assert (found, Submission.objects.count()) == ([200, 200, 429, 429], 2)


def test_an_address_without_its_slash_works_too() -> None:
    make.form()

    assert make.VISITOR.get("/f/visit-us").status_code == 200
    assert make.VISITOR.post("/f/visit-us", {"first_name": "Anna"}).status_code == 422
    assert make.VISITOR.get("/l/none", headers={"User-Agent": make.BROWSER}).status_code == 404
    assert make.VISITOR.get("/b").status_code == 405
