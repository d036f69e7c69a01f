"""A POST that may be sent twice: with an `Idempotency-Key`, its effect happens once and its answer is kept.

Effect and kept answer share one transaction, so a crash leaves both or neither. A request that is
refused has no effect and keeps nothing: it may be repeated, or mended and sent under the same key.
"""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from triggers.api.problems import Conflict
from triggers.models.access import IdempotencyRecord

HEADER: Final = "Idempotency-Key"
KEEP: Final = timedelta(hours=24)
LONGEST: Final = 120


class KeyReused(APIException):
    """The key stands for another request (422)."""

    status_code = 422
    default_code = "key_reused"
    default_detail = _("This Idempotency-Key was used for another request; take a new key for this one.")


class InFlight(Conflict):
    """The first request with this key is not answered yet (409)."""

    default_code = "in_flight"
    default_detail = _("The first request with this Idempotency-Key is still under way; try again in a moment.")


def once(request: Request, owner: str, answer: Callable[[], Response]) -> Response:
    """`answer()`, or what was answered when this key was first used. Needs the caller's transaction.

    `owner` is whose key it is: two clients may use the same one. Raises `KeyReused` and `InFlight`.
    """
    key = key_of(request)
    if key is None:
        return answer()
    mine = IdempotencyRecord.objects.filter(owner=owner, key=key)
    _be_alone(owner, key)
    mine.filter(created_at__lte=timezone.now() - KEEP).delete()
    print_ = fingerprint(request)
    kept = mine.first()
    if kept is None:
        kept = IdempotencyRecord.objects.create(owner=owner, key=key, fingerprint=print_)
        return _keep(kept, answer())
    if kept.fingerprint != print_:
        raise KeyReused()
    return Response(json.loads(kept.body), kept.status_code, headers={"Idempotent-Replay": "true"})


def key_of(request: Request) -> str | None:
    """The request's key, if it is a POST and has one. Raises `ParseError` for one that cannot be kept."""
    key: str | None = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise ParseError(
            _("An Idempotency-Key has 1 to %(n)d printable ASCII characters, for example a UUID.") % {"n": LONGEST}
        )
    return key


def fingerprint(request: Request) -> str:
    """What the request asks for, as a SHA-256 in hex: method, address and body, however it is spelt."""
    found = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request.data):
        found.update(part)
    return found.hexdigest()


def _parts(data: Any) -> Iterable[bytes]:
    if not isinstance(data, QueryDict):
        yield json.dumps(data, sort_keys=True).encode()
        return
    for name, values in sorted(data.lists()):
        yield f"{name}\n".encode()
        for value in values:
            if isinstance(value, UploadedFile):
                yield from value.chunks()
                value.seek(0)
            else:
                yield str(value).encode()


def _be_alone(owner: str, key: str) -> None:
    """Raises `InFlight` while another transaction uses the key.

    On SQLite the transaction has waited for its turn to write, so whoever was first has been answered.
    """
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(sha256(f"{owner} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise InFlight()


def _keep(record: IdempotencyRecord, response: Response) -> Response:
    if response.status_code >= 400:
        record.delete()
        return response
    record.status_code = response.status_code
    record.body = (JSONRenderer().render(response.data) or b"null").decode()
    record.save(update_fields=["status_code", "body"])
    return response
