"""Journeys over the API: a lead is put into a map and moved on, through the same doors as everywhere."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import Contact
from pipelines.api.journey_serializers import (
    AssignSerializer,
    CompleteSerializer,
    JourneySerializer,
    LinkSerializer,
    ValueSerializer,
    WatchSerializer,
)
from pipelines.maps import links, verbs
from pipelines.maps.refusal import Refused
from pipelines.models import Journey, Step
from triggers.api.views import ApiViewSet

CHANGE = {"permission": "pipelines.change_journey"}
ONE_STEP = r"steps/(?P<step>[0-9]{1,18})"


class JourneyViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.ListModelMixin, ApiViewSet):
    """Where leads stand in their maps. Each act is one transaction; what it sets off is done when it answers."""

    scope = "journeys"
    queryset = Journey.objects.select_related("map").prefetch_related("tracks__steps")
    serializer_class = JourneySerializer
    filterset_fields = ("contact", "map", "status", "outcome", "is_current")

    def get_object(self) -> Any:
        """For an act the lead is locked first, then the journey: the order in which everybody locks them."""
        number = str(self.kwargs["pk"])
        if self.request.method not in SAFE_METHODS and number.isascii() and number.isdigit() and len(number) < 19:
            owner = Journey.objects.filter(pk=number).values("contact")
            Contact.objects.select_for_update().filter(pk__in=owner).first()
        return super().get_object()

    @extend_schema(request=AssignSerializer, responses={201: JourneySerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Puts the contact into the map; out of another one silently. In this one already, nothing happens."""
        given = self.inputs(AssignSerializer)
        verbs.assign(given["contact"].pk, given["map"])
        journey = self.get_queryset().get(contact=given["contact"], is_current=True)
        return Response(self.represent(journey), status=201)

    @extend_schema(request=CompleteSerializer, responses=JourneySerializer)
    @action(detail=True, methods=["post"], url_path=f"{ONE_STEP}/complete", **CHANGE)
    def complete(self, request: Request, step: str, **kwargs: Any) -> Response:
        """Completes an open step; what follows from it has happened when this answers."""
        journey, given = self._current(), self.inputs(CompleteSerializer)
        verbs.complete(journey.contact_id, _step(step), given["value"], given["by"])
        return self._as_it_is(journey)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"], url_path=f"{ONE_STEP}/uncheck", **CHANGE)
    def uncheck(self, request: Request, step: str, **kwargs: Any) -> Response:
        """Opens a completed step again, while its track is open."""
        journey = self._current()
        verbs.uncheck(journey.contact_id, _step(step))
        return self._as_it_is(journey)

    @extend_schema(request=ValueSerializer, responses=JourneySerializer)
    @action(detail=True, methods=["post"], url_path=f"{ONE_STEP}/change", **CHANGE)
    def change(self, request: Request, step: str, **kwargs: Any) -> Response:
        """Gives a completed step another value; a field that it mirrors follows."""
        journey, given = self._current(), self.inputs(ValueSerializer)
        verbs.change(journey.contact_id, _step(step), given["value"])
        return self._as_it_is(journey)

    @extend_schema(request=WatchSerializer, responses=JourneySerializer)
    @action(detail=True, methods=["post"], url_path=f"{ONE_STEP}/watch", **CHANGE)
    def watch(self, request: Request, step: str, **kwargs: Any) -> Response:
        """Notes how much of a video was watched; 90 % completes the step, once."""
        journey, given = self._current(), self.inputs(WatchSerializer)
        verbs.watch(journey.contact_id, _step(step), given["percent"])
        return self._as_it_is(journey)

    @extend_schema(request=None, responses=JourneySerializer)
    @action(detail=True, methods=["post"], **CHANGE)
    def advance(self, request: Request, **kwargs: Any) -> Response:
        """Moves on past the optional steps that are left in the open track."""
        journey = self._current()
        verbs.advance(journey.contact_id)
        return self._as_it_is(journey)

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"], url_path="new-link", **CHANGE)
    def new_link(self, request: Request, **kwargs: Any) -> Response:
        """Ends the links to the lead's own page that were given out; answers with the one that works now."""
        return Response({"link": links.make_new(self._current(), request.user)})

    def _current(self) -> Journey:
        """The journey, where its lead still stands in it. Raises Refused (409)."""
        journey: Journey = self.get_object()
        if not journey.is_current:
            raise Refused(_("The lead was moved to another map; nothing can be done in this one any more."))
        return journey

    def _as_it_is(self, journey: Journey) -> Response:
        return Response(self.represent(self.get_queryset().get(pk=journey.pk)))


def _step(number: str) -> Step:
    found = Step.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
