import pytest

from conversations import gateways
from conversations.models import ChannelSetting, HttpGateway

pytestmark = pytest.mark.django_db


def test_a_channel_goes_to_the_console_while_nothing_is_set_up() -> None:
    line = gateways.line("sms")

    assert (line.gateway.key, line.sender) == ("console", "")


def test_a_channel_goes_by_the_gateway_that_is_chosen() -> None:
    HttpGateway.objects.create(name="Texts", slug="texts", url="https://api.example.com/send")
    ChannelSetting.objects.create(channel="sms", gateway="http:texts", sender="+4930123456")

    line = gateways.line("sms")

    assert (line.gateway.key, line.sender) == ("http:texts", "+4930123456")
    assert line.gateway.receiver() == "https://api.example.com"
    assert ("http:texts", "HTTP: Texts") in gateways.choices()
    assert ("console", "On trial: kept here and not sent") in gateways.choices()


@pytest.mark.parametrize("key", ["http:gone", "twilio:1", "", "console:2"])
def test_a_gateway_that_is_gone_says_what_to_do(key: str) -> None:
    with pytest.raises(gateways.NoGateway, match=r"There is no gateway “.*” any more\. Choose another"):
        gateways.find(key)


def test_a_gateway_that_is_switched_off_is_gone() -> None:
    HttpGateway.objects.create(name="Texts", slug="texts", url="https://api.example.com/send", active=False)

    with pytest.raises(gateways.NoGateway):
        gateways.find("http:texts")
