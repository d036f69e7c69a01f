"""Stripe's signature: several at once, the old scheme, and two times in one header."""

from providers.tests.signers import NOW, by_name, changed, unix

CASE = by_name["stripe"]


def test_any_of_several_signatures_is_enough() -> None:
    sent = CASE.delivery()
    time, signature = sent.headers["Stripe-Signature"].split(",")

    assert CASE.verify(changed(sent, Stripe_Signature=f"{time},v1={'0' * 64},{signature}")) is True
    assert CASE.verify(changed(sent, Stripe_Signature=f"{time}, {signature}")) is True


def test_the_old_scheme_does_not_count() -> None:
    sent = CASE.delivery()

    assert CASE.verify(changed(sent, Stripe_Signature=sent.headers["Stripe-Signature"].replace("v1=", "v0="))) is False


def test_a_second_time_is_refused() -> None:
    """The library signs by the first and another reader might judge the age by the last."""
    sent = CASE.delivery()

    assert CASE.verify(changed(sent, Stripe_Signature=sent.headers["Stripe-Signature"] + f",t={unix(NOW)}")) is False
