"""DocuSign signs once for each active key; one that is ours is enough."""

from providers.tests.signers import by_name, changed

CASE = by_name["docusign"]


def test_any_numbered_header_counts() -> None:
    sent = CASE.delivery()
    signature = sent.headers["X-DocuSign-Signature-1"]

    second = {"X_DocuSign_Signature_1": "b3RoZXI=", "X_DocuSign_Signature_2": signature}
    assert CASE.verify(changed(sent, **second)) is True
    assert CASE.verify(changed(sent, X_DocuSign_Signature_1=None, X_DocuSign_Signature_17=signature)) is True
    assert CASE.verify(changed(sent, X_DocuSign_Signature_1=None, X_DocuSign_Signature_x=signature)) is False
