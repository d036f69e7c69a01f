"""The resources of contacts, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from contacts.api.import_views import ImportViewSet
from contacts.api.views import (
    ContactViewSet,
    CustomFieldViewSet,
    NoteViewSet,
    ScoreRuleViewSet,
    TagViewSet,
    TaskViewSet,
)


def register(router: BaseRouter) -> None:
    # Before the contacts: their addresses would take “import” for an id.
    router.register("contacts/import", ImportViewSet, "import")
    router.register("contacts", ContactViewSet, "contact")
    router.register("custom-fields", CustomFieldViewSet, "custom-field")
    router.register("tags", TagViewSet, "tag")
    router.register("notes", NoteViewSet, "note")
    router.register("tasks", TaskViewSet, "task")
    router.register("score-rules", ScoreRuleViewSet, "scorerule")
