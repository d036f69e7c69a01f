"""Certificate templates and certificates in the admin."""

from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import certifying
from courses.models import Certificate, CertificateTemplate
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import GivenFilter, moment_column
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.wording import look
from triggers.wording.numbers import grouped

LOOKS = {"valid": "live", "expired": "closed", "revoked": "failed"}


@admin.register(CertificateTemplate)
class CertificateTemplateAdmin(ModelAdmin[CertificateTemplate]):
    """What certificates say."""

    list_display = ("title", "product", "on_completion", "valid_days", "issued")
    list_filter = ("product", "on_completion")
    list_select_related = ("product",)
    search_fields = ("title", "key")
    autocomplete_fields = ("product",)
    fields = ("product", "title", "text", ("valid_days", "on_completion"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[CertificateTemplate]:
        rows: QuerySet[CertificateTemplate] = super().get_queryset(request)
        return rows.annotate(n_issued=Count("certificates"))

    def has_delete_permission(self, request: HttpRequest, obj: CertificateTemplate | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.certificates.exists())

    @admin.display(description=gettext_lazy("issued"), ordering="n_issued")
    def issued(self, template: Any) -> str:
        return grouped(template.n_issued)


class IssueForm(ModelForm[Certificate]):
    """To whom, and of which template."""

    class Meta:
        model = Certificate
        fields = ["contact", "template"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        contact, template = given.get("contact"), given.get("template")
        if contact is not None and template is not None and certifying.valid(contact, template, timezone.now()):
            raise ValidationError({"template": _("The contact has a valid certificate of this template already.")})
        return given


@admin.register(Certificate)
class CertificateAdmin(Buttons, ModelAdmin[Certificate]):
    """Who was given a certificate. It is issued and revoked, not changed."""

    change_form_template = "admin/courses/change_form.html"
    form = IssueForm
    list_display = ("title", "name", "state", "issued", "expires", "page")
    list_filter = ("template", ("revoked_at", GivenFilter))
    list_select_related = ("template",)
    search_fields = ("number", "name", "title", "contact__email")
    autocomplete_fields = ("contact", "template")
    actions = None
    show_full_result_count = False
    issued = moment_column("issued_at", gettext_lazy("issued"))
    expires = moment_column("expires_at", gettext_lazy("expires"))

    def get_fields(self, request: HttpRequest, obj: Certificate | None = None) -> Any:
        if obj is None:
            return ("contact", "template")
        return ("contact", "template", "name", "course", "text", "issued_at", "expires_at", "revoked_at", "page")

    def get_readonly_fields(self, request: HttpRequest, obj: Certificate | None = None) -> Any:
        return ("page",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        """One that is not to count any more is revoked: its page says so."""
        return False

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Certificate:
        given = form.cleaned_data
        form.save_m2m = lambda: None
        made = form.instance = certifying.issue(given["contact"], given["template"], timezone.now(), uuid4())
        return made

    def save_model(self, request: HttpRequest, obj: Certificate, form: Any, change: bool) -> None:
        """It is stored."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        certificate = kwargs.get("obj")
        if certificate is not None:
            context |= {"buttons": self.offered(request, certificate), "state": self.state(certificate)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("state"))
    def state(self, certificate: Certificate) -> SafeString:
        standing = certificate.standing(timezone.now())
        words = {"valid": _("Valid"), "expired": _("Expired"), "revoked": _("Revoked")}
        return look.pill(LOOKS[standing], words[standing])

    @admin.display(description=gettext_lazy("its page"))
    def page(self, certificate: Certificate) -> SafeString:
        return link(certificate.address, _("Open"))

    @button(gettext_lazy("Revoke"), permission="courses.change_certificate", tone="danger",
            when=lambda certificate: certificate.revoked_at is None)  # fmt: skip
    def revoke(self, request: HttpRequest, certificate: Certificate) -> str:
        certifying.revoke(certificate, timezone.now())
        return _("Revoked. Its page says so from now on.")
