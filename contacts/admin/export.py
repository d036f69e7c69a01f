"""Contacts as files from their list: the chosen ones, or all that the filters show."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.exporting.files import FORMATS
from contacts.models import Contact

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

PERMISSION = "contacts.export_contact"


class Exports(_Admin):
    """Gives the list of contacts its exports. Whoever takes people's data out is noted in the admin's log."""

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "export/<slug:kind>/", self.admin_site.admin_view(self.export_list), name="contacts_contact_export"
        )
        return [export, *super().get_urls()]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        said = {"may_export": self.has_export_permission(request), "exports": list(FORMATS)}
        return super().changelist_view(request, {**said, **(extra_context or {})})

    def export_list(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """What the list's address shows, its filters and search applied, all pages of it."""
        if kind not in FORMATS:
            raise Http404
        if not (self.has_export_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        shown = self.get_changelist_instance(request).get_queryset(request)
        return self.exported(request, Contact.objects.filter(pk__in=shown.order_by().values("pk")), kind)

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["export"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Contact]) -> StreamingHttpResponse:
        return self.exported(request, queryset, "csv")

    @admin.action(description=gettext_lazy("Export as Excel"), permissions=["export"])
    def export_workbook(self, request: HttpRequest, queryset: QuerySet[Contact]) -> StreamingHttpResponse:
        return self.exported(request, queryset, "xlsx")

    @admin.action(description=gettext_lazy("Export as vCard"), permissions=["export"])
    def export_cards(self, request: HttpRequest, queryset: QuerySet[Contact]) -> StreamingHttpResponse:
        return self.exported(request, queryset, "vcard")

    def exported(self, request: HttpRequest, contacts: QuerySet[Contact], kind: str) -> StreamingHttpResponse:
        form = FORMATS[kind]
        count = contacts.count()
        told = ngettext("Exported %(n)d contact as %(kind)s.", "Exported %(n)d contacts as %(kind)s.", count)
        LogEntry.objects.create(
            user_id=request.user.pk or 0, content_type=ContentType.objects.get_for_model(Contact), action_flag=CHANGE,
            object_repr=_("Contacts"), change_message=told % {"n": count, "kind": kind},
        )  # fmt: skip
        name = f"contacts-{timezone.localdate():%Y-%m-%d}.{form.suffix}"
        return StreamingHttpResponse(
            form.write(contacts),
            content_type=form.content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
