"""Contacts, tags, notes and tasks in the admin. What changes goes through `services`, so that events fire."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import services
from contacts.admin import custom_form, imports
from contacts.admin.custom_fields import CustomFieldAdmin
from contacts.admin.duplicates import DuplicateAdmin
from contacts.admin.export import Exports
from contacts.admin.filters import OwnerFilter, TagFilter, custom_field_filters
from contacts.admin.forms import ContactForm, TagChoiceForm, with_custom_fields
from contacts.admin.people import PeoplePages
from contacts.admin.person import PersonPage
from contacts.admin.scores import ScorePolicyAdmin, ScoreRuleAdmin
from contacts.admin.task_forms import DueForm
from contacts.admin.tasks import TaskAdmin
from contacts.custom.days import Birthday
from contacts.models import Contact, Duplicate, Import, Note, Tag, Task
from triggers.admin.pages import MOMENTS, link
from triggers.admin.typed import ModelAdmin, StackedInline
from triggers.wording import moments
from triggers.wording.look import pill

__all__ = [
    "ContactAdmin",
    "CustomFieldAdmin",
    "NoteAdmin",
    "ScorePolicyAdmin",
    "ScoreRuleAdmin",
    "TagAdmin",
    "TaskAdmin",
]


class OpenTasks(StackedInline[Task, Contact]):
    """What is still to be done for the contact."""

    model = Task
    form = DueForm
    fields = ("title", ("assignee", "day", "clock", "priority"))
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = gettext_lazy("Open tasks")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        return super().get_queryset(request).filter(completed_at=None)


admin.site.register(Import, imports.ImportAdmin)


@admin.register(Contact)
class ContactAdmin(PersonPage, PeoplePages, Exports, ModelAdmin[Contact]):
    """A person: who they are, what they allow, and everything that happened with them."""

    form = ContactForm
    change_form_template = "admin/contacts/contact/change_form.html"
    inlines = (OpenTasks,)
    formfield_overrides = MOMENTS
    view_on_site = False
    list_display = ("called", "email", "company", "country", "owner_name", "tag_names", "changed")
    list_filter = (OwnerFilter, "lead_status", TagFilter)
    search_fields = ("first_name", "last_name", "email", "company", "phone", "external_id")
    search_help_text = gettext_lazy("Search name, e-mail, company, phone")
    list_select_related = ("owner",)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    autocomplete_fields = ("owner",)
    actions = ("add_tag", "merge_two", "export_csv", "export_workbook", "export_cards")
    change_list_template = "admin/contacts/contact/change_list.html"
    fieldsets = (
        (gettext_lazy("Person"), {"fields": (
            ("first_name", "last_name"), ("email", "phone"), ("company", "job_title"), "tagged",
        )}),
        (gettext_lazy("Lead"), {"fields": (("owner", "lead_status"), ("channel", "source", "score"))}),
        (gettext_lazy("Do not disturb"), {"fields": ("closed", "closed_why")}),
        (gettext_lazy("Address"), {"classes": ("collapse",), "fields": (
            "street", ("postal_code", "city"), ("state", "country"),
        )}),
        (gettext_lazy("More"), {"classes": ("collapse",), "fields": (
            ("website", "born"), ("language", "time_zone"), "external_id", ("extra_emails", "extra_phones"),
        )}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        rows: QuerySet[Contact] = super().get_queryset(request)
        return rows.prefetch_related("tags") if _is_list(request) else rows

    def get_form(self, request: HttpRequest, obj: Contact | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=with_custom_fields(obj), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        """The custom fields have a card of their own, before what is folded away; a new person comes before a note."""
        shown = list(super().get_fieldsets(request, obj))
        may_change = obj is None or self.has_change_permission(request, obj)
        inputs = custom_form.rows() if may_change else ["custom_values"]
        if inputs:
            shown.insert(2, (_("Custom fields"), {"fields": inputs}))
        if obj and custom_form.left_over(obj.custom_fields):
            title, said = shown[-1]
            shown[-1] = (title, {**said, "fields": (*said["fields"], "left_over")})
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "left_over", "custom_values")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*super().get_list_filter(request), *custom_field_filters())

    @admin.display(description=gettext_lazy("Birth date"))
    def born(self, contact: Contact) -> str:
        return str(Birthday(contact.birth_date, contact.yearless_birthday))

    @admin.display(description=gettext_lazy("Values"))
    def custom_values(self, contact: Contact) -> SafeString:
        """For whoever may only look."""
        return format_html_join("", "<div>{}: {}</div>", custom_form.shown(contact.custom_fields)) or format_html(
            "{}", "–"
        )

    @admin.display(description=gettext_lazy("Custom fields out of use"))
    def left_over(self, contact: Contact) -> str:
        told = custom_form.left_over(contact.custom_fields)
        return "; ".join(f"{label}: {value}" for label, value in told)

    def get_inlines(self, request: HttpRequest, obj: Contact | None) -> Any:
        return self.inlines if obj else ()

    @admin.display(description=gettext_lazy("contact"), ordering="first_name")
    def called(self, contact: Contact) -> str:
        return str(contact)

    @admin.display(description=gettext_lazy("owner"), ordering="owner", empty_value="–")
    def owner_name(self, contact: Contact) -> str | None:
        return (contact.owner.get_full_name() or contact.owner.get_username()) if contact.owner else None

    @admin.display(description=gettext_lazy("tags"))
    def tag_names(self, contact: Contact) -> str:
        return ", ".join(sorted(tag.name for tag in contact.tags.all())) or "–"

    @admin.display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed(self, contact: Contact) -> Any:
        return moments.shown(contact.updated_at)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        """Writes through the services; the form's own instance is then read anew."""
        if change:
            services.update(Contact.objects.get(pk=obj.pk), form.values, form.asked())
        else:
            obj.pk, obj._state.adding = services.create(form.values, form.asked()).pk, False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        added, removed = form.tag_changes()
        if added:
            services.add_tags(form.instance, added)
        if removed:
            services.remove_tags(form.instance, removed)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        contact = kwargs.get("obj")
        if contact is not None:
            context["state"] = pill(contact.lead_status, contact.get_lead_status_display())
            context["page_url"] = self.page_url(contact)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=gettext_lazy("Add tag…"), permissions=["change"])
    def add_tag(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse | None:
        """Asks which tags; then puts them on each of the chosen contacts."""
        form = TagChoiceForm(request.POST if "asked" in request.POST else None)
        if form.is_valid():
            names = [tag.name for tag in form.cleaned_data["tags"]]
            tagged = sum(bool(services.add_tags(contact, names)) for contact in queryset)
            told = ngettext("%(n)d contact was tagged.", "%(n)d contacts were tagged.", tagged) % {"n": tagged}
            self.message_user(request, told, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request), "title": _("Add tags"), "opts": self.opts, "form": form,
            "chosen": queryset.values_list("pk", flat=True), "count": queryset.count(),
            "media": self.media + form.media,
        }  # fmt: skip
        return TemplateResponse(request, "admin/contacts/contact/add_tag.html", context)


@admin.register(Tag)
class TagAdmin(ModelAdmin[Tag]):
    """Labels, and how many contacts carry each."""

    list_display = ("name", "worn", "created_at")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        rows: QuerySet[Tag] = super().get_queryset(request)
        return rows.annotate(worn_by=Count("taggings")) if _is_list(request) else rows

    @admin.display(description=gettext_lazy("contacts"), ordering="worn_by")
    def worn(self, tag: Any) -> SafeString:
        url = f"{reverse('admin:contacts_contact_changelist')}?tag={tag.pk}"
        return link(url if tag.worn_by else "", tag.worn_by)


@admin.register(Note)
class NoteAdmin(ModelAdmin[Note]):
    """What was written about contacts."""

    list_display = ("body_start", "contact", "author", "created_at")
    list_select_related = ("contact", "author")
    search_fields = ("body",)
    autocomplete_fields = ("contact",)
    fields = ("contact", "body")
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("note"))
    def body_start(self, note: Note) -> str:
        return str(note)

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        if not change:
            obj.author_id = request.user.pk
        super().save_model(request, obj, form, change)


admin.site.register(Duplicate, DuplicateAdmin)


def _is_list(request: HttpRequest) -> bool:
    return request.resolver_match is not None and (request.resolver_match.url_name or "").endswith("_changelist")
