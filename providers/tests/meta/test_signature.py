"""Meta's signature, by the value GitHub publishes for the same header and scheme."""

from datetime import UTC, datetime

from providers.base import Delivery
from providers.meta import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def post(**headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery("POST", "https://crm.example.org/", named, b"Hello, World!")


def test_the_published_value_is_accepted() -> None:
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert verify(post(X_Hub_Signature_256=f"sha256={digest}"), ["It's a Secret to Everybody"], NOW) is True
    assert verify(post(X_Hub_Signature_256=digest), ["It's a Secret to Everybody"], NOW) is False
    assert verify(post(X_Hub_Signature=f"sha256={digest}"), ["It's a Secret to Everybody"], NOW) is False
