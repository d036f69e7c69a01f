from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from contacts import letters
        from contacts.dedupe.merging import joiners
        from conversations import (
            attaching,
            choices,
            console,
            history,
            holdings,
            http_gateway,
            notices,
            releasing,
            replying,
            statuses,
            threads,
        )
        from conversations.inbound import attachments, fetching, intents, polling, taking
        from conversations.models import Attachment, MailFile
        from triggers import files, sweeping

        post_migrate.connect(intents.ensure, sender=self, dispatch_uid="conversations.intents")
        releasing.connect()
        holdings.register()
        history.register()
        choices.register()
        attaching.register()
        console.register()
        http_gateway.register()
        sweeping.chores["reports of messages"] = sweeping.Chore(statuses.due_lanes, statuses.work)
        sweeping.purgers["reports of messages"] = statuses.purge
        sweeping.chores["mail accounts"] = sweeping.Chore(polling.due_lanes, polling.work, polling.TASK)
        sweeping.chores[attachments.CHORE] = sweeping.Chore(fetching.due_lanes, fetching.work, fetching.TASK)
        files.go_with(Attachment)
        files.go_with(MailFile)
        sweeping.purgers["arrivals"] = taking.purge
        sweeping.purgers["notices to addresses"] = notices.purge
        sweeping.chores[replying.CHORE] = sweeping.Chore(replying.due_lanes, replying.work, replying.TASK)
        letters.carriers["mail"] = replying.letter
        joiners["threads"] = threads.join
