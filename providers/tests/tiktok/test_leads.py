"""TikTok's leads: signed ones at once, unsigned ones only where staff say so and TikTok confirms them."""

import json

import pytest
from pytest_httpserver import HTTPServer

from contacts.models import Contact
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from providers.tests.signers import NOW, changed
from triggers import sweeping
from triggers.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
ENTRY = {
    "id": "7301", "page_id": "P7", "create_time": 1795338000, "campaign_id": "C", "adgroup_id": "G", "ad_id": "A",
    "changes": [{"field": "Email", "value": "ada@example.org"}, {"field": "Name", "value": "Ada"}, {"field": ""}, 5],
}  # fmt: skip


@pytest.fixture
def api(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.TIKTOK_API_URL = httpserver.url_for("/").rstrip("/")
    return httpserver


def connected(require: bool = True, token: str = "tt-token") -> Connection:
    secrets = {"client_secret": "8Zk-current-secret", "access_token": token}
    return make.connection("tiktok", secrets=secrets, options={"require_signature": require})


def post(connection: Connection, *, signed: bool, entry=ENTRY) -> int:
    body = json.dumps({"object": 1, "time": 1795338000, "entry": [entry]}).encode()
    sent = signers.by_name["tiktok"].delivery(body=body)
    return make.send(connection, sent if signed else changed(sent, tiktok_signature=None)).status_code


def test_a_signed_lead_is_told_without_asking(api: HTTPServer) -> None:
    assert post(connected(), signed=True) == 200

    sweeping.drain(NOW)

    event, contact = Event.objects.get(type="lead_form.tiktok_submitted"), Contact.objects.get()
    assert (event.contact_id, contact.email, contact.first_name) == (contact.pk, "ada@example.org", "Ada")
    assert (event.data["lead_id"], event.data["form_id"], event.data["campaign_id"]) == ("7301", "P7", "C")
    assert event.data["answers"] == {"Email": "ada@example.org", "Name": "Ada"}
    assert api.log == []


def test_an_unsigned_lead_is_refused_by_default() -> None:
    assert post(connected(), signed=False) == 401
    assert post(connected(require=False, token=""), signed=False) == 401
    assert not ProviderDelivery.objects.exists()


def test_where_staff_say_so_it_is_told_once_tiktok_confirms_it(api: HTTPServer) -> None:
    api.expect_oneshot_request("/open_api/v1.3/lead/get/").respond_with_json({"code": 0, "data": {"id": "7301"}})
    assert post(connected(require=False), signed=False) == 200
    assert ProviderDelivery.objects.get().proven is False

    sweeping.drain(NOW)

    request, _answer = api.log[0]
    assert (request.headers["Access-Token"], dict(request.args)) == ("tt-token", {"lead_id": "7301", "page_id": "P7"})
    assert Event.objects.filter(type="lead_form.tiktok_submitted").count() == 1


@pytest.mark.parametrize("answer", [{"code": 40002, "message": "no such lead"}, {"code": 0, "data": {}}, {}])
def test_what_tiktok_does_not_confirm_is_never_told(api: HTTPServer, answer) -> None:
    api.expect_request("/open_api/v1.3/lead/get/").respond_with_json(answer)
    post(connected(require=False), signed=False)

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "quarantined"
    assert not Event.objects.filter(type="lead_form.tiktok_submitted").exists()
    assert not Contact.objects.exists()


def test_a_wrong_signature_counts_as_none(api: HTTPServer) -> None:
    api.expect_request("/open_api/v1.3/lead/get/").respond_with_json({"code": 40002})
    connection = connected(require=False)
    sent = signers.by_name["tiktok"].delivery("wrong", body=b'{"entry": [{"id": "1"}]}')

    assert make.send(connection, sent).status_code == 200
    sweeping.drain(NOW)

    assert not Event.objects.filter(type__startswith="lead_form.").exists()


def test_what_is_said_of_being_proven_is_not_believed(api: HTTPServer) -> None:
    api.expect_request("/open_api/v1.3/lead/get/").respond_with_json({"code": 40002})
    post(connected(require=False), signed=False, entry={**ENTRY, "unproven": False})

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "quarantined"


def test_a_lead_without_an_id_waits_for_a_person() -> None:
    post(connected(), signed=True, entry={"page_id": "P7"})

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "quarantined"
