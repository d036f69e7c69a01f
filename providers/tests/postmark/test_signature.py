"""Postmark shows a user name and a password."""

import base64

from providers.tests.signers import by_name, changed

CASE = by_name["postmark"]


def shown(text: str, scheme: str = "Basic") -> bool:
    return CASE.verify(changed(CASE.delivery(), Authorization=f"{scheme} {base64.b64encode(text.encode()).decode()}"))


def test_both_halves_must_be_right() -> None:
    assert shown("hook:8Zk-current-secret") is True
    assert shown("hook:8Zk-current-secret", "basic") is True
    for wrong in (
        "hook:",
        ":8Zk-current-secret",
        "hook",
        "hook:8Zk-current-secret ",
        "Hook:8Zk-current-secret",
        "",
        ":",
        "höok:8Zk-current-secret",
    ):
        assert shown(wrong) is False
    assert shown("hook:8Zk-current-secret", "Bearer") is False


def test_a_secret_without_a_user_name_proves_nothing() -> None:
    sent = changed(CASE.delivery(), Authorization="Basic " + base64.b64encode(b"8Zk-current-secret").decode())

    assert CASE.verify(sent, "8Zk-current-secret") is False
