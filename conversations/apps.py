from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from contacts.dedupe.merging import joiners
        from conversations import (
            attaching,
            choices,
            console,
            history,
            holdings,
            http_gateway,
            releasing,
            replying,
            statuses,
            threads,
        )
        from conversations.inbound import polling, taking
        from triggers import sweeping

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
        sweeping.purgers["arrivals"] = taking.purge
        sweeping.chores[replying.CHORE] = sweeping.Chore(replying.due_lanes, replying.work, replying.TASK)
        joiners["threads"] = threads.join
