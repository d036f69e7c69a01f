from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PipelinesConfig(AppConfig):
    name = "pipelines"
    verbose_name = _("Pipelines")

    def ready(self) -> None:
        from pipelines import choices, deals, keys, maps
        from triggers.workflows import uses

        keys.register()
        choices.register()
        deals.ready()
        maps.ready()
        pipelines = ("pipeline", "pipelines", "from_pipelines")
        uses.register(uses.Thing(_("Pipelines"), "pipelines.Pipeline", pipelines))
        uses.register(uses.Thing(_("Maps"), "pipelines.Map", ("map",)))
