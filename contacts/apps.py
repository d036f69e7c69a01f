from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from contacts import chores, duplicates, forgetting, holdings, score_giving, tasks
        from contacts.custom import dating
        from contacts.importing import keeping, working
        from triggers import sweeping
        from triggers.matching.followers import followers

        dating.connect()
        holdings.register()
        followers["scores"] = score_giving.note
        sweeping.chores["scores"] = sweeping.Chore(score_giving.due_lanes, score_giving.work)
        sweeping.chores["import"] = sweeping.Chore(working.due_lanes, working.work, tasks.IMPORT)
        sweeping.chores["duplicates"] = sweeping.Chore(duplicates.due_lanes, duplicates.work, chores.DUPLICATES)
        sweeping.chores["forgetting"] = sweeping.Chore(forgetting.due_lanes, forgetting.work, chores.FORGETTING)
        sweeping.purgers["imports"] = keeping.purge
