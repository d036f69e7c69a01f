"""Community groups in the admin: who belongs to each, since when and why."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Group, Membership
from triggers.admin.lists import MadeBy, moment_column
from triggers.admin.typed import ModelAdmin
from triggers.wording import look
from triggers.wording.numbers import grouped


@admin.register(Group)
class GroupAdmin(ModelAdmin[Group]):
    """Groups people belong to."""

    list_display = ("name", "state", "members")
    list_filter = ("open",)
    search_fields = ("name", "key")
    fields = ("name", "description", "open")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        rows: QuerySet[Group] = super().get_queryset(request)
        return rows.annotate(member_count=Count("memberships"))

    @admin.display(description=gettext_lazy("state"), ordering="open")
    def state(self, group: Group) -> str:
        return look.pill("live", _("Open")) if group.open else look.pill("paused", _("Closed"))

    @admin.display(description=gettext_lazy("members"), ordering="member_count")
    def members(self, group: Any) -> str:
        return grouped(group.member_count)


@admin.register(Membership)
class MembershipAdmin(MadeBy, ModelAdmin[Membership]):
    """Who belongs to which group. A membership is given and ended, not changed."""

    list_display = ("contact", "group", "granted", "by", "reason")
    list_filter = ("group",)
    list_select_related = ("contact", "group")
    search_fields = ("contact__first_name", "contact__last_name", "contact__email", "reason")
    autocomplete_fields = ("contact", "group")
    fields = ("contact", "group", "reason")
    by_column = "granted_by"
    granted = moment_column("granted_at", gettext_lazy("since"))

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "group":
            kwargs["queryset"] = Group.objects.filter(open=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
