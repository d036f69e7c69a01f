import pytest

from conversations.inbound import keywords


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("STOP", "stop"), ("stop.", "stop"), (" Stop! ", "stop"), ("“STOP”", "stop"), ("Stop all", "stop"),
        ("STOPALL", "stop"), ("Unsubscribe", "stop"), ("opt-out", "stop"), ("STOPP", "stop"), ("ARRÊT", "stop"),
        ("START", "start"), ("unstop", "start"), ("Help?", "help"), ("INFO", "help"),
        ("Please stop by at noon", ""), ("don't stop", ""), ("Yes", ""), ("", ""), ("!", ""), ("stop" * 200, ""),
    ],
)  # fmt: skip
def test_an_order_is_the_whole_message(body: str, word: str) -> None:
    assert keywords.read("sms", body) == word


@pytest.mark.parametrize("channel", ["email", "chat", "messenger", "call"])
def test_channels_that_know_no_orders_take_words_as_words(channel: str) -> None:
    assert keywords.read(channel, "STOP") == ""
