from datetime import UTC, datetime
from uuid import uuid4

import pytest

from conversations import statuses
from conversations.models import Message
from triggers.models import Run, Workflow
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def failing(**config: object) -> Workflow:
    return make.workflow(triggers=[{"uid": "t1", "event": "sms.failed", "config": config, "conditions": None}])


def fail(code: str, workflow_id: int | None = None) -> None:
    Message.objects.create(
        contact=make.contact(), direction="out", channel="sms", key=uuid4(), status="sent", sent_at=NOW,
        gateway="http:texts", provider_id="SM1", workflow_id=workflow_id,
    )  # fmt: skip
    statuses.record("http:texts", "SM1", "undelivered", NOW, NOW, code=code)
    drain()


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, True), ({"error_codes": ["30003", "30005"]}, True), ({"error_codes": ["30006"]}, False),
        ({"workflows": [7]}, True), ({"workflows": [8]}, False),
        ({"workflows": [7], "error_codes": ["30003"]}, True), ({"workflows": [7], "error_codes": ["1"]}, False),
    ],
)  # fmt: skip
def test_it_is_narrowed_to_codes_and_workflows(config: dict[str, object], starts: bool) -> None:
    workflow = failing(**config)

    fail("30003", 7)

    assert Run.objects.filter(workflow=workflow).exists() is starts


def test_a_text_that_staff_wrote_belongs_to_no_workflow() -> None:
    workflow = failing(workflows=[7])

    fail("30003")

    assert not Run.objects.filter(workflow=workflow).exists()
