"""Somebody filled in a lead form on Facebook."""

from django.utils.translation import gettext_lazy as _

from capture.lead_events import Lead
from triggers.event_types import event


@event("lead_form.facebook_submitted", label=_("Facebook lead form submitted"), section="Event Triggers")
class LeadFormFacebookSubmitted(Lead):
    """Somebody filled in a lead form on Facebook. Once per lead, however often Meta tells of it.

    `contact_id` is the contact that the mapping of the connection found or made, `problems` what of the answers it
    could not take. Leads of the organic preview have no campaign and no ad.
    """
