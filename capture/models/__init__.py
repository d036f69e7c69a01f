"""What comes in first-hand: inbound webhooks, forms with their submissions, followed links, page views."""

from capture.models.forms import Form, FormField, Submission, SubmissionFile
from capture.models.inbound import (
    MATCH_FIELDS,
    InboundRequest,
    InboundWebhook,
    check_mapping,
    check_match,
    default_match,
)
from capture.models.links import LinkClick, TriggerLink
from capture.models.pages import PageView, Site, VideoWatch

__all__ = [
    "MATCH_FIELDS", "Form", "FormField", "InboundRequest", "InboundWebhook", "LinkClick", "PageView", "Site",
    "Submission", "SubmissionFile", "TriggerLink", "VideoWatch", "check_mapping", "check_match", "default_match",
]  # fmt: skip
