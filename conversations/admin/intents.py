"""What replies mean: the phrases by which workflows tell a yes from a no."""

from typing import Any

from django.contrib import admin
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.admin.forms import LinesField
from conversations.inbound import intents
from conversations.models import Intent
from triggers.admin.buttons import Buttons, button
from triggers.admin.typed import ModelAdmin, ModelForm


class IntentForm(ModelForm[Intent]):
    phrases = LinesField(
        label=gettext_lazy("Phrases"), widget=Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy(
            "One a line, in any language. “interest*” stands for every word that begins so, “?” for a question mark."
            " Near a word like “not” a phrase does not count."
        ),
    )  # fmt: skip


@admin.register(Intent)
class IntentAdmin(Buttons, ModelAdmin[Intent]):
    """Intents, and a way to try them."""

    form = IntentForm
    change_form_template = "admin/conversations/arrival/change_form.html"
    list_display = ("name", "key", "size")
    search_fields = ("name", "key", "phrases")
    fields = (("name", "key"), "phrases")

    def get_readonly_fields(self, request: HttpRequest, obj: Intent | None = None) -> Any:
        """What workflows ask for keeps its key."""
        return ("key",) if obj else ()

    @admin.display(description=gettext_lazy("phrases"))
    def size(self, intent: Intent) -> str:
        n = len(intent.phrases)
        return ngettext("%(n)d phrase", "%(n)d phrases", n) % {"n": n}

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        intent = self.get_object(request, object_id)
        offered = self.offered(request, intent) if intent else []
        return super().change_view(request, object_id, form_url, {"buttons": offered, **(extra_context or {})})

    @button(gettext_lazy("Try a message"), permission="conversations.view_intent", icon="chat",
            asks=gettext_lazy("What somebody might write"))  # fmt: skip
    def attempt(self, request: HttpRequest, intent: Intent) -> str:
        keys = intents.read(request.POST.get("said", ""))
        if not keys:
            return _("It means none of these.")
        names = Intent.objects.filter(key__in=keys).values_list("name", flat=True)
        return _("It means: %(names)s.") % {"names": ", ".join(names)}
