from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConcoursConfig(AppConfig):
    name = "concours"

    def ready(self) -> None:
        from concours import affiliate_sales, attachments, recipes
        from concours.groups import ensure_groups

        recipes.register()
        attachments.register()
        affiliate_sales.register()

        # Permissions are made by auth's own receiver, which is connected before ours.
        post_migrate.connect(ensure_groups, dispatch_uid="concours.groups")
