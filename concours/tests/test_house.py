"""The list of pages is whole: every model with a page has a row, and every page of ours opens."""

import pytest
from django.contrib import admin
from django.test import Client

from concours.tests import house
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    client = visit.boss()
    house.furnish(client)
    return client


def test_every_model_in_the_admin_has_a_row(boss: Client) -> None:
    missing = {model._meta.label for model in admin.site._registry if not model._default_manager.exists()}

    assert missing == set()


def test_every_page_opens(boss: Client) -> None:
    answers = {str(page): boss.get(page.address, follow=True) for page in house.pages()}
    found = {address: answer.status_code for address, answer in answers.items()}

    assert {address: status for address, status in found.items() if status not in (200, 403)} == {}
    assert sum(status == 200 for status in found.values()) > 110
    # A sentence takes a day as text: its markup would be read out.
    assert [address for address, answer in answers.items() if b"&lt;time" in getattr(answer, "content", b"")] == []


def test_every_public_address_is_looked_at_or_is_no_page() -> None:
    assert house.public() == {
        "receive", "unsubscribe", "calendar", "lead_page", "beacon", "form", "link", "mail_clicked", "mail_opened",
        "book", "calendar_group", "appointment", "appointment_move", "appointment_file", "appointment_feed",
        "order_form", "thanks", "invoice", "document", "learn", "learn_in", "learn_out", "course_offer", "course",
        "lesson", "own_certificate", "certificate",
        "referral", "referral_of_campaign", "affiliate_sign_up", "affiliate_ask", "affiliate_portal",
    }  # fmt: skip
