"""What comes before any view: a request is made of whatever bytes there are."""

from io import BytesIO
from typing import Any

import pytest

from concours.wsgi import application

pytestmark = pytest.mark.django_db


def status(**environ: Any) -> str:
    """What is answered to a GET of /healthz with a query."""
    given = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "QUERY_STRING": "a=%ff", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(b""), **environ,
    }  # fmt: skip
    told: list[str] = []
    application(given, lambda line, _headers: told.append(line)).close()
    return told[0]


@pytest.mark.parametrize(
    "charset", ["utf-8", "latin-1", "utf-16", "rot13", '"rot13"', "base64", "undefined", "nonsense", "\xff", ""]
)
def test_whatever_is_said_of_the_charset_is_answered(charset: str) -> None:
    assert status(CONTENT_TYPE=f"text/plain; charset={charset}") == "200 OK"
