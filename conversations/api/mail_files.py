"""Files for mails over the API: handed in as a form with a file, listed, replaced and taken away."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from conversations import mail_files
from conversations.models import MailFile
from triggers import files
from triggers.api.parsers import StrictJSONParser
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiModelViewSet


class MailFileSerializer(RowSerializer):
    """A file that `email.send` may send along, by `file:<key>`. Its key is made from its first name and stays."""

    file = serializers.FileField(write_only=True)

    class Meta:
        model = MailFile
        fields = ["id", "key", "name", "file", "filename", "content_type", "size", "updated_at"]
        read_only_fields = ["key", "filename", "content_type", "size", "updated_at"]

    def validate_file(self, value: Any) -> Any:
        try:
            files.check(value)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return value

    def create(self, validated_data: dict[str, Any]) -> MailFile:
        return mail_files.keep(MailFile(name=validated_data["name"]), validated_data["file"])

    def update(self, instance: MailFile, validated_data: dict[str, Any]) -> MailFile:
        instance.name = validated_data.get("name", instance.name)
        if "file" in validated_data:
            return mail_files.keep(instance, validated_data["file"])
        instance.save()
        return instance


class MailFileViewSet(ApiModelViewSet):
    """Files for mails."""

    scope = "messages"
    queryset = MailFile.objects.all()
    serializer_class = MailFileSerializer
    filterset_fields = ("key",)
    parser_classes = (StrictJSONParser, MultiPartParser)
