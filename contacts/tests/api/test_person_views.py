"""Merging, forgetting, telling and looking back over the API."""

from typing import Any

import pytest

from contacts.dedupe import merging
from contacts.models import Contact, Forgetting
from contacts.tests import make
from contacts.tests.privacy.zelmira import zelmira
from conversations.services import receive_reply
from triggers import sweeping
from triggers.models import Event
from triggers.tests import make as engine
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
SCOPES = ("contacts:read", "contacts:write", "notes:read", "notes:write")


def client(**kwargs: Any) -> Any:
    return calls.client(*SCOPES, **kwargs)


def address(number: int, then: str = "") -> str:
    return f"/api/v1/contacts/{number}/{then}"


@pytest.mark.parametrize("which", ["from", "into"])
def test_two_become_one_either_way(which: str) -> None:
    mia, other = make.contact(), make.contact(email="m@work.example", city="Bonn")
    make.note(other)
    at, body = (mia, {"from": other.pk}) if which == "from" else (other, {"into": mia.pk})

    answer = client().post(address(at.pk, "merge/"), {**body, "fields": {"email": "from"}}, format="json")

    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "contact": mia.pk, "former": other.pk, "moved": {"contacts.note": 1, "triggers.event": 2}, "stopped_runs": 0,
    }  # fmt: skip
    mia.refresh_from_db()
    assert (mia.email, mia.city) == ("m@work.example", "Bonn")


def test_the_former_number_answers_as_the_survivor() -> None:
    mia, other = make.contact(), make.contact(email="m@work.example")
    merging.merge(mia.pk, other.pk)
    web = client()

    read = web.get(address(other.pk))
    assert (read.status_code, read.json()["id"], read["Content-Location"]) == (200, mia.pk, address(mia.pk))
    changed = web.patch(address(other.pk), {"city": "Ulm"}, format="json", HTTP_IF_MATCH=read["ETag"])
    assert (changed.status_code, changed.json()["city"], changed["Content-Location"]) == (200, "Ulm", address(mia.pk))
    assert web.post(address(other.pk, "tags/"), {"tags": ["VIP"]}, format="json").json()["tags"] == ["VIP"]
    assert web.post("/api/v1/notes/", {"contact": other.pk, "body": "x"}, format="json").json()["contact"] == mia.pk
    assert "Content-Location" not in web.get(address(mia.pk))


@pytest.mark.parametrize(("method", "then"), [("delete", ""), ("post", "forget/")])
def test_nobody_is_lost_under_a_former_number(method: str, then: str) -> None:
    mia, other = make.contact(), make.contact()
    merging.merge(mia.pk, other.pk)

    answer = getattr(client(), method)(address(other.pk, then))

    assert answer.status_code == 409
    assert f"merged into contact {mia.pk}" in answer.json()["detail"]
    assert Contact.objects.count() == 1
    assert not Forgetting.objects.exists()


@pytest.mark.parametrize("listed", ["notes", "tasks", "events", "runs", "messages"])
def test_lists_are_narrowed_by_a_former_number_as_by_the_present_one(listed: str) -> None:
    mia, other = make.contact(), make.contact()
    engine.workflow(name="VIP welcome")
    make.tag("VIP", mia), make.note(mia), make.task(mia), make.note(make.contact()), make.task(make.contact())
    receive_reply(mia, "Yes")
    sweeping.drain()
    merging.merge(mia.pk, other.pk)

    web = calls.client(f"{listed}:read")
    rows = {number: web.get(f"/api/v1/{listed}/?contact={number}").json() for number in (mia.pk, other.pk)}

    assert rows[mia.pk]["results"]
    assert rows[other.pk]["results"] == rows[mia.pk]["results"]
    assert web.get(f"/api/v1/{listed}/?contact=987654").json()["results"] == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, ""),
        ({"from": 1, "into": 2}, 400, ""),
        ({"from": "x"}, 400, "from"),
        ({"from": 0}, 400, "from"),
        ({"from": 987_654}, 409, ""),
        ({"from": "OTHER", "fields": {"colour": "from"}}, 400, "fields.colour"),
        ({"from": "OTHER", "fields": {"city": "both"}}, 400, "fields.city"),
        ({"from": "SELF"}, 409, ""),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_moves(body: Any, status: int, field: str) -> None:
    mia, other = make.contact(), make.contact()
    numbers = {"OTHER": other.pk, "SELF": mia.pk}
    body = {name: numbers.get(value, value) if isinstance(value, str) else value for name, value in body.items()}

    answer = client().post(address(mia.pk, "merge/"), body, format="json")

    assert (answer.status_code, list(calls.errors(answer))) == (status, [field]), answer.json()
    assert Contact.objects.count() == 2


def test_a_merge_sent_twice_under_one_key_happens_once() -> None:
    mia, other = make.contact(), make.contact()
    web, body = client(), {"from": other.pk}

    first = web.post(address(mia.pk, "merge/"), body, format="json", HTTP_IDEMPOTENCY_KEY="m1")
    again = web.post(address(mia.pk, "merge/"), body, format="json", HTTP_IDEMPOTENCY_KEY="m1")

    assert first.json() == again.json()
    assert web.post(address(mia.pk, "merge/"), body, format="json").status_code == 409


def test_someone_who_is_not_there_is_not_found() -> None:
    for method, then in (
        ("get", ""),
        ("post", "merge/"),
        ("post", "forget/"),
        ("get", "export/"),
        ("get", "timeline/"),
    ):
        for number in ("987654", "nobody", "9" * 30):
            answer = getattr(client(), method)(f"/api/v1/contacts/{number}/{then}", {"from": 1}, format="json")
            assert answer.status_code == 404, (method, then, number)


@pytest.mark.parametrize(
    ("then", "method", "permission"),
    [("merge/", "post", "merge_contact"), ("forget/", "post", "forget_contact"), ("export/", "get", "export_contact")],
)
def test_each_asks_for_a_permission_of_its_own(then: str, method: str, permission: str) -> None:
    mia, other = make.contact(), make.contact()
    usual = calls.with_permissions(
        engine.user(), "contacts.view_contact", "contacts.change_contact", "contacts.delete_contact"
    )
    body = {"from": other.pk} if then == "merge/" else {}
    assert getattr(client(user=usual), method)(address(mia.pk, then), body, format="json").status_code == 403

    allowed = calls.with_permissions(usual, f"contacts.{permission}")

    assert getattr(client(user=allowed), method)(address(mia.pk, then), body, format="json").status_code == 200


def test_a_person_is_forgotten_and_the_answer_counts() -> None:
    who = zelmira()

    answer = client().post(address(who.pk, "forget/"))

    assert answer.status_code == 200
    assert (answer.json()["contact"], answer.json()["counts"]["contact"]) == (who.pk, 1)
    assert answer.json()["finished_at"] is not None
    assert client().get(address(who.pk)).json()["email"] == ""


def test_a_person_with_a_long_history_is_forgotten_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contacts.privacy.forgetting.AT_ONCE", 1)
    who = zelmira()

    answer = client().post(address(who.pk, "forget/"))
    assert (answer.status_code, answer.json()["finished_at"]) == (202, None)
    sweeping.drain()

    assert client().get(address(who.pk)).json()["email"] == ""


def test_everything_kept_is_told() -> None:
    who = zelmira()

    found = client().get(address(who.pk, "export/")).json()

    assert (found["contact"], found["sections"]["contact"][0]["email"]) == (who.pk, "zq@nowhere.example")


def test_the_timeline_comes_in_pages_without_gap_or_repetition() -> None:
    mia, other = make.contact(), make.contact()
    engine.workflow(name="VIP welcome")
    for n in range(7):
        make.tag(f"tag {n}", mia)
    sweeping.drain()
    merging.merge(mia.pk, other.pk)
    Event.objects.filter(contact_id=mia.pk).update(occurred_at=Event.objects.earliest("id").occurred_at)
    web, seen, page = client(), [], address(mia.pk, "timeline/?page_size=4")

    while page:
        answer = web.get(page).json()
        seen += [(row["at"], row["what"], row["url"]) for row in answer["results"]]
        assert (len(answer["results"]) <= 4, answer["previous"]) == (True, None)
        page = answer["next"]

    whole = web.get(address(mia.pk, "timeline/?page_size=200")).json()["results"]
    assert seen == [(row["at"], row["what"], row["url"]) for row in whole]
    assert len(seen) == len(set(seen)) == 7 + 7 + 2 + 1


def test_the_timeline_is_narrowed_by_kind() -> None:
    mia = make.contact()
    engine.workflow(name="VIP welcome")
    make.tag("VIP", mia)
    sweeping.drain()

    def whats(kind: str) -> list[str]:
        answer = client().get(address(mia.pk, f"timeline/?kind={kind}"))
        return [row["what"] for row in answer.json()["results"]]

    assert whats("changes") == ["Tag added", "Contact created"]
    assert whats("workflows") == ["started"]
    assert whats("messages") == whats("not-started") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("kind=x", 400), ("page_size=0", 400), ("cursor=x", 404), ("cursor=%00", 400), ("cursor=MjAyNnwwfDE", 404)],
)
def test_a_made_up_page_is_refused(query: str, status: int) -> None:
    assert client().get(address(make.contact().pk, f"timeline/?{query}")).status_code == status


@pytest.mark.parametrize("name", ["into", "from"])
@pytest.mark.parametrize("number", [0, -1, 2**63, 10**29])
def test_a_number_that_no_contact_can_have_is_refused_at_its_field(name: str, number: int) -> None:
    mia = make.contact()

    answer = client().post(address(mia.pk, "merge/"), {name: number}, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name
