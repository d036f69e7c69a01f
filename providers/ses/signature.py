"""How Amazon SNS signs: RSA over chosen fields of the message, with a key whose certificate is fetched from
Amazon. Version 1 is SHA-1, version 2 SHA-256; both are in use, by the topic's own setting.
"""

import base64
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from providers.base import Delivery, refusing

Fetch = Callable[[str], bytes]
CERTIFICATE: Final = re.compile(
    r"https://sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?/SimpleNotificationService-[0-9a-f]+\.pem"
)
NOTIFICATION: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
SUBSCRIPTION: Final = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED: Final = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": SUBSCRIPTION,
    "UnsubscribeConfirmation": SUBSCRIPTION,
}
# A topic chooses; SHA-1 is what those made before 2022 still sign with.
_DIGESTS: Final[dict[str, type[HashAlgorithm]]] = {"1": SHA1, "2": SHA256}


@lru_cache(maxsize=32)
def fetch_certificate(url: str) -> bytes:
    """The certificate at an address that `CERTIFICATE` allows, fetched once by each process."""
    # Imported here, for it needs the settings and a verifier does not.
    from triggers.outside import net

    answer = net.send("GET", url, timeout=(3, 5))
    if answer.status != 200 or answer.truncated:
        raise ValueError(f"the certificate's address answered {answer.status}")
    return answer.body


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime, *, fetch: Fetch = fetch_certificate) -> bool:
    """Whether Amazon signed this message. There is no secret of ours: `secrets` play no part.

    Which topic it comes from is for the caller to compare with the connection's.
    """
    message = message_in(delivery)
    url, version = message.get("SigningCertURL", ""), message.get("SignatureVersion", "")
    if not CERTIFICATE.fullmatch(url) or version not in _DIGESTS:
        return False
    signature = base64.b64decode(message["Signature"], validate=True)
    signed = string_to_sign(message)
    key = load_pem_x509_certificate(fetch(url)).public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signature, signed, PKCS1v15(), _DIGESTS[version]())
    except InvalidSignature:
        return False
    return True


def message_in(delivery: Delivery) -> dict[str, Any]:
    """The message in the body. Raises `ValueError` where it is none, or says something twice."""
    message = json.loads(delivery.body, object_pairs_hook=_once)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


def string_to_sign(message: dict[str, Any]) -> bytes:
    """The fields that are signed, each as "name\\nvalue\\n" in the order of their names."""
    fields = _SIGNED[message["Type"]]
    # Only a notification's subject may be missing.
    wanted = [name for name in fields if name in message or name != "Subject"]
    lines = [f"{name}\n{_text(message[name])}\n" for name in wanted]
    return "".join(lines).encode()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a signed field is not text")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
