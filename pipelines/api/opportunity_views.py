"""Opportunities over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import money
from pipelines import services
from pipelines.api.opportunity_filters import OpportunityFilter
from pipelines.api.opportunity_serializers import MoveSerializer, OpportunitySerializer, TotalSerializer
from pipelines.deals import totals
from pipelines.models import Opportunity
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet

CHANGE = {"permission": "pipelines.change_opportunity"}


class OpportunityViewSet(ApiModelViewSet):
    """Deals. Changes go through the same doors as everywhere, so events fire."""

    scope = "opportunities"
    queryset = Opportunity.objects.select_related("owner").prefetch_related("followers")
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = services.create(serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        services.update(serializer.instance, serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    @extend_schema(request=MoveSerializer, responses=OpportunitySerializer)
    @action(detail=True, methods=["post"], **CHANGE)
    def move(self, request: Request, **kwargs: Any) -> Response:
        """Moves the deal to a stage, as the board does: one that was closed is open again.

        Where going back is not allowed and the stage lies before the deal's own, the answer is 409.
        """
        deal, given = self.get_object(), self.inputs(MoveSerializer)
        try:
            services.move(deal, given["stage"], back=given["allow_back"], reopen=True)
        except services.BackwardsError as error:
            raise Conflict(" ".join(error.messages)) from None
        return Response(self.represent(self.get_queryset().get(pk=deal.pk)))

    @extend_schema(responses=TotalSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def totals(self, request: Request, **kwargs: Any) -> Response:
        """Count and sum of the deals that the filters let through, by stage, status and currency."""
        rows = totals.grouped(self.filter_queryset(Opportunity.objects.all()))
        told = [{**row, "value": money.plain(row["value"], row["currency"])} for row in rows]
        return Response(TotalSerializer(told, many=True).data)
