"""A mail that Amazon SES has put into S3: one GET, signed as AWS wants it (Signature Version 4).

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from providers import asking
from providers.base import field_of
from providers.frame import Later, Unclear

# The largest mail that SES puts into a bucket.
MAX_MAIL: Final = 40 * 1024 * 1024
TIMEOUT: Final = (5.0, 15.0)
EMPTY: Final = hashlib.sha256(b"").hexdigest()
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2}")
# A mail that SES has encrypted with a key of the account's says so.
_ENCRYPTED: Final = ("x-amz-meta-x-amz-key-v2", "x-amz-meta-x-amz-key")


def get(connection: Any, action: Any, topic: str, now: datetime) -> bytes:
    """The mail that the action of a receipt rule has stored. Raises `Later` and `Unclear`."""
    bucket, key = field_of(action, "bucketName"), field_of(action, "objectKey")
    region = connection.options.get("region") or next(iter(topic.split(":")[3:4]), "")
    if not _BUCKET.fullmatch(bucket) or ".." in bucket or not 0 < len(key) <= 1024:
        raise Unclear(_("It names no bucket and object of S3."))
    if not REGION.fullmatch(region):
        raise Unclear(_("The region of the bucket is not known. Enter it, such as eu-central-1."))
    key_id, secret = connection.secret("access_key_id"), connection.secret("secret_access_key")
    if not key_id or not secret:
        raise Later(_("Enter an access key: without it the mail cannot be fetched from S3."), asking.PATIENCE)
    url = address(bucket, key, region)
    answer = asking.ask(url, signed(url, region, key_id, secret, now), now, limit=MAX_MAIL, timeout=TIMEOUT)
    if any(name in answer.headers for name in _ENCRYPTED):
        raise Unclear(_("The mail is encrypted with a key of yours. Switch encryption off in the receipt rule."))
    if answer.truncated:
        raise Later(_("The mail broke off on its way from S3."))
    return answer.body


def address(bucket: str, key: str, region: str) -> str:
    """Where the object lies. A bucket with a full stop fits no certificate, and goes into the path."""
    host = f"s3.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
    path = quote(key, safe="/-_.~")
    return f"https://{host}/{bucket}/{path}" if "." in bucket else f"https://{bucket}.{host}/{path}"


def signed(
    url: str, region: str, key_id: str, secret: str, now: datetime, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The headers of a GET of this address, with the proof that the owner of the key asks."""
    parts, stamp = urlsplit(url), now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    said = {name.lower(): value for name, value in (more or {}).items()}
    said |= {"x-amz-content-sha256": EMPTY, "x-amz-date": stamp}
    covered = {**said, "host": parts.netloc}
    names = ";".join(sorted(covered))
    lines = [f"{name}:{covered[name]}" for name in sorted(covered)]
    request = "\n".join(["GET", parts.path, parts.query, *lines, "", names, EMPTY])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    proof = hmac.digest(key, to_sign.encode(), "sha256").hex()
    told = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={proof}"
    return {**said, "Authorization": told}
