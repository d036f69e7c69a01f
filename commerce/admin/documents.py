"""Documents in the admin: written from a template for a contact, sent, followed, signed by us."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce import links
from commerce.documents import signing, writing
from commerce.documents.signing import Who
from commerce.models import Document
from contacts.admin.records import Record, Table, shown
from triggers import visiting
from triggers.admin.buttons import button
from triggers.admin.pages import MOMENTS, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.wording import moments

CHANGE = "commerce.change_document"


@admin.register(Document)
class DocumentAdmin(Record, ModelAdmin[Document]):
    """Documents and contracts."""

    change_form_template = "admin/commerce/document/change_form.html"
    formfield_overrides = MOMENTS
    list_display = ("name", "contact_link", "recipient_name", "worth", "state", "expires_on")
    list_filter = ("status", "template", "recipient", "gateway")
    list_select_related = ("contact",)
    search_fields = ("name", "recipient_name", "recipient_email")
    autocomplete_fields = ("contact", "template")
    fieldsets = (
        (None, {"fields": ("contact", "template", "name", "body")}),
        (gettext_lazy("Who signs it"), {"fields": (
            "recipient", ("recipient_name", "recipient_email"), ("countersigned", "expires_on"))}),
        (gettext_lazy("What it is worth"), {"fields": (("value", "currency"),)}),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts are written: what was sent is what is signed."""
        is_draft = obj is None or (obj.status == "draft" and not obj.gateway)
        return is_draft and ModelAdmin.has_change_permission(self, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(obj and obj.status == "draft") and ModelAdmin.has_delete_permission(self, request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Name and text come from the template, once it is chosen; then they can be changed."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("contact", "template", ("value", "currency"))}),)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            for name in ("contact", "template"):
                form.base_fields[name].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        """A new one is written from its template."""
        if change or obj.template is None:
            super().save_model(request, obj, form, change)
            return
        made = writing.write(obj.template, obj.contact, value=obj.value, currency=obj.currency, created_by=request.user)
        obj.pk, obj._state.adding = made.pk, False
        obj.refresh_from_db()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of a draft, the page of anything else."""
        document = self.get_object(request, unquote(object_id))
        if document is not None and self.has_change_permission(request, document):
            more = {"buttons": self.offered(request, document), "page": links.of_document(document.pk)}
            return ModelAdmin.change_view(self, request, object_id, form_url, {**more, **(extra_context or {})})
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def worth(self, row: Document) -> str:
        return shown(row.value, row.currency) if row.value else "–"

    def sentence(self, row: Document) -> str:
        words = {"who": row.recipient_name or row.recipient_email or _("Somebody"), "day": row.expires_on}
        if row.is_open:
            return _("%(who)s has until %(day)s to sign it.") % words if row.expires_on else (
                _("%(who)s has not signed it yet.") % words
            )  # fmt: skip
        if row.status == Document.Status.SIGNED:
            return _("%(who)s has signed it. Now it is your turn.") % words
        if row.status == Document.Status.DECLINED:
            return _("%(who)s does not want to sign it.") % words
        return _("It is finished; nothing is left to do.")

    def facts(self, row: Document) -> Iterable[tuple[Any, Any]]:
        yield _("Its page"), link(links.of_document(row.pk), _("Open")) if not row.gateway else ""
        yield _("For"), row.get_recipient_display()
        yield _("E-mail"), row.recipient_email
        yield _("Template"), link(page_of(row.template), row.template) if row.template else ""
        yield _("Value"), shown(row.value, row.currency) if row.value else ""
        yield _("Signature"), row.signature
        yield _("Our signature"), row.countersignature
        yield _("Why not"), row.declined_because
        yield _("Fingerprint"), row.digest
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""

    def tables(self, row: Document) -> Iterable[Table]:
        rows = [(each.get_what_display(), moments.short(each.at), each.who, each.address) for each in row.marks.all()]
        yield Table(_("Audit"), (_("What"), _("When"), _("Who"), _("From where")), rows, numbers=0)

    @button(gettext_lazy("Send for signature"), permission=CHANGE, icon="mail", tone="primary",
            when=lambda row: row.status == "draft" and not row.gateway)  # fmt: skip
    def send(self, request: HttpRequest, row: Document) -> str:
        signing.send(row, timezone.now(), _who(request))
        return _("Open for its signature. Workflows that send it by e-mail start.")

    @button(gettext_lazy("Sign for us"), permission=CHANGE, icon="pencil", tone="primary",
            asks=gettext_lazy("Your full name"), when=lambda row: row.status == "signed" and not row.gateway)  # fmt: skip
    def countersign(self, request: HttpRequest, row: Document) -> str:
        by = _who(request)
        signing.countersign(row, request.POST.get("said", "").strip() or by.name, timezone.now(), by)
        return _("Signed and complete.")

    @button(gettext_lazy("Withdraw"), permission=CHANGE, icon="stop", when=lambda row: row.is_open and not row.gateway)
    def withdraw(self, request: HttpRequest, row: Document) -> str:
        signing.withdraw(row, timezone.now(), _who(request))
        return _("Withdrawn. Its page says so.")


def _who(request: HttpRequest) -> Who:
    user: Any = request.user
    name = user.get_full_name() or user.get_username()
    return Who(name, visiting.address_of(request), request.headers.get("User-Agent", ""))
