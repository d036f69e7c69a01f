"""LinkedIn's signature: the prefix belongs to what is signed, and may stand before the signature."""

from providers.linkedin import verify
from providers.tests.signers import JSON, NOW, by_name, changed, hmac_of

CASE = by_name["linkedin"]


def test_the_prefix_may_stand_in_the_header() -> None:
    sent = CASE.delivery()
    signature = sent.headers["X-LI-Signature"]

    assert CASE.verify(changed(sent, X_LI_Signature=f"hmacsha256={signature}")) is True
    assert CASE.verify(changed(sent, X_LI_Signature=f"hmacsha256=hmacsha256={signature}")) is False
    assert CASE.verify(changed(sent, X_LI_Signature=f"sha256={signature}")) is False


def test_the_body_alone_is_not_what_is_signed() -> None:
    sent = changed(CASE.delivery(), X_LI_Signature=hmac_of(CASE.secret, JSON).hex())

    assert verify(sent, [CASE.secret], NOW) is False
