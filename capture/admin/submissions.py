"""Submissions in the admin: what was sent, what came of it, and the files to download."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.forms import submitting
from capture.models import Submission, SubmissionFile
from triggers import files
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import NamedList
from triggers.admin.pages import Page, ReadOnly, link
from triggers.admin.typed import ModelAdmin
from triggers.wording import look, people

# The pill of each state, by the states that pills know.
PILLS = {"taken": "done", "failed": "failed", "trap": "held"}


@admin.register(Submission)
class SubmissionAdmin(Buttons, ReadOnly, Page, ModelAdmin[Submission]):
    """Everything that was sent, each with its answers."""

    page_template = "admin/capture/submission/page.html"
    list_display = ("received_at", "form", "state", "who", "score", "disqualified")
    list_filter = ("received_at", "form", "status", "disqualified", "terms")
    list_select_related = ("form",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedList]:
        return NamedList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        rows: QuerySet[Submission] = super().get_queryset(request)
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ModelAdmin.has_delete_permission(self, request, obj)

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "file/<int:pk>/", self.admin_site.admin_view(self.download), name="capture_submission_file"
        )  # fmt: skip
        return [download, *super().get_urls()]

    def download(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file as it came, always as a download: nothing in it runs in the browser."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = SubmissionFile.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return files.download(found.file, found.name)

    def page(self, request: HttpRequest, obj: Submission) -> dict[str, Any]:
        may_see = request.user.has_perm("contacts.view_contact")
        return {
            "submission": obj, "answers": _answers(obj), "offered": self.offered(request, obj),
            "pill": look.pill(PILLS[obj.status], obj.get_status_display()),
            "files": [(each, reverse("admin:capture_submission_file", args=[each.pk])) for each in obj.files.all()],
            "contact_name": people.contact_name(obj.contact_id) if may_see else "",
            "contact_url": people.contact_url(obj.contact_id) if may_see else "",
            "event_url": people.admin_url("triggers.event", obj.event_id) if obj.event_id else "",
        }  # fmt: skip

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, submission: Submission) -> str:
        return look.pill(PILLS[submission.status], submission.get_status_display())

    @admin.display(description=gettext_lazy("contact"))
    def who(self, submission: Any) -> str:
        called = getattr(submission, "contact_called", None) or people.contact_name(submission.contact_id)
        return link(people.contact_url(submission.contact_id), called)

    @button(
        gettext_lazy("No spam: take it in"), permission="capture.change_submission", icon="done",
        when=lambda submission: submission.status == Submission.Status.TRAP,
    )  # fmt: skip
    def release(self, request: HttpRequest, submission: Submission) -> str:
        """Takes in what was held back."""
        submitting.release(submission, timezone.now())
        self.log_change(request, submission, _("Taken in, no spam."))
        return _("Taken in. Workflows start from it now.")


def _answers(submission: Submission) -> list[tuple[str, str]]:
    """Questions in their order with the answers in words; what the form asks no more stands last, by its key."""
    fields = {field.key: field for field in submission.form.fields.all()}
    keys = [*(key for key in fields if key in submission.answers), *(k for k in submission.answers if k not in fields)]
    return [(fields[key].label if key in fields else key, _said(submission.answers[key])) for key in keys]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
