"""Mailgun: the proof within JSON, within a form, and what it does not cover."""

import json
from urllib.parse import urlencode

from providers.tests.signers import by_name, changed

CASE = by_name["mailgun"]


def test_inbound_mail_carries_the_proof_as_form_fields() -> None:
    sent = CASE.delivery()
    proof = json.loads(sent.body)["signature"]
    kind = {"Content_Type": "application/x-www-form-urlencoded"}

    assert CASE.verify(changed(sent, body=urlencode({**proof, "sender": "a@example.org"}).encode(), **kind)) is True
    assert CASE.verify(changed(sent, body=urlencode({**proof, "token": "other"}).encode(), **kind)) is False


def test_time_and_token_are_covered_and_the_event_is_not() -> None:
    sent = CASE.delivery()
    body = json.loads(sent.body)

    for name in ("timestamp", "token", "signature"):
        for value in ("1763802001", "", None, [], 5):
            spoilt = {**body, "signature": {**body["signature"], name: value}}
            assert CASE.verify(changed(sent, body=json.dumps(spoilt).encode())) is False
    assert CASE.verify(changed(sent, body=json.dumps({**body, "event-data": {}}).encode())) is True
    assert CASE.verify(changed(sent, body=json.dumps({"event-data": body["event-data"]}).encode())) is False
