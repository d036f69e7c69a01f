"""Mail templates over the API."""

from conversations.models import MailTemplate
from triggers.api.serializers import CheckedSerializer
from triggers.api.views import ApiModelViewSet


class MailTemplateSerializer(CheckedSerializer):
    """The body of mails. Its key is made from its first name and stays: workflows call it by that."""

    whole_only = ("text", "html")

    class Meta:
        model = MailTemplate
        fields = ["id", "key", "name", "text", "html", "updated_at"]
        read_only_fields = ["key", "updated_at"]


class MailTemplateViewSet(ApiModelViewSet):
    """Mail templates."""

    scope = "messages"
    queryset = MailTemplate.objects.all()
    serializer_class = MailTemplateSerializer
    filterset_fields = ("key",)
