from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    name = "commerce"
    verbose_name = _("Commerce")

    def ready(self) -> None:
        from commerce import checkouts, choices, holdings, keys, renewing
        from commerce.documents import signing
        from triggers import sweeping
        from triggers.workflows import uses

        sweeping.chores["subscriptions"] = sweeping.Chore(renewing.due_lanes, renewing.work)
        sweeping.purgers["checkouts"] = checkouts.purge
        sweeping.purgers["documents that run out"] = signing.expire
        choices.register()
        keys.register()
        holdings.register()
        uses.register(uses.Thing(_("Products"), "commerce.Product", ("products", "not_products", "product")))
        uses.register(uses.Thing(_("Prices"), "commerce.Price", ("prices", "price")))
