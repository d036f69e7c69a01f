"""What is done with a contact as a person: merged, forgotten, told what is kept, looked back on.

A contact that was merged answers under its former number as the one it lives on as, with that one's address
in `Content-Location`. Deleting and forgetting ask for the present number: nobody should lose a person they
did not mean.
"""

from typing import Any, Final

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from contacts import services, timeline
from contacts.api.person_serializers import (
    ForgettingSerializer,
    MergedSerializer,
    MergeSerializer,
    PersonalDataSerializer,
    TimelinePageSerializer,
    TimelineQuerySerializer,
    TimelineSerializer,
)
from contacts.dedupe import aliases, merging
from contacts.models import Contact
from contacts.privacy import personal_data
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet

FINAL: Final = ("destroy", "forget")


class PersonViewSet(ApiModelViewSet):
    """Base of the contacts' resource."""

    followed: int | None = None

    def get_object(self) -> Any:
        self._follow()
        return super().get_object()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.followed is not None and response.status_code < 300:
            response["Content-Location"] = reverse("api:contact-detail", args=[self.followed])
        return response

    @extend_schema(request=MergeSerializer, responses=MergedSerializer)
    @action(detail=True, methods=["post"], permission="contacts.merge_contact")
    def merge(self, request: Request, **kwargs: Any) -> Response:
        """Merges two contacts into one. It cannot be undone.

        Tags, notes, tasks, messages, events and runs move to the survivor; do-not-disturb of either wins. The
        other's number answers as the survivor from then on.
        """
        number, wanted = self._number(), self.inputs(MergeSerializer)
        into, other = (number, wanted["from"]) if "from" in wanted else (wanted["into"], number)
        former = aliases.survivor_of(other) or other
        done = merging.merge(into, other, wanted.get("fields"))
        told = {
            "contact": done.contact.pk, "former": former, "moved": done.moved, "stopped_runs": done.stopped,
        }  # fmt: skip
        return Response(MergedSerializer(told).data)

    @extend_schema(request=None, responses={200: ForgettingSerializer, 202: ForgettingSerializer})
    @action(detail=True, methods=["post"], permission="contacts.forget_contact")
    def forget(self, request: Request, **kwargs: Any) -> Response:
        """Forgets the person: blanks everything kept about them and keeps their addresses suppressed. For good.

        200 when it is done, 202 when what is left is blanked within the next minutes; ask again to see.
        """
        row = services.forget(Contact.objects.get(pk=self._number()))
        return Response(ForgettingSerializer(row).data, status=200 if row.finished_at else 202)

    @extend_schema(responses=PersonalDataSerializer)
    @action(detail=True, methods=["get"], permission="contacts.export_contact", pagination_class=None)
    def export(self, request: Request, **kwargs: Any) -> Response:
        """Everything that is kept about the person, table by table."""
        return Response(personal_data.document(self.get_object()))

    @extend_schema(parameters=[TimelineQuerySerializer], responses=TimelinePageSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def timeline(self, request: Request, **kwargs: Any) -> Response:
        """What happened, what was sent, which workflow ran for it and what did not start and why, newest first."""
        asked = TimelineQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            page = timeline.page(
                self.get_object().pk, kind=given["kind"], before=given["cursor"], limit=given["page_size"]
            )
        except timeline.BadCursor:
            raise NotFound(_("Invalid cursor")) from None
        following = replace_query_param(request.build_absolute_uri(), "cursor", page.older) if page.older else None
        return Response(
            {"next": following, "previous": None, "results": TimelineSerializer(page.items, many=True).data}
        )

    def _number(self) -> int:
        """The contact's number, without a lock: the services take theirs in an order of their own."""
        if "If-Match" in self.request.headers:
            return int(self.get_object().pk)
        self._follow()
        number = str(self.kwargs["pk"])
        if number.isascii() and number.isdigit() and len(number) < 19 and Contact.objects.filter(pk=number).exists():
            return int(number)
        raise Http404

    def _follow(self) -> None:
        """Goes on with the contact that the number in the address lives on as. Raises Conflict (409)."""
        survivor = aliases.survivor_of(self.kwargs["pk"])
        if survivor is None:
            return
        if self.action in FINAL:
            told = _("This contact was merged into contact %(id)s; name that one if you mean it.") % {"id": survivor}
            raise Conflict(told)
        self.kwargs["pk"], self.followed = str(survivor), survivor
