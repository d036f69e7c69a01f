"""What the pages of messages and mails share: they are read, and perhaps deleted; nobody writes them here."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from triggers.admin.typed import ModelAdmin

# The mail's own HTML: no script, nothing loaded from outside, no access to the admin around it.
HTML_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


class Read(ModelAdmin[Any]):
    """Mail is looked at, and perhaps deleted; nobody writes or changes it here."""

    show_full_result_count = False
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        name = f"conversations_{self.opts.model_name}_html"
        view = self.admin_site.admin_view(xframe_options_sameorigin(self.html_view))
        return [path("<int:pk>/html/", view, name=name), *super().get_urls()]

    def html_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part by itself, for the frame on the mail's page."""
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, mail):
            raise PermissionDenied
        response = HttpResponse(mail.html, content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = HTML_POLICY
        response["Referrer-Policy"] = "no-referrer"
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mail = self.get_object(request, object_id)
        shown = self.shown(mail) if mail else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def shown(self, mail: Any) -> dict[str, Any]:
        """What the page says besides the mail's own columns."""
        return {"frame": reverse(f"admin:conversations_{self.opts.model_name}_html", args=[mail.pk])}
