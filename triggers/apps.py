from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TriggersConfig(AppConfig):
    name = "triggers"
    verbose_name = _("Automation")

    def ready(self) -> None:
        from triggers import choices, clock, holdings, registry, relations, signals

        registry.discover()
        choices.ensure_own()
        signals.connect()
        relations.connect()
        holdings.register()
        post_migrate.connect(lambda **_: clock.ensure_entries(), sender=self, weak=False)
