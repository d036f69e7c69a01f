"""Forms and surveys in the admin: their questions as rows, how they look beside them, and what to copy where."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capture.admin.entries import ChoicesField, WebsitesField, targets
from capture.form_views import policy
from capture.forms import going
from capture.forms.checking import check_together, fill_keys
from capture.forms.state import State
from capture.models import Form, FormField, Submission
from capture.models.inbound import MATCH_FIELDS
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin, ModelForm, StackedInline
from triggers.models import Organisation
from triggers.wording import look

if TYPE_CHECKING:
    _FormSet = BaseInlineFormSet[FormField, Form, Any]
else:
    _FormSet = BaseInlineFormSet


class QuestionForm(ModelForm[FormField]):
    """One question; its choices as lines, its target by name."""

    choices = ChoicesField(
        label=gettext_lazy("Choices"), required=False,
        help_text=gettext_lazy(
            "One a line. In a survey a line may go on: Label | points | page to go to, end, or disqualify."
        ),
    )  # fmt: skip
    maps_to = forms.ChoiceField(label=gettext_lazy("Goes into"), required=False, choices=targets)

    class Meta:
        model = FormField
        fields = ["label", "kind", "required", "maps_to", "page", "position", "choices", "help_text", "key", "default"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        if self.instance.maps_to and self.instance.maps_to not in dict(targets()):
            self.fields["maps_to"].choices = [  # type: ignore[attr-defined]
                *targets(), (self.instance.maps_to, self.instance.maps_to),
            ]  # fmt: skip

    def has_changed(self) -> bool:
        # A row that was added and left empty: the script has numbered it, nobody has asked anything.
        return bool(set(self.changed_data) - (set() if self.instance.pk else {"position"}))

    def clean_position(self) -> int:
        return self.cleaned_data.get("position") or 0


class Questions(_FormSet):
    """All questions of a form: keys are made, places counted, and what does not go together is said."""

    def clean(self) -> None:
        if any(self.errors):
            super().clean()
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not form.cleaned_data.get("DELETE")]
        kept.sort(key=lambda form: (form.instance.page, form.instance.position))
        rows = [form.instance for form in kept]
        fill_keys(rows)
        for place, form in enumerate(kept, 1):
            form.instance.position = place
            # Django compares what was typed; two empty keys are no two of a kind.
            form.cleaned_data["key"] = form.instance.key
        problems = check_together(self.instance, rows)
        if problems:
            raise ValidationError(problems)
        super().clean()


class QuestionInline(StackedInline[FormField, Form]):
    """The questions in their order."""

    model = FormField
    form = QuestionForm
    formset = Questions
    extra = 0
    min_num = 1
    verbose_name_plural = gettext_lazy("questions, in their order")
    fieldsets = (
        (None, {"fields": (("label", "kind"), ("maps_to", "required", "page", "position"), "choices", "help_text")}),
        (gettext_lazy("More"), {"fields": (("key", "default"),), "classes": ("collapse",)}),
    )


class FormForm(ModelForm[Form]):
    """Websites as lines, and the fields that find the contact as boxes to tick."""

    allowed_origins = WebsitesField(
        label=gettext_lazy("Websites that may embed it"), required=False,
        help_text=gettext_lazy("One a line, such as https://www.example.com. None: only the page of its own works."),
    )  # fmt: skip
    match_by = forms.MultipleChoiceField(
        label=gettext_lazy("Find contact by"), choices=MATCH_FIELDS, widget=forms.CheckboxSelectMultiple,
        initial=["email", "phone"],
        help_text=gettext_lazy("Asked in this order; the first that finds a contact wins. Else one is made."),
    )  # fmt: skip

    class Meta:
        model = Form
        fields = [
            "name", "kind", "active", "key", "title", "intro", "button", "thank_you", "disqualified_text",
            "redirect_url", "allowed_origins", "match_by", "min_seconds", "per_minute",
        ]  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("intro", "thank_you", "disqualified_text")
        }  # fmt: skip


@admin.register(Form)
class FormAdmin(ModelAdmin[Form]):
    """Forms and surveys."""

    form = FormForm
    inlines = (QuestionInline,)
    change_form_template = "admin/capture/form/change_form.html"
    list_display = ("name", "state", "kind", "sent", "last_sent")
    list_filter = ("kind", "active")
    search_fields = ("name", "key")
    fieldsets = (
        (None, {"fields": (("name", "kind"), "active", "title", "intro")}),
        (
            gettext_lazy("After sending"),
            {"fields": ("thank_you", "redirect_url", "disqualified_text"), "classes": ("collapse",)},
        ),
        (
            gettext_lazy("Address and limits"),
            {
                "fields": ("key", "button", "allowed_origins", "match_by", ("min_seconds", "per_minute")),
                "classes": ("collapse",),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Form]:
        taken = ~Q(submissions__status=Submission.Status.TRAP)
        rows: QuerySet[Form] = super().get_queryset(request)
        return rows.annotate(
            sent_count=Count("submissions", filter=taken), sent_at=Max("submissions__received_at", filter=taken)
        )

    def get_urls(self) -> list[URLPattern]:
        preview = path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="capture_form_preview")
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page of the form as visitors see it, for the frame beside the questions; it cannot be sent."""
        form = Form.objects.filter(pk=pk).prefetch_related("fields").first()
        if form is None:
            raise Http404
        if not self.has_view_permission(request, form):
            raise PermissionDenied
        pages = sorted({field.page for field in form.fields.all()}) or [1]
        wanted = request.GET.get("page", "")
        at = int(wanted) if wanted.isdecimal() and len(wanted) < 4 and int(wanted) in pages else pages[0]
        page = going.begin(form, {}, State(form=form.pk, begun=0, page=at))
        context = {
            "form": form,
            "page": page,
            "organisation": Organisation.get(),
            "is_preview": True,
            "is_framed": True,
        }
        response = render(request, "capture/form.html", context)
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Content-Security-Policy"] = policy(None)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = self.get_object(request, unquote(object_id))
        return super().change_view(request, object_id, form_url, {**_beside(form), **(extra_context or {})})

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, form: Form) -> str:
        return look.pill("live", _("Active")) if form.active else look.pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("sent"), ordering="sent_count")
    def sent(self, form: Any) -> str:
        listed = f"{reverse('admin:capture_submission_changelist')}?form__id__exact={form.pk}"
        return link(listed if form.sent_count else "", f"{form.sent_count:,}")

    @admin.display(description=gettext_lazy("last sent"), ordering="sent_at", empty_value="–")
    def last_sent(self, form: Any) -> Any:
        return form.sent_at


def _beside(form: Form | None) -> dict[str, Any]:
    """What stands around the form: whether anything comes in, its address, and what to copy into a website."""
    if form is None:
        return {}
    pages = sorted({field.page for field in form.fields.all()})
    return {
        "sentence": _sentence(form), "snippet": snippet(form), "preview_pages": pages if len(pages) > 1 else [],
        "preview": reverse("admin:capture_form_preview", args=[form.pk]),
        "submissions": f"{reverse('admin:capture_submission_changelist')}?form__id__exact={form.pk}",
    }  # fmt: skip


def snippet(form: Form) -> str:
    """The line that puts the form into a website."""
    host = form.address.removesuffix(f"/f/{form.key}/")
    return f'<script src="{host}{static("capture/embed.js")}" data-form="{form.key}" async></script>'


def _sentence(form: Form) -> str:
    """Whether anything comes in, in a sentence."""
    now = timezone.now()
    taken = form.submissions.exclude(status=Submission.Status.TRAP)
    latest = taken.order_by("-received_at").values_list("received_at", flat=True).first()
    if not form.active:
        return _("Switched off: its page says that it is closed.")
    if latest is None:
        return _("Nobody has sent it yet. Its page is open.")
    count = taken.count()
    told = ngettext("Sent %(n)d time, the latest %(ago)s ago.", "Sent %(n)d times, the latest %(ago)s ago.", count)
    return told % {"n": count, "ago": timesince(latest, now)}
