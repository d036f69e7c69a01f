"""Somebody filled in a lead form on TikTok."""

from django.utils.translation import gettext_lazy as _

from capture.lead_events import Lead
from triggers.event_types import event


@event("lead_form.tiktok_submitted", label=_("TikTok lead form submitted"), section="Event Triggers")
class LeadFormTiktokSubmitted(Lead):
    """Somebody filled in a lead form on TikTok. Once per lead, however often TikTok tells of it.

    `contact_id` is the contact that the mapping of the connection found or made, `problems` what of the answers it
    could not take. TikTok names a form by its page, so that both have one id.
    """
