import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from triggers.outside.signatures import Delivery, check_secret, new_secret, sign, verify_hmac, verify_standard

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD4QmgdvWxcaU="
BODY = '{"type": "contact.created", "data": {"name": "Zoë"}}'.encode()


def delivery(body=BODY, **changes):
    """A delivery signed by the reference library; `changes` replace headers, None removes one."""
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(NOW.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("msg_1", NOW, BODY.decode()),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in headers.items() if value is not None}
    return Delivery("POST", "https://crm.example.com/in/abc/", kept, body)


def test_what_the_reference_library_signs_is_accepted():
    assert verify_standard(delivery(), [SECRET], NOW) is True


def test_what_we_sign_is_accepted_by_the_reference_library():
    headers = sign("msg_1", NOW, BODY, [SECRET])

    with time_machine.travel(NOW, tick=False):
        payload = Webhook(SECRET).verify(BODY, headers)

    assert payload == {"type": "contact.created", "data": {"name": "Zoë"}}
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1772366400")


def test_the_example_of_the_specification_comes_out_the_same():
    moment = datetime.fromtimestamp(1614265330, UTC)

    headers = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", moment, b'{"test": 2432232314}', [SECRET])

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_work_while_one_replaces_the_other():
    headers = sign("msg_1", NOW, BODY, [OTHER, SECRET])

    with time_machine.travel(NOW, tick=False):
        for secret in (OTHER, SECRET):
            Webhook(secret).verify(BODY, headers)
    assert headers["webhook-signature"].count("v1,") == 2
    assert verify_standard(delivery(), [OTHER, SECRET], NOW) is True
    assert verify_standard(delivery(), [SECRET, OTHER], NOW) is True
    assert verify_standard(Delivery("POST", "https://x/", headers, BODY), [SECRET], NOW) is True


def test_unpadded_secrets_work_as_in_the_reference_library():
    secret = OTHER.rstrip("=")

    headers = sign("msg_1", NOW, BODY, [secret])

    with time_machine.travel(NOW, tick=False):
        assert Webhook(secret).verify(BODY, headers, json_parse=False) is None
    assert headers == sign("msg_1", NOW, BODY, [OTHER])


GENUINE = Webhook(SECRET).sign("msg_1", NOW, BODY.decode())


@pytest.mark.parametrize(
    ("broken", "secrets"),
    [
        pytest.param(delivery(Webhook_Signature=None), [SECRET], id="no signature"),
        pytest.param(delivery(Webhook_Timestamp=None), [SECRET], id="no timestamp"),
        pytest.param(delivery(Webhook_Id=None), [SECRET], id="no id"),
        pytest.param(delivery(), [OTHER], id="another account's secret"),
        pytest.param(delivery(), [], id="no secret"),
        pytest.param(delivery(), ["", "whsec_", "not base64 at all!!", "whsec_é"], id="no usable secret"),
        pytest.param(delivery(BODY[:-1] + b" "), [SECRET], id="one byte changed"),
        pytest.param(delivery(BODY + b"\n"), [SECRET], id="one byte more"),
        pytest.param(delivery(json.dumps(json.loads(BODY)).encode()), [SECRET], id="serialised again"),
        pytest.param(delivery(b"\xff\xfe" + BODY), [SECRET], id="body not UTF-8"),
        pytest.param(delivery(Webhook_Id="msg_2"), [SECRET], id="another id"),
        pytest.param(delivery(Webhook_Id="msg_1.1772366400"), [SECRET], id="full stop in the id"),
        pytest.param(delivery(Webhook_Id="msg_é"), [SECRET], id="id outside ASCII"),
        pytest.param(delivery(Webhook_Timestamp="1772366401"), [SECRET], id="another timestamp"),
        pytest.param(delivery(Webhook_Timestamp="1772366400.0"), [SECRET], id="fractional timestamp"),
        pytest.param(delivery(Webhook_Timestamp="soon"), [SECRET], id="timestamp in words"),
        pytest.param(delivery(Webhook_Timestamp="9" * 400), [SECRET], id="endless timestamp"),
        pytest.param(delivery(Webhook_Timestamp="١٧٧٢٣٦٦٤٠٠"), [SECRET], id="Arabic digits"),
        pytest.param(delivery(Webhook_Timestamp="-1"), [SECRET], id="negative timestamp"),
        pytest.param(delivery(Webhook_Signature=""), [SECRET], id="empty signature"),
        pytest.param(delivery(Webhook_Signature=GENUINE[:-5]), [SECRET], id="truncated signature"),
        pytest.param(delivery(Webhook_Signature=GENUINE.replace(",", "")), [SECRET], id="no comma"),
        pytest.param(delivery(Webhook_Signature=GENUINE.replace("v1,", "")), [SECRET], id="no version"),
        pytest.param(delivery(Webhook_Signature=GENUINE.replace("v1,", "v2,")), [SECRET], id="other version"),
        pytest.param(delivery(Webhook_Signature="v1,not/base64!"), [SECRET], id="bad base64"),
        pytest.param(delivery(Webhook_Signature="v1,ümläut"), [SECRET], id="signature outside ASCII"),
        pytest.param(delivery(Webhook_Signature="v1,\ud800"), [SECRET], id="half a surrogate pair"),
    ],
)
def test_a_delivery_with_anything_wrong_is_refused(broken, secrets):
    assert verify_standard(broken, secrets, NOW) is False


def test_a_signature_made_with_an_empty_key_is_refused():
    digest = hmac.digest(b"", b"msg_1.1772366400." + BODY, "sha256")
    forged = delivery(Webhook_Signature="v1," + base64.b64encode(digest).decode())

    assert verify_standard(forged, ["whsec_"], NOW) is False


@pytest.mark.parametrize(("seconds", "accepted"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_delivery_is_good_for_five_minutes_on_either_side(seconds, accepted):
    assert verify_standard(delivery(), [SECRET], NOW + timedelta(seconds=seconds)) is accepted


def test_one_good_signature_among_odd_ones_is_enough():
    signature = f"v1a,abc nonsense  v1,AAAA {GENUINE}"

    assert verify_standard(delivery(Webhook_Signature=signature), [SECRET], NOW) is True


def test_a_body_that_is_not_text_can_be_signed_and_verified():
    body = bytes(range(256))

    headers = sign("msg_1", NOW, body, [SECRET])

    assert verify_standard(Delivery("POST", "https://x/", headers, body), [SECRET], NOW) is True


@pytest.mark.parametrize(
    ("message_id", "moment", "secrets"),
    [
        ("msg.1", NOW, [SECRET]),
        ("msg\r\nX: 1", NOW, [SECRET]),
        ("", NOW, [SECRET]),
        ("msg_1", NOW.replace(tzinfo=None), [SECRET]),
        ("msg_1", NOW, []),
        ("msg_1", NOW, ["not base64 at all!!"]),
    ],
)
def test_signing_refuses_what_could_not_be_verified(message_id, moment, secrets):
    with pytest.raises(ValueError):
        sign(message_id, moment, BODY, secrets)


def test_a_new_secret_is_32_random_bytes_that_pass_the_check():
    first, second = new_secret(), new_secret()

    check_secret(first)

    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    assert first != second


@pytest.mark.parametrize("size", [24, 32, 64])
@pytest.mark.parametrize("prefix", ["whsec_", ""])
def test_secrets_of_24_to_64_bytes_pass(size, prefix):
    check_secret(prefix + base64.b64encode(bytes(size)).decode())


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("whsec_" + base64.b64encode(bytes(23)).decode(), "The secret holds 23 bytes. Use one of 24 to 64 bytes."),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "The secret holds 65 bytes. Use one of 24 to 64 bytes."),
        ("", "The secret holds 0 bytes. Use one of 24 to 64 bytes."),
        (
            "not base64 at all!!",
            "The secret is not base64. Copy it whole, with “whsec_” in front, from where it was made.",
        ),
        (
            "whsec_!!!!" + base64.b64encode(bytes(32)).decode(),
            "The secret is not base64. Copy it whole, with “whsec_” in front, from where it was made.",
        ),
        ("é" * 40, "The secret is not base64. Copy it whole, with “whsec_” in front, from where it was made."),
    ],
)
def test_other_secrets_are_refused_with_what_to_do(secret, message):
    with pytest.raises(ValueError) as refusal:
        check_secret(secret)

    assert str(refusal.value) == message


# GitHub's published example of X-Hub-Signature-256.
HUB_SECRET = "It's a Secret to Everybody"
HUB_BODY = b"Hello, World!"
HUB_HEX = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def hub(value, body=HUB_BODY):
    return Delivery("POST", "https://x/", {"X-Hub-Signature-256": value}, body)


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (hub("sha256=" + HUB_HEX), {"prefix": "sha256="}),
        (hub("sha256=" + HUB_HEX.upper()), {"prefix": "sha256="}),
        (hub(HUB_HEX), {}),
        (hub(base64.b64encode(bytes.fromhex(HUB_HEX)).decode()), {"encoding": "base64"}),
    ],
)
def test_a_plain_hmac_of_the_body_is_accepted(given, options):
    assert verify_hmac(given, [HUB_SECRET], header="x-hub-signature-256", **options) is True
    assert verify_hmac(given, ["new", HUB_SECRET], header="X-Hub-Signature-256", **options) is True


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        (hub("sha256=" + HUB_HEX, b"Hello, World?"), [HUB_SECRET]),
        (hub("sha256=" + HUB_HEX), ["another"]),
        (hub("sha256=" + HUB_HEX), []),
        (hub("sha256=" + HUB_HEX[:-1]), [HUB_SECRET]),
        (hub("sha1=" + HUB_HEX), [HUB_SECRET]),
        (hub(HUB_HEX), [HUB_SECRET]),
        (hub("sha256="), [HUB_SECRET]),
        (hub("sha256=ü"), [HUB_SECRET]),
        (hub("sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", b""), [""]),
        (Delivery("POST", "https://x/", {}, HUB_BODY), [HUB_SECRET]),
    ],
)
def test_a_plain_hmac_with_anything_wrong_is_refused(given, secrets):
    assert verify_hmac(given, secrets, header="X-Hub-Signature-256", prefix="sha256=") is False


def test_headers_are_found_in_any_case_and_stay_out_of_the_repr():
    given = delivery()

    assert given.headers["WEBHOOK-ID"] == given.headers["webhook-id"] == "msg_1"
    assert repr(given) == "Delivery(method='POST', url='https://crm.example.com/in/abc/')"


anything = st.text(st.characters())
names = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "x-signature"])
values = st.one_of(anything, st.sampled_from(["msg_1", str(int(NOW.timestamp())), GENUINE]))


@settings(deadline=None)
@given(
    st.dictionaries(st.one_of(names, anything), values),
    st.binary(),
    st.lists(st.one_of(anything, st.just(SECRET))),
    st.sampled_from(["hex", "base64"]),
)
def test_no_headers_body_or_secrets_make_a_verifier_raise_or_accept(headers, body, secrets, encoding):
    received = Delivery("POST", "https://x/", headers, body)

    assert verify_standard(received, secrets, NOW) is False
    assert verify_hmac(received, secrets, header="x-signature", encoding=encoding) is False
