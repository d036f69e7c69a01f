from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Connections")

    def ready(self) -> None:
        from providers import holdings, registry, services, tasks, working
        from triggers import sweeping

        registry.discover()
        holdings.register()
        sweeping.chores["deliveries"] = sweeping.Chore(working.due_lanes, working.work, tasks.DELIVERIES)
        sweeping.purgers["provider deliveries"] = services.purge
