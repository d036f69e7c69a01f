from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaptureConfig(AppConfig):
    name = "capture"
    verbose_name = _("Capture")

    def ready(self) -> None:
        from capture import choices, holdings, keys, links, pages, services
        from capture.forms import keeping
        from capture.models import SubmissionFile
        from triggers import files, marking, sweeping
        from triggers.workflows import uses

        sweeping.purgers["inbound requests"] = services.purge
        sweeping.purgers["submissions held back"] = keeping.purge
        sweeping.purgers["clicks on links"] = links.purge
        sweeping.purgers["page views"] = pages.purge
        marking.marks["trigger links"] = links.mark
        choices.register()
        keys.register()
        files.go_with(SubmissionFile)
        holdings.register()
        uses.register(uses.Thing(_("Inbound webhooks"), "capture.InboundWebhook", ("webhooks",)))
        uses.register(uses.Thing(_("Forms and surveys"), "capture.Form", ("forms", "surveys")))
        uses.register(uses.Thing(_("Trigger links"), "capture.TriggerLink", ("links",)))
        uses.register(uses.Thing(_("Websites"), "capture.Site", ("sites",)))
