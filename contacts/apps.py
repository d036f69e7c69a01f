from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from contacts import score_giving, tasks
        from contacts.custom import dating
        from contacts.importing import keeping, working
        from triggers import sweeping
        from triggers.matching.followers import followers

        dating.connect()
        followers["scores"] = score_giving.note
        sweeping.chores["scores"] = sweeping.Chore(score_giving.due_lanes, score_giving.work)
        sweeping.chores["import"] = sweeping.Chore(working.due_lanes, working.work, tasks.IMPORT)
        sweeping.purgers["imports"] = keeping.purge
