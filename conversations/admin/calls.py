"""Calls that a workflow answered, and a phone to try one without a provider."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from contacts import phones
from conversations.ivr import script, trying
from conversations.models import IvrCall
from triggers.admin.pages import Page, ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.models import Run, Trigger, Workflow
from triggers.wording import look

# The keys of a telephone, as they lie.
KEYS: Final = "123456789*0#"


class PhoneForm(forms.Form):
    """Who rings whom."""

    to_number = forms.CharField(
        label=gettext_lazy("Our number that is rung"), max_length=60, required=False,
        help_text=gettext_lazy("As the trigger of the workflow names it; any, where it names none."),
    )  # fmt: skip
    from_number = forms.CharField(
        label=gettext_lazy("Number of the caller"), max_length=60, required=False,
        help_text=gettext_lazy("Such as +4930123456: the contact who has it rings, or a new one. Empty: a hidden number."),
    )  # fmt: skip

    def clean_from_number(self) -> str:
        given: str = self.cleaned_data["from_number"]
        return phones.parse(given) if given else ""


@admin.register(IvrCall)
class IvrCallAdmin(Page, ReadOnly, ModelAdmin[IvrCall]):
    """What was said in each call; what the caller answered stands in the run."""

    list_display = ("from_number", "to_number", "caller", "started_at", "state")
    list_filter = ("started_at", "to_number")
    list_select_related = ("contact",)
    search_fields = ("from_number", "call_id")
    page_template = "admin/conversations/ivrcall/page.html"
    change_list_template = "admin/conversations/ivrcall/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("phone/", wrap(self.phone), name="conversations_ivrcall_phone"),
            path("<int:pk>/answer/", wrap(require_POST(self.answer)), name="conversations_ivrcall_answer"),
            *super().get_urls(),
        ]

    def phone(self, request: HttpRequest) -> HttpResponse:
        """Rings a number of ours."""
        _may_call(request)
        form = PhoneForm(request.POST or None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            call = trying.ring(form.cleaned_data["from_number"], form.cleaned_data["to_number"], timezone.now())
            return redirect("admin:conversations_ivrcall_change", call.pk)
        context = {
            **self.admin_site.each_context(request), "title": _("Test phone"), "opts": self.opts, "form": form,
            "answering": _answering(),
        }  # fmt: skip
        return render(request, "admin/conversations/ivrcall/phone.html", context)

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The caller presses, speaks or hangs up."""
        _may_call(request)
        call = get_object_or_404(IvrCall, pk=pk, provider=trying.PROVIDER)
        verb = trying.asked(call)
        if "hang_up" in request.POST:
            trying.hang_up(call, timezone.now())
        elif verb is not None and request.POST.get("turn") == str(call.turn):
            trying.answer(call, trying.heard_of(verb, request.POST.dict()), timezone.now())
        return redirect(reverse("admin:conversations_ivrcall_change", args=[pk]) + "#now")

    def page(self, request: HttpRequest, obj: IvrCall) -> dict[str, Any]:
        """What was said in the call, and, while a trial is on the line, what to answer."""
        may_call = request.user.has_perm("conversations.add_message")
        verb = trying.asked(obj) if may_call else None
        return {
            "call": obj, "pill": self.state(obj), "lines": [script.in_words(each) for each in script.verbs(obj.script)],
            "run": self.speaks(obj), "who": self.caller(obj), "is_trial": obj.provider == trying.PROVIDER,
            "asks": type(verb).__name__.lower() if verb else "", "verb": verb, "keys": KEYS, "may_call": may_call,
        }  # fmt: skip

    @admin.display(description=gettext_lazy("contact"), ordering="contact__last_name")
    def caller(self, call: IvrCall) -> Any:
        return link(page_of(call.contact), str(call.contact)) if call.contact else _("Number hidden")

    @admin.display(description=gettext_lazy("state"), ordering="ended_at")
    def state(self, call: IvrCall) -> Any:
        return look.pill("running", _("On the line")) if call.ended_at is None else look.pill("done", _("Ended"))

    @admin.display(description=gettext_lazy("run"))
    def speaks(self, call: IvrCall) -> Any:
        run = Run.objects.select_related("workflow").filter(pk=call.run_id or 0).first()
        return link(page_of(run), run.workflow.name) if run else _("No workflow spoke.")


def _may_call(request: HttpRequest) -> None:
    """A trial runs workflows, which may write to people: those who may write ring."""
    if not request.user.has_perm("conversations.add_message"):
        raise PermissionDenied


def _answering() -> QuerySet[Workflow]:
    """The workflows in force that answer calls."""
    starts = Trigger.objects.filter(event_type="ivr.started", kind=Trigger.Kind.START)
    return Workflow.objects.filter(status=Workflow.Status.LIVE, pk__in=starts.values("workflow")).order_by("name")
