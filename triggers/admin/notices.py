"""Notices: each person sees their own, opens what they are about, and marks them as read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from triggers.admin.pages import ReadOnly
from triggers.admin.typed import ModelAdmin
from triggers.models import Notice
from triggers.wording import moments


class ReadFilter(admin.SimpleListFilter):
    """Unread, unless all are asked for."""

    title = gettext_lazy("read")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("Unread"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        return queryset.filter(read_at=None) if self.value() == "no" else queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnly, ModelAdmin[Notice]):
    """Opening one leads to what it is about, and marks it as read."""

    list_display = ("said", "written", "seen")
    list_filter = (ReadFilter,)
    ordering = ("-id",)
    actions = ("mark_read",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Everybody on the staff has notices; nobody reads another's."""
        is_staff = bool(request.user.is_active and getattr(request.user, "is_staff", False))
        return is_staff and (obj is None or obj.user_id == request.user.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return super().get_queryset(request).filter(user=request.user.pk)

    @admin.display(description=gettext_lazy("notice"))
    def said(self, notice: Notice) -> SafeString:
        return format_html("<strong>{}</strong>" if notice.read_at is None else "{}", notice.text)

    @admin.display(description=gettext_lazy("written"), ordering="id")
    def written(self, notice: Notice) -> Any:
        return moments.shown(notice.created_at)

    @admin.display(description=gettext_lazy("read"))
    def seen(self, notice: Notice) -> Any:
        return moments.shown(notice.read_at) or _("Unread")

    @admin.action(description=gettext_lazy("Mark as read"), permissions=["view"])
    def mark_read(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        read = queryset.filter(read_at=None).update(read_at=timezone.now())
        self.message_user(request, ngettext("%(n)d notice read.", "%(n)d notices read.", read) % {"n": read})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = self.get_object(request, object_id)
        if notice is None:
            return super().change_view(request, object_id, *args, **kwargs)
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
        if url_has_allowed_host_and_scheme(notice.link, {request.get_host()}):
            return redirect(notice.link)
        return redirect(reverse("admin:triggers_notice_changelist"))
