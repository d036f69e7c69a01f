"""LinkedIn's leads from the notification to the event, with an API that is a real HTTP server; and erased again."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer

from contacts.models import Contact
from contacts.tests import make as contacts
from providers.linkedin import leads
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from providers.tests.signers import NOW
from triggers import sweeping
from triggers.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
NUMBER = "52dcb737-26f9-4af3-b1fc-935b3e93f838-4"
NOTICE = {
    "type": "LEAD_ACTION", "leadGenFormResponse": f"urn:li:leadGenFormResponse:{NUMBER}", "leadAction": "CREATED",
    "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3213,1)", "leadType": "SPONSORED",
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:1232131"}, "occurredAt": 1795338000000,
}  # fmt: skip
ANSWER = {
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:1232131"}, "id": NUMBER, "submittedAt": 1795338000000,
    "testLead": True, "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3213,1)",
    "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:321"}},
    "associatedEntity": {"associatedCreative": "urn:li:sponsoredCreative:369"},
    "formResponse": {"consentResponses": [], "answers": [
        {"questionId": 11, "answerDetails": {"textQuestionAnswer": {"answer": "ada@example.org"}}},
        {"questionId": 12, "answerDetails": {"textQuestionAnswer": {"answer": "Ada"}}},
        {"questionId": 13, "answerDetails": {"multipleChoiceAnswer": {"options": [2, 5]}}},
        {"questionId": 99, "answerDetails": {"textQuestionAnswer": {"answer": "unnamed"}}}, 5, {"questionId": 12},
    ]},
    "form": {"id": 3213, "name": "Quotes", "hiddenFields": [{"name": "source", "value": "autumn"}], "content": {
        "questions": [
            {"questionId": 11, "predefinedField": "EMAIL", "name": "E-mail"},
            {"questionId": 12, "predefinedField": "FIRST_NAME", "name": "First"}, {"questionId": 13, "name": "Topics"},
        ]}},
}  # fmt: skip


@pytest.fixture
def api(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.LINKEDIN_API_URL = httpserver.url_for("/api")
    return httpserver


@pytest.fixture
def account() -> Connection:
    return make.connection("linkedin", secrets={"client_secret": "8Zk-current-secret", "access_token": "li-token"})


def notify(connection: Connection, **changes: Any) -> None:
    sent = signers.by_name["linkedin"].delivery(body=json.dumps({**NOTICE, **changes}).encode())
    assert make.send(connection, sent).status_code == 200


def served(api: HTTPServer) -> None:
    api.expect_request(f"/api/rest/leadFormResponses/{NUMBER}").respond_with_json(ANSWER)


def told() -> list[Event]:
    return list(Event.objects.filter(type="lead_form.linkedin_submitted"))


def test_a_lead_is_fetched_with_its_form_and_told(api: HTTPServer, account: Connection) -> None:
    served(api)
    notify(account)

    sweeping.drain(NOW)

    [event], contact = told(), Contact.objects.get()
    assert (contact.email, contact.first_name, event.contact_id) == ("ada@example.org", "Ada", contact.pk)
    assert event.data["answers"] == {
        "email": "ada@example.org", "first_name": "Ada", "Topics": ["2", "5"], "99": "unnamed", "source": "autumn",
    }  # fmt: skip
    assert {name: event.data[name] for name in ("lead_id", "form_id", "form", "page_id", "campaign_id", "is_test")} == {
        "lead_id": NUMBER, "form_id": "3213", "form": "Quotes", "page_id": "urn:li:sponsoredAccount:1232131",
        "campaign_id": "urn:li:sponsoredCampaign:321", "is_test": True,
    }  # fmt: skip
    request, _answer = api.log[0]
    assert request.headers["Authorization"] == "Bearer li-token"
    assert request.headers["LinkedIn-Version"] == leads.VERSION
    assert "form:(hiddenFields,name,id,content)" in request.args["fields"]


def test_a_deleted_lead_is_erased_everywhere(api: HTTPServer, account: Connection) -> None:
    served(api)
    notify(account)
    sweeping.drain(NOW)

    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)

    assert told()[0].data == {}
    assert Contact.objects.get().email == ""
    created, deleted = ProviderDelivery.objects.order_by("pk")
    assert (created.data, created.contact_id, deleted.status) == ({}, None, "done")


def test_a_contact_that_was_there_before_keeps_what_it_had(api: HTTPServer, account: Connection) -> None:
    contacts.contact(email="ada@example.org", first_name="Ada")
    served(api)
    notify(account)
    sweeping.drain(NOW)

    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)

    assert (told()[0].data, Contact.objects.get().email) == ({}, "ada@example.org")


@pytest.mark.parametrize("kind", ["message.customer_replied", "form.submitted", "note.added"])
def test_a_contact_that_has_a_life_of_its_own_by_now_stays_and_the_lead_goes(
    api: HTTPServer, account: Connection, kind: str
) -> None:
    served(api)
    notify(account)
    sweeping.drain(NOW)
    ada = Contact.objects.get()
    Event.objects.create(type=kind, contact_id=ada.pk, matched_at=NOW)

    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)

    assert (told()[0].data, Contact.objects.get().email) == ({}, "ada@example.org")
    assert ProviderDelivery.objects.order_by("pk")[0].data == {}


@pytest.mark.parametrize(
    "since",
    [
        {"type": "contact.tag_added", "cause": uuid4()}, {"type": "email.opened"}, {"type": "phone.validated"},
        {"type": "contact.birthday", "actor": "clock"},
    ],
    ids=["made by a workflow", "how a mail fared", "a look-up", "the clock"],
)  # fmt: skip
def test_what_came_of_the_lead_is_no_life_of_its_own(api: HTTPServer, account: Connection, since: Any) -> None:
    served(api)
    notify(account)
    sweeping.drain(NOW)
    Event.objects.create(contact_id=Contact.objects.get().pk, matched_at=NOW, **since)

    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)

    assert Contact.objects.get().email == ""


def test_a_lead_that_was_deleted_before_it_arrives_is_never_told(api: HTTPServer, account: Connection) -> None:
    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)

    notify(account)
    sweeping.drain(NOW)

    created = ProviderDelivery.objects.get(kind="lead.created")
    assert (created.status, created.error, told(), api.log) == ("ignored", "LinkedIn has deleted this lead.", [], [])


def test_one_deleted_while_it_is_taken_in_is_erased_after_that(api: HTTPServer, account: Connection) -> None:
    served(api)
    notify(account)
    ProviderDelivery.objects.update(due_at=NOW + timedelta(seconds=20))

    notify(account, leadAction="DELETED")
    sweeping.drain(NOW)
    deleted = ProviderDelivery.objects.get(kind="lead.deleted")
    assert (deleted.status, deleted.due_at) == ("waiting", NOW + timedelta(seconds=30))
    sweeping.drain(NOW + timedelta(seconds=20))
    sweeping.drain(NOW + timedelta(seconds=30))

    assert not Contact.objects.exclude(email="").exists()
    assert [event.data for event in told()] in ([], [{}])


def test_the_deletion_of_a_lead_nobody_knows_does_nothing(account: Connection) -> None:
    notify(account, leadAction="DELETED")

    sweeping.drain(NOW)

    row = ProviderDelivery.objects.get()
    assert (row.status, row.error) == ("ignored", "There is nothing of this lead here.")


@pytest.mark.parametrize("urn", ["urn:li:leadGenFormResponse:../x", "x/y", "", "urn:li:other:1", "a?b"])
def test_an_id_of_another_form_is_never_part_of_an_address(api: HTTPServer, account: Connection, urn: str) -> None:
    notify(account, leadGenFormResponse=urn)

    sweeping.drain(NOW)

    assert (ProviderDelivery.objects.get().status, api.log) == ("quarantined", [])


@pytest.mark.parametrize(
    "answer",
    [{}, {"formResponse": 5}, {"formResponse": {"answers": [None, {}]}, "form": []}, {"form": {"content": {"questions": {}}}},
     {"owner": "x", "form": {"hiddenFields": [5]}, "leadMetadata": []}],
)  # fmt: skip
def test_whatever_linkedin_answers_breaks_nothing(api: HTTPServer, account: Connection, answer: Any) -> None:
    api.expect_request(f"/api/rest/leadFormResponses/{NUMBER}").respond_with_json(answer)
    notify(account)

    sweeping.drain(NOW)

    assert (ProviderDelivery.objects.get().status, len(told())) == ("done", 1)


def test_without_a_token_the_lead_waits_for_one() -> None:
    notify(make.connection("linkedin"))

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().due_at == NOW + timedelta(hours=1)
