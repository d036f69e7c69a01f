from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from contacts import tasks
        from contacts.importing import keeping, working
        from triggers import sweeping

        sweeping.chores["import"] = sweeping.Chore(working.is_due, working.go_on, *tasks.IMPORT)
        sweeping.purgers["imports"] = keeping.purge
