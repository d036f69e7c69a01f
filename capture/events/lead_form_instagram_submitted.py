"""Somebody filled in a lead form on Instagram."""

from django.utils.translation import gettext_lazy as _

from capture.lead_events import Lead
from triggers.event_types import event


@event("lead_form.instagram_submitted", label=_("Instagram lead form submitted"), section="Event Triggers")
class LeadFormInstagramSubmitted(Lead):
    """Somebody filled in a lead form on Instagram. Once per lead, however often Meta tells of it.

    `contact_id` is the contact that the mapping of the connection found or made, `problems` what of the answers it
    could not take. Leads of the organic preview have no campaign and no ad.
    """
