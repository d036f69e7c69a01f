"""What came in about people: requests of webhooks, samples that mappings are made from, submissions of forms, clicks, views."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from capture.models import InboundRequest, InboundWebhook, LinkClick, PageView, Submission, SubmissionFile, VideoWatch
from triggers import holdings, privacy
from triggers.privacy import Blank, Delete, Holding, Person

BLANK = Blank({"query": "", "headers": {}, "body": b"", "digest": "", "error": "", "problems": []})
TOLD = ("received_at", "webhook", "method", "query", "headers", "body")
TOLD_OF_SUBMISSIONS = (
    "received_at", "form", "answers", "terms", "consents", "disqualified", "score", "page_url", "referrer", "utm"
)  # fmt: skip


def register() -> None:
    privacy.register(
        Holding(
            "inbound requests", "capture.InboundRequest",
            lambda who: InboundRequest.objects.filter(contact_id__in=who.ids), BLANK, told=TOLD,
        ),
        # Without a mapping, nothing but what stands in it says whom a request is about.
        Holding(
            "inbound requests by address", "capture.InboundRequest",
            lambda _who: InboundRequest.objects.filter(contact_id=None).exclude(body=b"", query=""), BLANK, told=TOLD,
            turn=privacy.BEFORE, picks=_names, then=_blank_events, label=_("inbound requests that name the person"),
        ),
        Holding(
            "samples", "capture.InboundWebhook", lambda _who: InboundWebhook.objects.exclude(sample=None),
            Blank({"sample": None, "sampled_at": None}), turn=privacy.BEFORE, picks=_sample_names,
        ),
        # Their files go with them (`capture.forms.keeping`).
        Holding(
            "submission files", "capture.SubmissionFile",
            lambda who: SubmissionFile.objects.filter(submission__contact_id__in=who.ids), Delete(),
            told=("name", "size"),
        ),
        Holding(
            "submissions", "capture.Submission", lambda who: Submission.objects.filter(contact_id__in=who.ids),
            Delete(), told=TOLD_OF_SUBMISSIONS,
        ),
        Holding(
            "clicks on links", "capture.LinkClick", lambda who: LinkClick.objects.filter(contact_id__in=who.ids),
            Delete(), told=("at", "link"),
        ),
        Holding(
            "page views", "capture.PageView", lambda who: PageView.objects.filter(contact_id__in=who.ids),
            Delete(), told=("at", "site", "url", "title", "referrer", "utm"),
        ),
        Holding(
            "videos watched", "capture.VideoWatch", lambda who: VideoWatch.objects.filter(contact_id__in=who.ids),
            Delete(), told=("at", "site", "url", "video", "percent", "seconds"),
        ),
        # Held back as spam, or of a form that goes into no field of a contact.
        Holding(
            "submissions by address", "capture.Submission", lambda _who: Submission.objects.filter(contact_id=None),
            Delete(), told=TOLD_OF_SUBMISSIONS, turn=privacy.BEFORE, picks=_submission_names,
            then=_blank_events_of_submissions, label=_("submissions that name the person"),
        ),
    )  # fmt: skip


def _names(request: InboundRequest, who: Person) -> bool:
    return who.is_named_in(bytes(request.body)) or who.is_named_in(request.query)


def _sample_names(webhook: InboundWebhook, who: Person) -> bool:
    return who.is_named_in(json.dumps(webhook.sample, ensure_ascii=False))


def _blank_events(keys: list[Any]) -> None:
    found = InboundRequest.objects.filter(pk__in=keys).values_list("event_id", flat=True)
    holdings.blank_events([event_id for event_id in found if event_id is not None])


def _submission_names(submission: Submission, who: Person) -> bool:
    return who.is_named_in(json.dumps(submission.answers, ensure_ascii=False))


def _blank_events_of_submissions(keys: list[Any]) -> None:
    found = Submission.objects.filter(pk__in=keys).values_list("event_id", flat=True)
    holdings.blank_events([event_id for event_id in found if event_id is not None])
