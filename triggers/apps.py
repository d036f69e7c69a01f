from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TriggersConfig(AppConfig):
    name = "triggers"
    verbose_name = _("Automation")

    def ready(self) -> None:
        from triggers import choices, clock, holdings, registry, relations, signals
        from triggers.workflows import uses

        registry.discover()
        choices.ensure_own()
        signals.connect()
        relations.connect()
        holdings.register()
        uses.register(uses.Thing(_("Workflows"), "triggers.Workflow", ("workflow", "otherwise", "cases"), "slug"))
        uses.register(uses.Thing(_("Outgoing webhooks"), "triggers.OutgoingEndpoint", ("endpoint",), "slug"))
        uses.register(uses.Thing(_("Credentials"), "triggers.Credential", ("credential",), "slug"))
        post_migrate.connect(lambda **_: clock.ensure_entries(), sender=self, weak=False)
