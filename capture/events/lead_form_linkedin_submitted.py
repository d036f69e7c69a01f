"""Somebody filled in a lead form on LinkedIn."""

from django.utils.translation import gettext_lazy as _

from capture.lead_events import Lead
from triggers.event_types import event


@event("lead_form.linkedin_submitted", label=_("LinkedIn lead form submitted"), section="Event Triggers")
class LeadFormLinkedinSubmitted(Lead):
    """Somebody filled in a lead form on LinkedIn. Once per lead, however often LinkedIn tells of it.

    `contact_id` is the contact that the mapping of the connection found or made, `problems` what of the answers it
    could not take. The page is the owner of the form, such as `urn:li:organization:5509810`. A lead that is deleted
    at LinkedIn is erased here too.
    """
