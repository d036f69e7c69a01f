"""Who learns: accesses, enrolments with their progress, and members in the admin."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import granting
from courses.models import Access, CategoryProgress, Enrolment, LessonProgress, Member
from courses.standing import Standing, counted
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import GivenFilter, MadeBy, moment_column
from triggers.admin.pages import ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin, ModelForm, TabularInline
from triggers.wording import look

PEOPLE = ("contact__first_name", "contact__last_name", "contact__email")


class Holds(admin.SimpleListFilter):
    """Accesses that hold now, and those that do not."""

    title = gettext_lazy("state")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Active")), ("no", gettext_lazy("Over"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return rows.filter(removed_at=None)
        return rows.filter(removed_at__isnull=False) if self.value() == "no" else rows


class GrantForm(ModelForm[Access]):
    """To whom, which offer, and why."""

    class Meta:
        model = Access
        fields = ["contact", "offer", "reason"]

    def _get_validation_exclusions(self) -> set[str]:
        # Who has it already is given it again: that both are there once is the service's business.
        others: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return others | {"contact", "offer"}


class EndForm(ModelForm[Access]):
    """Until when it holds."""

    class Meta:
        model = Access
        fields = ["expires_at"]
        help_texts = {
            "expires_at": gettext_lazy(
                "Empty for good. A moment that is past ends it at once; one to come gives it anew when it was over."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "expires_at" in self.fields:
            # Whoever changed nothing must not undo what was changed since the page was opened.
            self.fields["expires_at"].show_hidden_initial = True

    def clean_expires_at(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["expires_at"]
        if "expires_at" in self.changed_data:
            try:
                granting.check_end(self.instance, until)
            except ValidationError as error:
                raise ValidationError(error.message_dict["expires_at"]) from None
        return until


@admin.register(Access)
class AccessAdmin(Buttons, MadeBy, ModelAdmin[Access]):
    """Who holds which offer. It is given and taken; of what there is, only the end is changed."""

    change_form_template = "admin/courses/change_form.html"
    form = GrantForm
    list_display = ("contact", "offer", "state", "granted", "expires", "by", "reason")
    list_filter = (Holds, "offer")
    list_select_related = ("contact", "offer")
    search_fields = (*PEOPLE, "reason")
    by_column = "granted_by"
    granted = moment_column("granted_at", gettext_lazy("since"))
    expires = moment_column("expires_at", gettext_lazy("until"))
    autocomplete_fields = ("contact", "offer")
    actions = None
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Access | None = None) -> Any:
        if obj is None:
            return ("contact", "offer", "reason")
        return ("contact", "offer", "reason", "granted_at", "by", "expires_at", "removed_at", "grants")

    def get_readonly_fields(self, request: HttpRequest, obj: Access | None = None) -> Any:
        return () if obj is None else tuple(name for name in self.get_fields(request, obj) if name != "expires_at")

    def get_form(self, request: HttpRequest, obj: Access | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            kwargs["form"] = EndForm
        return super().get_form(request, obj, change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Access | None = None) -> bool:
        """It is taken away, and stays as history."""
        return False

    def save_model(self, request: HttpRequest, obj: Access, form: Any, change: bool) -> None:
        if not change:
            obj.pk = granting.grant(obj.contact, obj.offer, obj.reason).pk
        elif "expires_at" in form.changed_data:
            # A form has no fractions of seconds: one that was saved as it stood would move the end by them.
            granting.end_at(obj, form.cleaned_data["expires_at"])

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        access = kwargs.get("obj")
        if access is not None:
            context |= {"buttons": self.offered(request, access), "state": self.state(access)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("state"), ordering="removed_at")
    def state(self, access: Access) -> SafeString:
        if access.removed_at is not None:
            return look.pill("closed", _("Removed"))
        is_over = not access.is_active(timezone.now())
        return look.pill("closed", _("Over")) if is_over else look.pill("live", _("Active"))

    @button(gettext_lazy("Take it away"), permission="courses.change_access", tone="danger", asks=gettext_lazy("Why"),
            when=lambda access: access.removed_at is None)  # fmt: skip
    def take_away(self, request: HttpRequest, access: Access) -> str:
        granting.revoke(access.contact, access.offer, request.POST.get("said", "").strip())
        return _("Taken away. What was learned is kept.")

    @button(gettext_lazy("Give it again"), permission="courses.add_access")
    def give_again(self, request: HttpRequest, access: Access) -> str:
        granting.grant(access.contact, access.offer, access.reason)
        return _("Given; its time begins anew.")


class ProgressRows(TabularInline[Any, Enrolment]):
    """When something was started and completed."""

    # what it is of
    of: ClassVar[str]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.of, "started_at", "completed_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(self.of).order_by("pk")


class CategoryRows(ProgressRows):
    """Categories that were begun."""

    model = CategoryProgress
    of = "category"


class LessonRows(ProgressRows):
    """Lessons that were begun."""

    model = LessonProgress
    of = "lesson"


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly, ModelAdmin[Enrolment]):
    """How far people are. Progress is learned, not written."""

    change_form_template = "admin/courses/change_form.html"
    inlines = (CategoryRows, LessonRows)
    list_display = ("contact", "product", "far", "started", "completed", "open_now")
    list_filter = ("product", ("completed_at", GivenFilter), ("access_since", GivenFilter))
    list_select_related = ("contact", "product")
    started = moment_column("started_at", gettext_lazy("started"))
    completed = moment_column("completed_at", gettext_lazy("completed"))
    search_fields = PEOPLE
    fields = ("contact_link", "course_link", "access_since", "started_at", "completed_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return counted(super().get_queryset(request))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        enrolment = kwargs.get("obj")
        if enrolment is not None:
            stands = _standing(enrolment)
            words = {"percent": stands.percent, "done": stands.done, "total": stands.total}
            context["sentence"] = _("%(percent)d %%: %(done)d of %(total)d lessons are done.") % words
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("progress"))
    def far(self, enrolment: Any) -> str:
        return f"{_standing(enrolment).percent} %"

    @admin.display(description=gettext_lazy("access"), ordering="access_since")
    def open_now(self, enrolment: Enrolment) -> SafeString:
        return look.pill("live", _("Open")) if enrolment.access_since else look.pill("closed", _("Closed"))

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, enrolment: Enrolment) -> SafeString:
        return link(page_of(enrolment.contact), enrolment.contact)

    @admin.display(description=gettext_lazy("course"))
    def course_link(self, enrolment: Enrolment) -> SafeString:
        return link(page_of(enrolment.product), enrolment.product)


@admin.register(Member)
class MemberAdmin(ReadOnly, ModelAdmin[Member]):
    """Who has been to the member area, and when."""

    list_display = ("contact", "logins", "last_login_at")
    list_select_related = ("contact",)
    search_fields = PEOPLE
    fields = ("contact", "logins", "last_login_at")


def _standing(enrolment: Any) -> Standing:
    return Standing(enrolment.n_done or 0, enrolment.n_lessons or 0, enrolment.completed_at is not None)
