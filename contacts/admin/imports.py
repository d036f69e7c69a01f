"""Imports in the admin: file, columns, check, run, result, one page that shows the step the import is at."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.import_forms import ReadingForm, StartForm, UploadForm, column_rows, encodings
from contacts.importing import steps, telling
from contacts.importing.options import Options
from contacts.importing.reading.rows import Unreadable
from contacts.models import Import
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import MadeByForm, Page, page_of
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid
from triggers.wording import look, moments

ADD: Final = "contacts.add_import"
Status = Import.Status
FILES: Final[dict[str, Callable[[Import], Iterator[str]]]] = {
    "problems": telling.findings_csv,
    "refused": telling.refused_csv,
}
# The steps in order, with the states in which each is the present one.
STEPS: Final = (
    (gettext_lazy("File"), ()),
    (gettext_lazy("Columns"), (Status.NEW,)),
    (gettext_lazy("Check"), (Status.CHECKING, Status.CHECKED)),
    (gettext_lazy("Import"), (Status.RUNNING,)),
    (gettext_lazy("Result"), (Status.DONE, Status.CANCELLED, Status.FAILED, Status.UNDOING, Status.UNDONE)),
)


class ImportAdmin(Buttons, MadeByForm, Page, ModelAdmin[Import]):
    """Files of contacts on their way in."""

    form = UploadForm
    page_template = "admin/contacts/import/page.html"
    add_form_template = "admin/contacts/import/upload.html"
    list_display = ("name", "state", "made", "counts", "uploaded")
    list_filter = ("status",)
    search_fields = ("name",)
    ordering = ("-id",)
    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fieldsets = ((None, {"fields": ("upload",)}),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", view(self.progress), name="contacts_import_progress"),
            path("<int:pk>/<slug:kind>.csv", view(self.download), name="contacts_import_file"),
            *super().get_urls(),
        ]

    def response_add(self, request: HttpRequest, obj: Import, post_url_continue: str | None = None) -> HttpResponse:
        return redirect(page_of(obj))

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, job: Import) -> SafeString:
        return look.pill(job.status, job.get_status_display())

    @admin.display(description=gettext_lazy("from"))
    def made(self, job: Import) -> str:
        return job.made_by or job.get_format_display()

    @admin.display(description=gettext_lazy("contacts"))
    def counts(self, job: Import) -> str:
        if job.started_at is None:
            return "–"
        return _("%(created)d new, %(updated)d updated, %(refused)d refused") % vars(job)

    @admin.display(description=gettext_lazy("uploaded"), ordering="id")
    def uploaded(self, job: Import) -> Any:
        return moments.shown(job.created_at)

    def page(self, request: HttpRequest, obj: Import) -> dict[str, Any]:
        """The context of the step it is at; `?step=columns` goes back to the columns."""
        choosing = obj.status == Status.NEW or (request.GET.get("step") == "columns" and obj.status == Status.CHECKED)
        shown = {
            "job": obj, "pill": self.state(obj), "title": obj.name, "choosing": choosing,
            "buttons": [each for each in self.offered(request, obj) if each.tone != "form"],
            "may": request.user.has_perm(ADD), "steps": _steps(obj, choosing=choosing),
            "progress": telling.progress(obj), "options": Options(**obj.options),
        }  # fmt: skip
        if choosing:
            return {
                **shown, "columns": column_rows(obj), "encodings": encodings(obj),
                "form": ReadingForm(initial=obj.options),
            }  # fmt: skip
        if obj.status == Status.CHECKED:
            return {**shown, **_checked(obj)}
        return {**shown, "findings": list(telling.findings(obj, telling.SHOWN_FINDINGS))}

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        return JsonResponse(telling.progress(self._seen(request, pk)))

    def download(self, request: HttpRequest, pk: int, kind: str) -> StreamingHttpResponse:
        """What is wrong, or the rows that were refused, as CSV."""
        job = self._seen(request, pk)
        if kind not in FILES:
            raise Http404
        return StreamingHttpResponse(
            FILES[kind](job),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="import-{job.pk}-{kind}.csv"'},
        )

    def _seen(self, request: HttpRequest, pk: int) -> Import:
        if not self.has_view_permission(request):
            raise PermissionDenied
        job: Import | None = self.get_object(request, str(pk))
        if job is None:
            raise Http404
        return job

    @button(gettext_lazy("Check"), permission=ADD, tone="form")
    def choose(self, request: HttpRequest, job: Import) -> str:
        form = ReadingForm(request.POST)
        if not form.is_valid():
            raise Invalid(_problems(form))
        mapping = {str(n): request.POST.get(f"column-{n}", "") for n in range(len(job.header))}
        steps.choose(job, mapping, form.cleaned_data)
        return ""

    @button(gettext_lazy("Read again"), permission=ADD, tone="form")
    def read_again(self, request: HttpRequest, job: Import) -> str:
        try:
            steps.read_anew(job, request.POST.get("encoding", ""))
        except (Unreadable, LookupError) as error:
            messages.error(request, str(error))
        return ""

    @button(gettext_lazy("Start"), permission=ADD, tone="form")
    def start(self, request: HttpRequest, job: Import) -> str:
        if not request.user.has_perms(("contacts.add_contact", "contacts.change_contact")):
            raise PermissionDenied
        form = StartForm(request.POST)
        if not form.is_valid():
            raise Invalid(_problems(form))
        steps.start(job, {**form.cleaned_data, "although_broken": "although_broken" in request.POST})
        return ""

    @button(gettext_lazy("Cancel"), permission=ADD, icon="stop",
            when=lambda job: job.status in (Status.NEW, Status.CHECKING, Status.CHECKED, Status.RUNNING))  # fmt: skip
    def cancel(self, request: HttpRequest, job: Import) -> str:
        steps.cancel(job)
        return _("Cancelled: nothing more is imported.")

    @button(gettext_lazy("Resume"), permission=ADD, icon="again", when=steps.can_resume)
    def resume(self, request: HttpRequest, job: Import) -> str:
        steps.resume(job)
        return _("It goes on where it broke.")

    @button(gettext_lazy("Undo the import"), permission="contacts.delete_contact", icon="again", when=steps.can_undo)
    def undo(self, request: HttpRequest, job: Import) -> str:
        steps.undo(job)
        return _("The contacts it made are being removed, but for those that something happened to since.")


def _problems(form: Any) -> Any:
    from triggers.problems import Problem

    return [
        Problem((name,), f"{form.fields[name].label}: {message}" if name in form.fields else str(message))
        for name, found in form.errors.items()
        for message in found
    ]


def _checked(job: Import) -> dict[str, Any]:
    options = Options(**job.options)
    refused = sum(len(lines) for lines in job.portions.values_list("refused", flat=True).iterator())
    initial = {
        **job.options, "tags": ", ".join(options.tags), "automations": "yes" if options.automations else "no",
        "per_minute": options.per_minute or 600,
    }  # fmt: skip
    return {
        "rows": telling.preview(job), "labels": telling.labels(telling.shown_fields(job)),
        "findings": list(telling.findings(job, telling.SHOWN_FINDINGS)), "more": job.problems - telling.SHOWN_FINDINGS,
        "refused": refused, "fitting": job.rows - refused, "form": StartForm(initial=initial),
    }  # fmt: skip


def _steps(job: Import, *, choosing: bool) -> list[dict[str, Any]]:
    present = 1 if choosing else next((n for n, (_name, states) in enumerate(STEPS) if job.status in states), 1)
    return [
        {"name": name, "number": n + 1, "done": n < present, "current": n == present}
        for n, (name, _states) in enumerate(STEPS)
    ]
