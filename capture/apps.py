from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaptureConfig(AppConfig):
    name = "capture"
    verbose_name = _("Capture")

    def ready(self) -> None:
        from capture import choices, holdings, services
        from triggers import sweeping
        from triggers.workflows import uses

        sweeping.purgers["inbound requests"] = services.purge
        choices.register()
        holdings.register()
        uses.register(uses.Thing(_("Inbound webhooks"), "capture.InboundWebhook", ("webhooks",)))
