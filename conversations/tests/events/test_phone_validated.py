from datetime import UTC, datetime

import pytest

from conversations import numbers
from conversations.numbers import Verdict
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, True), ({"verdicts": ["invalid", "landline"]}, True), ({"verdicts": ["mobile"]}, False),
        ({"codes": ["21211"]}, True), ({"codes": ["21614"]}, False), ({"sources": ["send"]}, True),
        ({"sources": ["offline"]}, False), ({"verdicts": ["invalid"], "sources": ["offline"]}, False),
    ],
)  # fmt: skip
def test_it_is_narrowed_to_verdicts_codes_and_sources(config: dict[str, list[str]], starts: bool) -> None:
    flow = make.workflow(triggers=[{"uid": "t1", "event": "phone.validated", "config": config, "conditions": None}])

    numbers.record(make.contact(), Verdict("+49301", "invalid", "send", "21211"), NOW)
    drain()

    assert Run.objects.filter(workflow=flow).exists() is starts
