"""What would happen, what did not and why, over the API; and doing it on purpose: test, enrol, backfill, replay."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from triggers.api.ingest import MAX_ID
from triggers.api.views import ApiViewSet
from triggers.explaining import again, backfill, enrolling, examples
from triggers.explaining.dry_run import dry_run
from triggers.explaining.explain import explain, explain_contact, explain_event
from triggers.models import Backfill, Event
from triggers.noting import note
from triggers.problems import Invalid
from triggers.workflows import checking

OPERATE = {"verb": "publish", "permission": "triggers.backfill_workflow"}


class AnswerSerializer(serializers.Serializer[Any]):
    """One workflow's answer to one event."""

    workflow_id = serializers.IntegerField()
    workflow = serializers.CharField()
    event_id = serializers.IntegerField()
    started = serializers.BooleanField()
    sentence = serializers.CharField(help_text=_("why, in one sentence"))
    seen = serializers.CharField(help_text=_("then: what was stored at the moment; now: judged with today's values"))
    run_id = serializers.IntegerField(allow_null=True)
    verdict = serializers.DictField(allow_null=True)


class DryRunInput(serializers.Serializer[Any]):
    event_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID, help_text=_("a past event"))
    contact_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID, help_text=_("or a contact"))
    document = serializers.DictField(required=False, help_text=_("an unsaved document; the draft when left out"))
    answers = serializers.DictField(
        child=serializers.ChoiceField(["happened", "timeout"]), required=False, help_text=_("how waits end, by uid")
    )


class StepSerializer(serializers.Serializer[Any]):
    uid = serializers.CharField()
    action = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    status = serializers.CharField()
    text = serializers.CharField()
    outcome = serializers.CharField()


class DryRunSerializer(serializers.Serializer[Any]):
    starts = serializers.BooleanField()
    triggers = serializers.ListField(child=serializers.DictField())
    steps = StepSerializer(many=True)


class WhomSerializer(serializers.Serializer[Any]):
    contact_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class ExplainInput(serializers.Serializer[Any]):
    contact_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    event_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)


class StartedSerializer(serializers.Serializer[Any]):
    run_id = serializers.IntegerField()
    status = serializers.CharField()
    reason = serializers.CharField()


class ReplayedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class BackfillInput(serializers.Serializer[Any]):
    over = serializers.ChoiceField(Backfill.Over.choices)
    since = serializers.DateTimeField(required=False)
    conditions = serializers.DictField(required=False, help_text=_("a condition tree over contact fields"))
    per_minute = serializers.IntegerField(default=60, min_value=1, max_value=6000)
    begin = serializers.BooleanField(default=False, help_text=_("false only counts"))


class BackfillSerializer(serializers.ModelSerializer[Backfill]):
    class Meta:
        model = Backfill
        fields = ["id", "over", "since", "conditions", "per_minute", "status", "matching", "started"]


class WorkflowInsight(ApiViewSet):
    """The workflow's part of the API that looks ahead and back, beside its life."""

    @extend_schema(request=DryRunInput, responses=DryRunSerializer)
    @action(detail=True, methods=["post"], url_path="dry-run", verb="read", permission="triggers.view_workflow")
    def dry_run(self, request: Request, **kwargs: Any) -> Response:
        """What would happen for an event or a contact, on a simulated clock. Writes and sends nothing."""
        workflow, given = self.get_object(), self.inputs(DryRunInput)
        document = given.get("document", workflow.draft)
        problems = [problem for problem in checking.check(document) if not problem.warning]
        if problems:
            raise Invalid([problem.under("document") for problem in problems])
        found = dry_run(document, _event_for(document, given), answers=given.get("answers"))
        return Response(DryRunSerializer(found).data)

    @extend_schema(request=ExplainInput, responses=AnswerSerializer(many=True))
    @action(detail=True, methods=["post"], verb="read", permission="triggers.view_workflow", pagination_class=None)
    def explain(self, request: Request, **kwargs: Any) -> Response:
        """Why the workflow did or did not start: for one event, or for a contact's newest."""
        workflow, given = self.get_object(), self.inputs(ExplainInput)
        if "event_id" in given:
            answers = [explain(workflow, get_object_or_404(Event, pk=given["event_id"]))]
        elif "contact_id" in given:
            answers = explain_contact(workflow, given["contact_id"])
        else:
            raise serializers.ValidationError({"contact_id": [_("Name a contact or an event.")]})
        return Response(AnswerSerializer(answers, many=True).data)

    @extend_schema(request=WhomSerializer, responses={202: StartedSerializer})
    @action(detail=True, methods=["post"], **OPERATE)
    def test(self, request: Request, **kwargs: Any) -> Response:
        """Runs the draft for real, for this contact; the run counts for nothing."""
        run = again.run_test(self.get_object(), contact_id=self.inputs(WhomSerializer)["contact_id"], by=self.user)
        return _started(run)

    @extend_schema(request=WhomSerializer, responses={202: StartedSerializer})
    @action(detail=True, methods=["post"], **OPERATE)
    def enrol(self, request: Request, **kwargs: Any) -> Response:
        """Starts the live workflow for this contact; its guards still hold."""
        contact_id = self.inputs(WhomSerializer)["contact_id"]
        workflow = self.get_object()
        run = enrolling.enrol(workflow, contact_id, timezone.now())
        note(self.user, workflow, gettext_noop("Started on purpose for one contact."))
        return _started(run)

    @extend_schema(request=BackfillInput, responses={201: BackfillSerializer})
    @action(detail=True, methods=["post"], **OPERATE)
    def backfill(self, request: Request, **kwargs: Any) -> Response:
        """Counts past events or contacts that match, and starts the workflow for them when asked to."""
        given = self.inputs(BackfillInput)
        made = backfill.prepare(
            self.get_object(), given["over"], since=given.get("since"), tree=given.get("conditions"),
            per_minute=given["per_minute"], by=self.user,
        )  # fmt: skip
        if given["begin"]:
            backfill.begin(made)
            made.refresh_from_db()
        return Response(BackfillSerializer(made).data, status.HTTP_201_CREATED)

    @extend_schema(responses=BackfillSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def backfills(self, request: Request, **kwargs: Any) -> Response:
        """The workflow's backfills, newest first."""
        return self.page(self.get_object().backfills.all(), BackfillSerializer)

    @extend_schema(request=None, responses=BackfillSerializer)
    @action(detail=True, methods=["post"], url_path="cancel-backfill", **OPERATE)
    def cancel_backfill(self, request: Request, **kwargs: Any) -> Response:
        """Cancels the newest backfill; what it has started goes on."""
        newest = get_object_or_404(self.get_object().backfills.order_by("-id")[:1])
        backfill.cancel(newest)
        newest.refresh_from_db()
        return Response(BackfillSerializer(newest).data)


class RunReplay(ApiViewSet):
    """A run again, on purpose."""

    @extend_schema(request=None, responses={202: StartedSerializer})
    @action(detail=True, methods=["post"], permission="triggers.operate_run")
    def replay(self, request: Request, **kwargs: Any) -> Response:
        """The same version for the same event again, from the start, with new keys."""
        run = self.get_object()
        made = again.replay_run(run)
        note(self.user, run, gettext_noop("Replayed from the start."))
        return _started(made)


class EventInsight(ApiViewSet):
    """What every workflow made of an event; and the event again."""

    @extend_schema(responses=AnswerSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def explain(self, request: Request, **kwargs: Any) -> Response:
        """Every live workflow's answer to this event."""
        return Response(AnswerSerializer(explain_event(self.get_object()), many=True).data)

    @extend_schema(request=None, responses={202: ReplayedSerializer})
    @action(detail=True, methods=["post"], permission="triggers.replay_event")
    def replay(self, request: Request, **kwargs: Any) -> Response:
        """Records the event once more, to be matched against what is live now."""
        event = self.get_object()
        made = again.replay_event(event)
        note(self.user, event, gettext_noop("Replayed."))
        return Response({"id": made.pk}, status.HTTP_202_ACCEPTED)


def _event_for(document: dict[str, Any], given: dict[str, Any]) -> Event:
    """The past event, or an example of the workflow's first trigger about the contact."""
    if "event_id" in given:
        return get_object_or_404(Event, pk=given["event_id"])
    if "contact_id" not in given:
        raise serializers.ValidationError({"contact_id": [_("Name a contact or an event.")]})
    return examples.event(document["triggers"][0]["event"], contact_id=given["contact_id"])


def _started(run: Any) -> Response:
    body = {"run_id": run.pk, "status": run.status, "reason": run.reason}
    return Response(body, status.HTTP_202_ACCEPTED)
