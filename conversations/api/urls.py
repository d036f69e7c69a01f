"""The resources of conversations, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from conversations.api.dispositions import DispositionViewSet
from conversations.api.intents import IntentViewSet
from conversations.api.mail_files import MailFileViewSet
from conversations.api.mail_templates import MailTemplateViewSet
from conversations.api.threads import ConversationViewSet
from conversations.api.views import MessageViewSet


def register(router: BaseRouter) -> None:
    router.register("conversations", ConversationViewSet, "conversation")
    router.register("dispositions", DispositionViewSet, "disposition")
    router.register("intents", IntentViewSet, "intent")
    router.register("mail-files", MailFileViewSet, "mail-file")
    router.register("mail-templates", MailTemplateViewSet, "mail-template")
    router.register("messages", MessageViewSet, "message")
