"""Probable duplicates: who may be stored twice and why, each pair a click from standing side by side."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from contacts.dedupe import duplicates
from contacts.models import Contact, Duplicate, DuplicateSearch
from triggers.admin.pages import ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.wording import moments


class DuplicateAdmin(ReadOnly, ModelAdmin[Duplicate]):
    """Found once a day, and when somebody asks. A pair is gone from here once merged, or called not the same."""

    change_list_template = "admin/contacts/duplicate/change_list.html"
    list_display = ("older", "younger", "reason", "found", "compare")
    list_display_links = None
    list_select_related = ("first", "second")
    list_per_page = 50
    actions = ("not_the_same",)

    def get_urls(self) -> list[URLPattern]:
        search = self.admin_site.admin_view(require_POST(self.search))
        return [path("search/", search, name="contacts_duplicate_search"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Duplicate]:
        return super().get_queryset(request).filter(dismissed_at=None)

    def has_dismiss_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("contacts.change_duplicate")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A pair has no page of its own: the two stand side by side where they are merged."""
        pair = self.get_object(request, object_id)
        if pair is None:
            return redirect("admin:contacts_duplicate_changelist")
        return redirect("admin:contacts_contact_merge", pair.first_id, pair.second_id)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        row = DuplicateSearch.objects.first()
        under_way = row is not None and row.position > 0
        searched = moments.shown(row.finished_at) if row is not None and row.finished_at else ""
        own = {"searched": searched, "under_way": under_way, "title": _("Probable duplicates")}
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def search(self, request: HttpRequest) -> HttpResponse:
        """Looks through all contacts: the first ten thousand now, the rest in the background."""
        if not self.has_dismiss_permission(request):
            return redirect("admin:contacts_duplicate_changelist")
        duplicates.ask()
        duplicates.go_on()
        found = Duplicate.objects.filter(dismissed_at=None).count()
        told = ngettext("%(n)d probable duplicate.", "%(n)d probable duplicates.", found) % {"n": found}
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:contacts_duplicate_changelist")

    @admin.display(description=gettext_lazy("contact"))
    def older(self, pair: Duplicate) -> SafeString:
        return _called(pair.first)

    @admin.display(description=gettext_lazy("probably the same"))
    def younger(self, pair: Duplicate) -> SafeString:
        return _called(pair.second)

    @admin.display(description=gettext_lazy("why"))
    def reason(self, pair: Duplicate) -> str:
        said = pair.why()
        return said[:1].upper() + said[1:]

    @admin.display(description=gettext_lazy("found"))
    def found(self, pair: Duplicate) -> Any:
        return moments.shown(pair.found_at)

    @admin.display(description=gettext_lazy("next"))
    def compare(self, pair: Duplicate) -> SafeString:
        return link(reverse("admin:contacts_contact_merge", args=[pair.first_id, pair.second_id]), _("Compare…"))

    @admin.action(description=gettext_lazy("Not the same person"), permissions=["dismiss"])
    def not_the_same(self, request: HttpRequest, queryset: QuerySet[Duplicate]) -> None:
        count = duplicates.dismiss(queryset)
        told = ngettext("%(n)d pair is not suggested again.", "%(n)d pairs are not suggested again.", count)
        self.message_user(request, told % {"n": count}, messages.SUCCESS)


def _called(contact: Contact) -> SafeString:
    further = contact.email or contact.phone or contact.company
    words = link(page_of(contact), contact)
    if not further or further == str(contact):
        return words
    return format_html('{}<br><span class="meta">{}</span>', words, further)
