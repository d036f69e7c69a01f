"""Standard Webhooks, by the example of its specification."""

from datetime import UTC, datetime

from providers.base import Delivery
from providers.standard_webhooks import verify


def test_the_example_of_the_specification_is_accepted() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }  # fmt: skip
    sent = Delivery("POST", "https://crm.example.org/", headers, b'{"test": 2432232314}')
    secret, moment = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)

    assert verify(sent, [secret], moment) is True
    assert verify(sent, [secret.removeprefix("whsec_")], moment) is True
