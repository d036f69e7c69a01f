import pytest

from conversations.bounces import code_of, is_lasting


@pytest.mark.parametrize(
    ("code", "reply", "told", "lasting"),
    [
        (550, "5.1.1 No such user", "5.1.1", True),
        (550, "No such user", "550", True),
        (553, "Not allowed", "553", True),
        (550, "5.7.1 Blocked for spam", "5.7.1", False),
        (552, "5.2.2 Mailbox full", "5.2.2", False),
        (550, "5.2.1 Mailbox disabled", "5.2.1", True),
        (554, "Transaction failed", "554", False),
        (None, "smtp; 550 5.1.10 Null MX", "5.1.10", True),
        (None, "delayed 4.4.1", "4.4.1", False),
        (550, "Host 192.5.1.1 says no", "550", True),
        (None, "", "", False),
    ],
)
def test_what_a_refusal_says_of_the_address(code: int | None, reply: str, told: str, lasting: bool) -> None:
    assert (code_of(code, reply), is_lasting(code, reply)) == (told, lasting)
