"""An account at Twilio."""

from typing import Any

import pytest

from providers.models import Connection
from providers.tests.twilio.calling import connected


@pytest.fixture
def connection(settings: Any, db: Any) -> Connection:
    settings.PUBLIC_URL = "https://crm.example.org"
    return connected()
