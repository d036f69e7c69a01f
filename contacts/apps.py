from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from contacts import choices, further, tasks
        from contacts.custom import checking, dating, values
        from contacts.dates import moving
        from contacts.dedupe import duplicates
        from contacts.importing import keeping, working
        from contacts.models.checks import checks
        from contacts.privacy import forgetting, holdings
        from contacts.scores import score_giving, score_rules
        from contacts.todo import reminding
        from triggers import sweeping
        from triggers.matching.followers import followers
        from triggers.workflows import uses

        checks["contacts.Contact"] = values.check_contact
        checks["contacts.CustomField"] = checking.check
        checks["contacts.ScoreRule"] = score_rules.check
        choices.register()
        dating.connect()
        further.connect()
        moving.connect()
        holdings.register()
        uses.register(uses.Thing(_("Tags"), "contacts.Tag", ("tags", "tag", "without_tags"), "name"))
        followers["scores"] = score_giving.note
        sweeping.chores["scores"] = sweeping.Chore(score_giving.due_lanes, score_giving.work)
        sweeping.chores["import"] = sweeping.Chore(working.due_lanes, working.work, tasks.IMPORT)
        sweeping.chores["duplicates"] = sweeping.Chore(duplicates.due_lanes, duplicates.work, tasks.DUPLICATES)
        sweeping.chores["forgetting"] = sweeping.Chore(forgetting.due_lanes, forgetting.work, tasks.FORGETTING)
        sweeping.chores["reminders"] = sweeping.Chore(reminding.due_lanes, reminding.work, tasks.REMINDERS)
        sweeping.purgers["imports"] = keeping.purge
        sweeping.purgers["zone changes"] = moving.purge
