"""Looking numbers up, against a real HTTP server that answers as Twilio does."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from conversations import numbers
from conversations.numbers import LookupFailed, Verdict
from providers.models import Connection
from providers.tests.twilio.calling import ACCOUNT, TOKEN
from triggers.models import ActionRun, Event
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NUMBER = "+4915112345678"


@pytest.fixture
def twilio(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    settings.TWILIO_LOOKUP_URL = httpserver.url_for("").rstrip("/")
    return httpserver


def answers(twilio: HTTPServer, body: Any, status: int = 200) -> None:
    twilio.expect_request(f"/v2/PhoneNumbers/{NUMBER}").respond_with_json(body, status=status)


LINE = {"type": "mobile", "carrier_name": "Telekom", "error_code": None}


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"valid": True, "country_code": "DE", "line_type_intelligence": LINE},
         Verdict(NUMBER, "mobile", "twilio", "", "mobile", "Telekom", "DE")),
        ({"valid": True, "line_type_intelligence": {"type": "nonFixedVoip"}},
         Verdict(NUMBER, "voip", "twilio", "", "nonFixedVoip")),
        ({"valid": True, "line_type_intelligence": {"type": None, "error_code": 60601}},
         Verdict(NUMBER, "valid", "twilio", "60601", "unknown")),
        ({"valid": False, "validation_errors": ["TOO_SHORT"], "line_type_intelligence": None},
         Verdict(NUMBER, "invalid", "twilio", "TOO_SHORT")),
        ({"line_type_intelligence": "x", "validation_errors": {}}, Verdict(NUMBER, "invalid", "twilio")),
    ],
)  # fmt: skip
def test_what_twilio_says_of_a_number(connection: Connection, twilio: HTTPServer, body: Any, verdict: Verdict) -> None:
    answers(twilio, body)

    assert numbers.lookups["twilio"](NUMBER) == verdict

    [(request, _answer)] = twilio.log
    assert request.authorization is not None
    assert (request.authorization.username, request.authorization.password) == (ACCOUNT, TOKEN)
    assert request.args.to_dict() == {"Fields": "line_type_intelligence"}


@pytest.mark.parametrize(("status", "final"), [(500, False), (429, False), (401, False), (400, True)])
def test_a_look_up_that_fails_says_whether_it_may_work_later(
    connection: Connection, twilio: HTTPServer, status: int, final: bool
) -> None:
    answers(twilio, {}, status)

    with pytest.raises(LookupFailed) as failed:
        numbers.lookups["twilio"](NUMBER)

    assert failed.value.final is final


def test_the_action_looks_up_by_twilio_and_without_a_connection_says_what_to_do(twilio: HTTPServer) -> None:
    make.workflow(make.action("a1", "contact.validate_phone", by="twilio"))
    make.tag(make.contact(phone=NUMBER))

    drain()

    done = ActionRun.objects.get()
    assert done.status == "failed"
    assert "Twilio is not connected." in done.error
    assert not Event.objects.filter(type="phone.validated").exists()
