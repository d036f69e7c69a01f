from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AffiliatesConfig(AppConfig):
    name = "affiliates"
    verbose_name = _("Affiliates")

    def ready(self) -> None:
        from affiliates import choices, crediting, holdings, joining, keys, visits
        from contacts import arrivals
        from contacts.dedupe.merging import joiners
        from triggers import sweeping
        from triggers.workflows import uses

        choices.register()
        keys.register()
        holdings.register()
        joiners["affiliates"] = joining.join
        arrivals.listeners["referrals"] = visits.recognise
        sweeping.chores["purchases"] = sweeping.Chore(crediting.due_lanes, crediting.work)
        sweeping.purgers["clicks on affiliates' links"] = visits.purge
        uses.register(uses.Thing(_("Campaigns"), "affiliates.Campaign", ("campaigns", "campaign")))
        uses.register(uses.Thing(_("Affiliates"), "affiliates.Affiliate", ("affiliates",)))
