"""The JSON corpus (reliability, T19) from one who may send: kept for a person, nothing breaks, nothing is unpacked."""

import gzip
from typing import Any

import pytest

from providers.models import ProviderDelivery
from providers.tests import make
from triggers.tests.api.test_parsers import MB, REFUSED, Endless

pytestmark = pytest.mark.django_db
HOSTILE = (
    "depth 100,000", "100,000 digits", "infinite", "NaN", "duplicate", "not UTF-8", "UTF-16", "half a character", "NUL",
    "long text", "empty", "cut off", "two values",
)  # fmt: skip


class Stream(Endless):
    """As a web server hands it on."""

    readline = Endless.read


def test_what_is_proven_and_hostile_is_kept(tryout: Any) -> None:
    connection = make.connection()

    answers = {name: make.send(connection, make.signed(REFUSED[name][0])).status_code for name in HOSTILE}

    assert set(answers.values()) == {200}
    kept = ProviderDelivery.objects.values_list("status", "due_at")
    assert set(kept) == {("quarantined", None)}
    assert len(kept) >= len(HOSTILE)


@pytest.mark.parametrize("stated", ["", str(1024 * MB)])
def test_of_a_gigabyte_nothing_is_held(tryout: Any, stated: str) -> None:
    connection, stream = make.connection(), Stream()
    sent = {"wsgi.input": stream, "CONTENT_LENGTH": stated, "HTTP_X_HUB_SIGNATURE_256": "sha256=" + "0" * 64}

    answer = make.SENDER.generic("POST", make.path(connection), b"", content_type="application/json", **sent)

    assert answer.status_code == (413 if stated else 401)
    assert stream.taken == 0


def test_a_gzip_bomb_is_not_unpacked(tryout: Any) -> None:
    connection = make.connection()
    bomb = make.signed(gzip.compress(b" " * 100 * MB))

    answer = make.SENDER.generic(
        "POST", make.path(connection), bomb.body, content_type="application/json",
        headers={**bomb.headers, "Content-Encoding": "gzip"},
    )  # fmt: skip

    assert answer.status_code == 415
    assert not ProviderDelivery.objects.exists()
