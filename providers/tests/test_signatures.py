"""What no verifier may accept, whoever's it is (reliability, T17); and that none of them ever raises."""

import json
import pkgutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import providers
from providers.base import Delivery
from providers.tests.signers import CASES, NOW, URL, Case, b64, by_name, changed, keys

all_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
SECOND = timedelta(seconds=1)
# A signer that knows no secret: what these verify depends on no secret of ours.
KEYLESS = ("ses",)


def test_every_provider_is_tried_here() -> None:
    folders = {found.name for found in pkgutil.iter_modules(providers.__path__) if found.ispkg} - {
        "tests", "migrations", "api", "admin", "management",
    }  # fmt: skip

    assert folders == set(by_name)


@all_cases
def test_what_the_provider_signs_is_accepted(case: Case) -> None:
    assert case.verify(case.delivery()) is True


@all_cases
def test_while_secrets_rotate_either_is_accepted(case: Case) -> None:
    both = (case.other, case.secret)

    assert case.verify(case.delivery(case.secret), *both) is True
    if case.name not in KEYLESS:
        assert case.verify(case.delivery(case.other), *both) is True


MALFORMED_SECRETS = [
    "x", "ö", "\udcff", "\0", "====", "whsec_", "whsec_====", ":", "-----BEGIN PUBLIC KEY-----", b64(b"no key"),
    b64(keys("rsa")[1]),
]  # fmt: skip


@all_cases
def test_a_malformed_secret_keeps_no_other_from_proving(case: Case) -> None:
    """Whichever of the two it is, the present or the former; and by itself it proves nothing."""
    sent = case.delivery()

    for malformed in MALFORMED_SECRETS:
        assert case.verify(sent, malformed, case.secret) is True, malformed
        assert case.verify(sent, case.secret, malformed) is True, malformed
        if case.name not in KEYLESS:
            assert case.verify(sent, malformed) is False, malformed


@all_cases
def test_the_names_of_headers_have_no_case(case: Case) -> None:
    sent = case.delivery()
    shouted = Delivery("POST", URL, {name.upper(): value for name, value in sent.headers.items()}, sent.body)

    assert case.verify(shouted) is True


@all_cases
def test_another_tenants_secret_is_refused(case: Case) -> None:
    more = {"fetch": lambda _url: keys("rsa-other")[1]} if case.name == "ses" else {}

    assert case.verify(case.delivery(case.secret), case.other, **more) is False


@all_cases
def test_no_secret_accepts_nothing(case: Case) -> None:
    if case.name in KEYLESS:
        return
    verify = __import__(f"providers.{case.name}", fromlist=["verify"]).verify

    assert verify(case.delivery(), [], NOW) is False
    assert verify(case.delivery(), [""], NOW) is False


@pytest.mark.parametrize("name", sorted(set(by_name) - {"ses", "sendgrid", "standard_webhooks"}))
def test_an_empty_secret_does_not_accept_what_is_signed_with_an_empty_key(name: str) -> None:
    # Stripe's library signs with nothing but refuses to verify so; the others would find equal signatures.
    case = by_name[name]

    assert case.verify(case.delivery(secret=""), "") is False


@all_cases
def test_without_its_proof_nothing_is_accepted(case: Case) -> None:
    sent = case.delivery()

    for name in sent.headers:
        if name.lower() != "content-type":
            assert case.verify(changed(sent, **{name: None})) is False
            assert case.verify(changed(sent, **{name: ""})) is False
    assert case.verify(Delivery("POST", URL, {}, case.body)) is False


@all_cases
def test_one_changed_byte_is_refused(case: Case) -> None:
    """Every 7th byte, for those whose signature covers the body; where it does not, in the proof within it."""
    sent = case.delivery()
    covered = range(0, len(sent.body), 7) if case.covers_body else _proof_within(sent.body)

    for place in covered:
        spoilt = bytearray(sent.body)
        spoilt[place] ^= 1
        if case.name == "ses" and _means_the_same(sent.body, bytes(spoilt)):
            continue
        assert case.verify(changed(sent, body=bytes(spoilt))) is False, (place, bytes(spoilt))


def _proof_within(body: bytes) -> range:
    """Where the signature's own digits stand, for those who put it into the body."""
    marks = [b'"signature": "', b'"event_hash": "']
    starts = [body.index(mark) + len(mark) for mark in marks if mark in body]
    return range(starts[0], starts[0] + 64) if starts else range(0)


def _means_the_same(body: bytes, other: bytes) -> bool:
    """Whether a change touched neither what Amazon signs nor its proof."""
    try:
        before, after = json.loads(body), json.loads(other)
    except ValueError:
        return False
    signed = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type", "Signature", "SigningCertURL")
    return all(before.get(name) == after.get(name) for name in signed)


@all_cases
def test_json_written_anew_is_refused(case: Case) -> None:
    """But for SNS, which signs values, and for those who sign nothing of it."""
    if case.name in ("ses", "twilio") or not case.covers_body:
        return
    sent = case.delivery()

    assert case.verify(changed(sent, body=json.dumps(json.loads(sent.body)).encode())) is False


@all_cases
def test_what_is_stale_or_of_the_future_is_refused(case: Case) -> None:
    if case.oldest is None:
        # Nothing signed says when: only the delivery's id keeps these from counting twice.
        assert case.verify(case.delivery(), now=NOW + timedelta(days=300)) is True
        return
    ahead = min(case.oldest, timedelta(minutes=5))

    assert case.verify(case.delivery(moment=NOW - case.oldest)) is True
    assert case.verify(case.delivery(moment=NOW - case.oldest - SECOND)) is False
    assert case.verify(case.delivery(moment=NOW + timedelta(minutes=5) + SECOND)) is False
    assert case.verify(case.delivery(moment=NOW + ahead)) is True


MALFORMED = [
    "", "=", ",", "t=", "t=,v1=", "t=1,t=2,v1=a", "v1", "sha256", "sha256=", "sha256=ö", "v1,v1,v1", "v1,ö=",
    "Basic", "Basic ö", "Basic ====", "t=99999999999999999999,v1=a", "t=-1,s=a", "no-secret-provided", "ÿ" * 2000,
    "\0", "\udcff",
]  # fmt: skip


@all_cases
def test_a_malformed_proof_is_refused(case: Case) -> None:
    sent = case.delivery()
    proofs = [name for name in sent.headers if name.lower() not in ("content-type", "webhook-id")]

    accepted = [(name, value) for value in MALFORMED for name in proofs if case.verify(changed(sent, **{name: value}))]

    assert accepted == []


BODIES = [
    b"", b"\xff\xfe\x00", b"null", b"[]", b"{}", b'"text"', b"5", b"{", b"[" * 100_000, b'{"signature":5}',
    b'{"signature":{"timestamp":5,"token":[],"signature":null}}', b'{"event":[]}', b'{"Type":"Notification"}',
    b'{"signature":{"timestamp":"1","token":"\xc3\xb6","signature":"\xc3\xb6"}}', b"json=%ff", b"a=" + b"&" * 5000,
    b'{"Type":[],"SignatureVersion":{},"SigningCertURL":5}', b"9" * 10_000,
]  # fmt: skip


KINDS = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge", "x"]


@all_cases
def test_a_body_of_another_kind_is_refused(case: Case) -> None:
    if case.name == "postmark":
        return
    sent = case.delivery()
    odd = [(kind, body) for kind in KINDS for body in BODIES]

    with_proof = [each for each in odd if case.verify(changed(sent, content_type=each[0], body=each[1]))]
    alone = [each for each in odd if case.verify(Delivery("POST", URL, {"Content-Type": each[0]}, each[1]))]

    assert (with_proof, alone) == ([], [])


def test_postmark_does_not_look_into_the_body() -> None:
    case = by_name["postmark"]

    assert case.verify(changed(case.delivery(), body=b"\xff")) is True


NAMES = sorted({name for case in CASES for name in case.delivery().headers})
text = st.text(st.characters(exclude_categories=()), max_size=60)


@all_cases
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300), headers=st.dictionaries(st.sampled_from(NAMES), text, max_size=6), url=text,
    secrets=st.lists(text, max_size=3),
)  # fmt: skip
def test_no_bytes_make_it_raise(case: Case, body: bytes, headers: dict[str, str], url: str, secrets: list[str]) -> None:
    verify = __import__(f"providers.{case.name}", fromlist=["verify"]).verify

    assert verify(Delivery("POST", url, headers, body), secrets, NOW, **case.more) is False


@all_cases
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_good_delivery_makes_it_raise(case: Case, data: st.DataObject) -> None:
    sent = case.delivery() if case.name not in ("ses", "sendgrid") else _signed_once(case)
    start = data.draw(st.integers(0, len(sent.body)))
    end = data.draw(st.integers(start, len(sent.body)))
    body = sent.body[:start] + data.draw(st.binary(max_size=20)) + sent.body[end:]

    found = case.verify(changed(sent, body=body))

    assert found is False or (found is True and (body == sent.body or not case.covers_body or case.name == "ses"))


_kept: dict[str, Delivery] = {}


def _signed_once(case: Case) -> Delivery:
    """Openssl is another process: once is enough."""
    return _kept.setdefault(case.name, case.delivery()) if case.name not in _kept else _kept[case.name]
