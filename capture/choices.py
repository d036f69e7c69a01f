"""What settings of workflows may choose from: inbound webhooks, forms, surveys, links, websites, each by its number."""

from capture.models import Form, InboundWebhook, Site, TriggerLink
from triggers import choices


def register() -> None:
    rows = InboundWebhook.objects.order_by("name")
    choices.register("webhook", lambda: choices.of_records(rows.all(), "pk", "name"), "webhooks",
                     model="capture.inboundwebhook")  # fmt: skip
    forms = Form.objects.order_by("name")
    choices.register("form", lambda: choices.of_records(forms.filter(kind="form"), "pk", "name"),
                     model="capture.form")  # fmt: skip
    choices.register("survey", lambda: choices.of_records(forms.filter(kind="survey"), "pk", "name"))
    links = TriggerLink.objects.order_by("name")
    choices.register("trigger link", lambda: choices.of_records(links.all(), "pk", "name"),
                     model="capture.triggerlink")  # fmt: skip
    sites = Site.objects.order_by("name")
    choices.register("site", lambda: choices.of_records(sites.all(), "pk", "name"), model="capture.site")
