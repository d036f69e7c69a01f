"""However a deal is written, its stage, status and dates agree."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from contacts.tests import make as contacts
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers.tracking import SilentDoor

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_the_pipeline_is_always_the_stages() -> None:
    deal = make.deal()
    windows = make.pipeline("Windows", ("Visit",))

    deal.pipeline = windows
    deal.save()
    assert deal.pipeline.name == "Kitchens"

    deal.stage = make.stage("Visit", "Windows")
    deal.save()
    deal.refresh_from_db()
    assert deal.pipeline == windows


def test_saving_only_some_fields_brings_along_what_follows() -> None:
    deal = make.deal(created_at=NOON)

    deal.status, deal.name = "won", "not to be written"
    deal.save(update_fields=["status"], now=NOON + timedelta(days=1))

    deal.refresh_from_db()
    assert (deal.closed_at, deal.updated_at, deal.name) == (NOON + timedelta(days=1),) * 2 + ("Island",)


def test_a_reason_of_an_open_deal_is_not_kept() -> None:
    assert make.deal(lost_reason=make.reason()).lost_reason is None


def test_what_a_bulk_write_cannot_tell_is_refused() -> None:
    make.deal()

    for values in ({"stage": F("stage")}, {"status": F("status")}, {"pipeline": make.pipeline("Windows")}):
        with pytest.raises(SilentDoor):
            Opportunity.objects.update(**values)


def test_the_database_holds_it_too() -> None:
    deal = make.deal()

    for values in ({"status": "won"}, {"closed_at": NOON}, {"status": "open", "lost_reason": make.reason()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opportunity.objects.filter(pk=deal.pk).update_untold(**values)


def test_a_bulk_update_closes_and_dates_each_by_itself() -> None:
    one, two = make.deal(name="A"), make.deal(name="B", status="lost", closed_at=NOON)

    Opportunity.objects.update(status="lost", lost_reason=make.reason())

    one.refresh_from_db()
    two.refresh_from_db()
    assert one.closed_at is not None
    assert two.closed_at == NOON
    assert {str(one.lost_reason), str(two.lost_reason)} == {"Too dear"}


def test_that_the_contact_did_something_is_no_change_of_the_deal() -> None:
    deal = make.deal(created_at=NOON)
    deal.last_activity_at = NOON + timedelta(days=2)

    Opportunity.objects.mark_active([deal])

    deal.refresh_from_db()
    assert (deal.last_activity_at, deal.updated_at) == (NOON + timedelta(days=2), NOON)
    assert contacts.events("opportunity.changed") == []
