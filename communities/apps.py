from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Communities")

    def ready(self) -> None:
        from communities import choices, holdings, keys
        from triggers.workflows import uses

        choices.register()
        keys.register()
        holdings.register()
        uses.register(uses.Thing(_("Community groups"), "communities.Group", ("groups", "group")))
