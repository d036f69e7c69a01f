"""What Cal.com writes where nobody entered a secret is no signature."""

from providers.tests.signers import by_name, changed

CASE = by_name["cal_com"]


def test_no_secret_provided_is_refused() -> None:
    sent = changed(CASE.delivery(), X_Cal_Signature_256="no-secret-provided")

    assert CASE.verify(sent) is False
    assert CASE.verify(sent, "no-secret-provided") is False
