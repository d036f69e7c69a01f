"""What settings of workflows may choose from among conversations' things."""

from django.utils.translation import gettext as _

from conversations import numbers
from conversations.models import Disposition, Intent, MailTemplate, Message
from triggers import choices
from triggers.models import Workflow


def register() -> None:
    workflows = Workflow.objects.exclude(status="archived").order_by("name")
    choices.register(
        "workflow number", lambda: choices.of_records(workflows.all(), "pk", "name"), model="triggers.workflow"
    )
    meanings = Intent.objects.order_by("name")
    choices.register("intent", lambda: choices.of_records(meanings.all(), "key", "name"), "intents", open=True)
    templates = MailTemplate.objects.order_by("name")
    choices.register("mail template", lambda: choices.of_records(templates.all(), "key", "name"), "template")
    outcomes = Disposition.objects.order_by("name")
    choices.register(
        "disposition", lambda: choices.of_records(outcomes.all(), "key", "name"), "dispositions", open=True
    )
    choices.register("message channel", lambda: [(value, str(label)) for value, label in Message.Channel.choices])
    choices.register("number lookup", _lookups, open=True)


def _lookups() -> list[choices.Choice]:
    return [
        (numbers.OFFLINE, _("Offline, by the ranges of all countries")),
        *((name, name.title()) for name in numbers.lookups),
    ]
