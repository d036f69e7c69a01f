"""Forms over the API: made, changed, read with what was sent. Sending one is public, at `/f/<key>/`."""

from rest_framework import mixins

from capture.api.form_serializers import AnsweredSerializer, FormSerializer
from capture.models import Form, Submission
from triggers.api.views import ApiModelViewSet, ApiViewSet


class FormViewSet(ApiModelViewSet):
    """Forms and surveys with their questions."""

    scope = "forms"
    queryset = Form.objects.prefetch_related("fields")
    serializer_class = FormSerializer
    filterset_fields = ("kind", "active", "key")


class SubmissionViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.DestroyModelMixin, ApiViewSet):
    """What was sent. Deleting one deletes its files too."""

    scope = "forms"
    queryset = Submission.objects.prefetch_related("files")
    serializer_class = AnsweredSerializer
    filterset_fields = ("form", "status", "contact_id", "disqualified", "terms")
