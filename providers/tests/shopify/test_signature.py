"""Shopify's signature under both names of its header."""

from providers.tests.signers import by_name, changed

CASE = by_name["shopify"]


def test_the_newer_name_counts_where_the_older_is_missing() -> None:
    sent = CASE.delivery()
    signature = sent.headers["X-Shopify-Hmac-Sha256"]

    assert CASE.verify(changed(sent, X_Shopify_Hmac_Sha256=None, Shopify_Hmac_Sha256=signature)) is True
    assert CASE.verify(changed(sent, X_Shopify_Hmac_Sha256="wrong", Shopify_Hmac_Sha256=signature)) is False
