"""`/api/v1/intents/`."""

import pytest

from conversations.models import Intent
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
URL = "/api/v1/intents/"


def test_an_intent_is_made_and_changed_and_keeps_its_key() -> None:
    api = calls.client("messages:read", "messages:write")

    made = api.post(URL, {"key": "price", "name": "Price", "phrases": ["how dear"]}).json()
    changed = api.patch(f"{URL}{made['id']}/", {"phrases": ["how dear", "?"]}).json()
    refused = api.patch(f"{URL}{made['id']}/", {"key": "cost"}).json()
    empty = api.post(URL, {"key": "a", "name": "A", "phrases": ["!"]}).json()

    assert changed["phrases"] == ["how dear", "?"]
    assert refused["errors"][0]["message"] == "The key of an intent never changes. Make another one."
    assert empty["errors"][0]["field"].startswith("phrases")
    assert Intent.objects.get(key="price").phrases == ["how dear", "?"]
