"""`lead_form.linkedin_submitted`: which forms start a workflow."""

import pytest

from capture.events.lead_form_linkedin_submitted import LeadFormLinkedinSubmitted
from capture.tests import lead_forms
from triggers import registry

KEY = "lead_form.linkedin_submitted"


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is LeadFormLinkedinSubmitted
    assert (str(LeadFormLinkedinSubmitted.label), LeadFormLinkedinSubmitted.section) == (
        "LinkedIn lead form submitted", "Event Triggers",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_page_and_a_form_narrow_it() -> None:
    assert lead_forms.started("linkedin", KEY) == {
        "any", "this page", "this form", "this form of this page", "with this answer",
    }  # fmt: skip
