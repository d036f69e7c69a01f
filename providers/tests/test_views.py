"""`/hooks/<provider>/<connection>/` over HTTP: what is answered to whom, and that nothing refused is kept."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from providers import frame, services
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from providers.tests.signers import CASES, NOW, Case, changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
all_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
REFUSALS = {"mailgun": 406, "postmark": 403}
REPLIES = {
    "twilio": ("<Response/>", "text/xml"), "dropbox_sign": ("Hello API Event Received", "text/plain"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _our_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon's certificate is the signer's."""
    monkeypatch.setattr("providers.ses.signature.fetch_certificate", signers.fetch)
    verify = frame.find("ses").verify
    monkeypatch.setattr(
        type(frame.find("ses")), "verify", staticmethod(lambda *given: verify(*given, fetch=signers.fetch))
    )


def connected(case: Case, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> Connection:
    """A connection whose address is the one Twilio signs."""
    connection = make.connection(case.name, **fields)
    monkeypatch.setattr(signers, "URL", services.address(connection))
    return connection


@all_cases
def test_what_is_proven_is_stored_once_and_answered_as_its_provider_wants(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connected(case, monkeypatch)

    answers = [make.send(connection, case.delivery()) for _time in range(3)]

    content, kind = REPLIES.get(case.name, ("", "text/plain"))
    assert [(a.status_code, a.content.decode(), a["Content-Type"].partition(";")[0]) for a in answers] == [
        (200, content, kind)
    ] * 3
    assert ProviderDelivery.objects.filter(connection=connection).count() == 1
    connection.refresh_from_db()
    assert connection.last_received_at == NOW


@all_cases
def test_what_is_not_proven_is_refused_as_its_provider_understands(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected(case, monkeypatch)
    sent = case.delivery()
    spoilt = [
        changed(sent, body=b"{}") if case.name != "postmark" else changed(sent, authorization=None),
        changed(sent, **{name: None for name in sent.headers if name.lower() != "content-type"}, body=b"\xff"),
    ]

    answers = [make.send(connection, each) for each in spoilt]

    assert [answer.status_code for answer in answers] == [REFUSALS.get(case.name, 401)] * 2
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert not ProviderDelivery.objects.exists()


def test_an_unknown_connection_is_not_found(tryout) -> None:
    connection = make.connection()
    other = make.connection("meta")

    for path in ("/hooks/tryout/0000/", f"/hooks/meta/{connection.public_id}/", f"/hooks/tryout/{other.public_id}/"):
        assert make.SENDER.post(path, b"[]", content_type="application/json").status_code == 404


def test_one_switched_off_is_gone(tryout) -> None:
    connection = make.connection(active=False)

    assert make.send(connection, make.signed([{"id": 1}])).status_code == 410
    assert not ProviderDelivery.objects.exists()


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_without_what_proves_it_nothing_is_taken(name: str) -> None:
    """No secret; for Amazon, which has none, no topic."""
    connection = make.connection(name)
    Connection.objects.update(secrets="", account_id="")

    answer = make.send(connection, signers.by_name[name].delivery())

    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert answer.json()["title"] == "Busy"
    assert not ProviderDelivery.objects.exists()


def test_a_secret_that_does_not_open_is_no_fault_of_the_sender(tryout, settings, caplog) -> None:
    connection = make.connection()
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []

    assert make.send(connection, make.signed([{"id": 1}])).status_code == 503
    assert "SECRET_KEY_FALLBACKS" in caplog.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
def test_other_methods_change_nothing(tryout, method: str) -> None:
    connection = make.connection()

    answer = make.SENDER.generic(method, make.path(connection), b"")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert make.SENDER.get(make.path(connection)).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-encoding": "gzip"}, 415),
        ({"content-length": "1048577"}, 413),
        ({"content-length": "", "transfer-encoding": "chunked"}, 411),
    ],
)
def test_what_need_not_be_read_is_not(tryout, headers: dict[str, str], status: int) -> None:
    connection = make.connection()
    meta = {
        ("HTTP_" if name != "content-length" else "") + name.upper().replace("-", "_"): v for name, v in headers.items()
    }

    assert make.SENDER.post(make.path(connection), b"[]", content_type="application/json", **meta).status_code == status


def test_a_body_over_the_limit_is_refused_whatever_is_said_of_its_length(tryout) -> None:
    connection = make.connection()
    body = b"[" + b" " * frame.Provider.max_body + b"]"

    assert make.send(connection, make.signed(body)).status_code == 413
    assert make.send(connection, make.signed(body[:-3] + b"]")).status_code == 200


def test_former_and_present_secret_prove_for_a_day(tryout) -> None:
    connection = make.connection()
    services.write_secrets(connection, {"key": "another-secret"}, NOW)
    connection.save()

    assert make.send(connection, make.signed([{"id": 1}])).status_code == 200
    assert make.send(connection, make.signed([{"id": 2}], "another-secret")).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert make.send(connection, make.signed([{"id": 3}])).status_code == 401
        assert make.send(connection, make.signed([{"id": 3}], "another-secret")).status_code == 200


def test_more_than_the_limit_waits(tryout) -> None:
    connection = make.connection(per_minute=3)

    answers = [make.send(connection, make.signed([{"id": n}])) for n in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[3]["Retry-After"]) >= 1
    assert ProviderDelivery.objects.count() == 3


def test_a_batch_counts_once_and_the_unproven_not_at_all(tryout) -> None:
    connection = make.connection(per_minute=2)
    for _time in range(5):
        make.send(connection, make.signed([{"id": 0}], "wrong"))

    answers = [make.send(connection, make.signed([{"id": f"{n}.{m}"} for m in range(50)])) for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    cache.clear()
    assert make.send(connection, make.signed([{"id": "x"}])).status_code == 429  # by the rows


def test_refusals_are_counted_and_told_now_and_then_without_the_body(tryout, caplog) -> None:
    connection = make.connection()
    for _time in range(7):
        make.send(connection, make.signed(b'[{"who": "Zelmira"}]', "wrong"))
    connection.refresh_from_db()
    assert (connection.refused, connection.last_refused_at) == (1, NOW)

    cache.delete(f"hook:{connection.pk}:refused:told")
    make.send(connection, make.signed(b"[]", "wrong"))

    connection.refresh_from_db()
    assert connection.refused == 8
    assert caplog.text.count("refused, the last of") == 2
    assert "Zelmira" not in caplog.text
    assert connection.public_id not in caplog.text


def test_the_host_a_client_names_does_not_matter_to_twilio(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://crm.example.org"
    case = signers.by_name["twilio"]
    connection = connected(case, monkeypatch)
    sent = case.delivery()

    named = make.SENDER.generic(
        "POST", make.path(connection), sent.body, content_type=sent.headers["Content-Type"],
        headers={"X-Twilio-Signature": sent.headers["X-Twilio-Signature"], "Host": "internal:8000",
                 "X-Forwarded-Host": "evil.example"},
    )  # fmt: skip

    assert named.status_code == 200


def test_a_query_belongs_to_what_twilio_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    case = signers.by_name["twilio"]
    connection = make.connection("twilio")
    monkeypatch.setattr(signers, "URL", services.address(connection) + "?from=flow")
    sent = case.delivery()

    assert make.send(connection, sent, "?from=flow").status_code == 200
    assert make.send(connection, sent, "?from=other").status_code == 401


def test_answers_are_not_kept_by_anyone_on_the_way(tryout) -> None:
    assert make.SENDER.get("/hooks/tryout/x/")["Cache-Control"] == "no-store"


def test_a_verified_body_that_cannot_be_read_waits_for_a_person(tryout) -> None:
    connection = make.connection()

    for body in (b"{", b'{"a": 1, "a": 2}', b"[" * 60 + b"]" * 60, b"\xff"):
        assert make.send(connection, make.signed(body)).status_code == 200
        assert make.send(connection, make.signed(body)).status_code == 200

    kept = list(ProviderDelivery.objects.order_by("pk"))
    assert {(row.status, row.due_at, bool(row.error)) for row in kept} == {("quarantined", None, True)}
    assert [bytes(row.body or b"") for row in kept] == [b"{", b'{"a": 1, "a": 2}', b"", b"\xff"]
    # Readable as JSON, so that its one part is what was not.
    assert kept[2].data["unread"].startswith("[[[[")
