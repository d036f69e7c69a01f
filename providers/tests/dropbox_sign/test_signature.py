"""Dropbox Sign: the event within the form, however the form is sent."""

from urllib.parse import urlencode

from providers.base import Delivery
from providers.dropbox_sign.reading import event_in
from providers.tests.signers import by_name, changed

CASE = by_name["dropbox_sign"]
EVENT = CASE.delivery().body.split(b"\r\n")[3].decode()


def multipart(*parts: str) -> Delivery:
    body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
    return changed(CASE.delivery(), body=body.encode())


def part(value: str, name: str = "json", more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}'


def test_other_fields_do_not_matter() -> None:
    assert CASE.verify(multipart(part("x", "other"), part(EVENT))) is True
    assert CASE.verify(multipart(part(EVENT, "other"))) is False


def test_two_events_in_one_form_are_refused() -> None:
    assert CASE.verify(multipart(part(EVENT), part(EVENT))) is False


def test_a_form_without_parts_is_read_too() -> None:
    sent = changed(CASE.delivery(), body=urlencode({"json": EVENT}).encode())
    kind = {"Content_Type": "application/x-www-form-urlencoded"}

    assert CASE.verify(changed(sent, **kind)) is True
    assert event_in(changed(sent, **kind))["signature_request"]["name"] == "Zoë"


def test_half_a_form_is_refused() -> None:
    sent = CASE.delivery()

    assert CASE.verify(changed(sent, body=sent.body[: len(sent.body) // 2])) is False
    assert CASE.verify(changed(sent, Content_Type="multipart/form-data")) is False
    assert CASE.verify(changed(sent, Content_Type="multipart/form-data; boundary=other")) is False


def test_the_type_of_event_is_signed_and_the_document_is_not() -> None:
    other_type = EVENT.replace("signature_request_signed", "signature_request_all_signed")

    assert CASE.verify(multipart(part(other_type))) is False
    assert CASE.verify(multipart(part(EVENT.replace("evt_1", "evt_2")))) is True
