from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"

    def ready(self) -> None:
        from conversations import history, holdings, releasing

        releasing.connect()
        holdings.register()
        history.register()
