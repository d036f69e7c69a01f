"""Calls that a workflow answered."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.ivr import script
from conversations.models import IvrCall
from triggers.admin.pages import ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.models import Run
from triggers.wording import look


@admin.register(IvrCall)
class IvrCallAdmin(ReadOnly, ModelAdmin[IvrCall]):
    """What was said in each call; what the caller answered stands in the run."""

    list_display = ("from_number", "to_number", "caller", "started_at", "state")
    list_filter = ("started_at", "to_number")
    list_select_related = ("contact",)
    search_fields = ("from_number", "call_id")
    fields = ("caller", "from_number", "to_number", "provider", "call_id", "started_at", "ended_at", "speaks", "told")
    readonly_fields = fields

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

    @admin.display(description=gettext_lazy("said in the call"))
    def told(self, call: IvrCall) -> Any:
        lines = [(script.in_words(each),) for each in script.verbs(call.script)]
        return format_html_join("", "<p>{}</p>", lines) or "–"
