"""Connections over the API: made, changed, tested; what came in, and having it done again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from providers import services
from providers.api.serializers import ConnectionSerializer, DeliverySerializer, ReplaySerializer, SaidSerializer
from providers.frame import Later, Unclear
from providers.models import Connection
from triggers.api.problems import Conflict
from triggers.api.serializers import CountSerializer
from triggers.api.views import ApiModelViewSet
from triggers.secrets import SecretUnreadable

SECRETS = "providers.change_connection_secrets"


class ConnectionViewSet(ApiModelViewSet):
    """Accounts at providers. Entering secrets needs a permission of its own."""

    scope = "connections"
    queryset = Connection.objects.all()
    serializer_class = ConnectionSerializer
    filterset_fields = ("provider", "active", "owner")

    def perform_create(self, serializer: Any) -> None:
        self._may_enter()
        serializer.save(**({} if "owner" in serializer.validated_data else {"owner": self.user}))

    def perform_update(self, serializer: Any) -> None:
        self._may_enter()
        serializer.save()

    def _may_enter(self) -> None:
        if "secrets" in self.request.data and not self.user.has_perm(SECRETS):
            raise PermissionDenied(_("Your account has not the permission %(name)s.") % {"name": SECRETS})

    @extend_schema(request=None, responses=SaidSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **kwargs: Any) -> Response:
        """Asks the provider whether what was entered is right; 409 where it is not, or cannot be asked."""
        connection = self.get_object()
        if not connection.kind.can_test:
            raise Conflict(_("This provider cannot be asked. Have it send a test delivery instead."))
        try:
            return Response(SaidSerializer({"said": connection.kind.test(connection, timezone.now())}).data)
        except (Later, Unclear, SecretUnreadable) as error:
            raise Conflict(str(error)) from None

    @extend_schema(responses=DeliverySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], permission="providers.view_providerdelivery")
    def deliveries(self, request: Request, **kwargs: Any) -> Response:
        """What was told, newest first: 30 days back, and 90 for what waits for a person."""
        return self.page(self.get_object().deliveries.defer("body"), DeliverySerializer)

    @extend_schema(request=ReplaySerializer, responses=CountSerializer)
    @action(detail=True, methods=["post"], permission="providers.replay_providerdelivery")
    def replay(self, request: Request, **kwargs: Any) -> Response:
        """Has deliveries that were not done done again; how many will be."""
        wanted = self.inputs(ReplaySerializer)["deliveries"]
        rows = self.get_object().deliveries.filter(pk__in=wanted).order_by("pk")
        return Response(CountSerializer({"count": services.replay(rows, timezone.now())}).data)
