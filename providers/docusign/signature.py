"""How DocuSign Connect signs: HMAC-SHA256 of the raw body in base64, one header for each key that is active."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from providers.base import Delivery, refusing
from triggers.outside.signatures import verify_hmac

_HEADER: Final = re.compile(r"x-docusign-signature-[0-9]{1,3}")


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the keys, used as the text the console shows, made one of the signatures."""
    headers = [name for name in delivery.headers if _HEADER.fullmatch(name.lower())]
    return any(verify_hmac(delivery, secrets, header=name, encoding="base64") for name in headers)
