from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PipelinesConfig(AppConfig):
    name = "pipelines"
    verbose_name = _("Pipelines")

    def ready(self) -> None:
        from contacts.dedupe import merging
        from pipelines.maps import hearing, history, holdings
        from pipelines.maps.merging import join
        from triggers.matching.followers import followers

        hearing.connect()
        holdings.register()
        history.register()
        merging.joiners["journeys"] = join
        followers["journeys"] = hearing.follow
