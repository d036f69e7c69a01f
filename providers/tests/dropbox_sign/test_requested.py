"""Dropbox Sign: what a callback tells is asked for before it is believed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from commerce.models import Document
from providers import frame
from providers.frame import Unclear
from providers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
T = int(NOW.timestamp())


def callback(kind: str, number: str = "r1") -> dict[str, Any]:
    return {
        "event": {"event_type": kind, "event_time": str(T)},
        "signature_request": {"signature_request_id": number, "is_complete": True},
    }  # fmt: skip


def answered(httpserver: Any, settings: Any, **found: Any) -> None:
    settings.DROPBOX_SIGN_API_URL = httpserver.url_for("/").rstrip("/")
    settings.OUTGOING_ALLOW_HTTP = settings.OUTGOING_ALLOW_LOOPBACK = True
    settings.OUTGOING_PORTS = [httpserver.port]
    signer = {
        "signer_email_address": "mia@example.org",
        "signer_name": "Mia Brandt",
        "last_viewed_at": T - 60,
        **found.pop("signer", {}),
    }
    request = {
        "signature_request_id": "r1",
        "title": "Contract",
        "created_at": T - 600,
        "signatures": [signer],
        **found,
    }
    httpserver.expect_request("/v3/signature_request/r1").respond_with_json({"signature_request": request})


def told(kind: str, number: str = "r1") -> None:
    connection, provider = make.connection("dropbox_sign"), frame.find("dropbox_sign")
    provider.handle(connection, provider.fetch(connection, callback(kind, number), NOW), NOW)


def test_a_callback_that_claims_more_than_is_true_is_not_believed(httpserver: Any, settings: Any) -> None:
    answered(httpserver, settings, is_complete=False)

    told("signature_request_all_signed")

    document = Document.objects.get()
    assert (document.status, document.recipient_email, document.completed_at) == ("viewed", "mia@example.org", None)


def test_signed_by_all_it_is_complete(httpserver: Any, settings: Any) -> None:
    answered(httpserver, settings, is_complete=True, signer={"signed_at": T})

    told("signature_request_all_signed")

    document = Document.objects.get()
    assert (document.status, document.completed_at, document.contact.name) == ("completed", NOW, "Mia Brandt")


def test_an_answer_about_another_request_is_unclear(httpserver: Any, settings: Any) -> None:
    answered(httpserver, settings, signature_request_id="r2")

    with pytest.raises(Unclear):
        told("signature_request_sent")
