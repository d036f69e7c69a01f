import pytest

from conversations.inbound import intents
from conversations.inbound.phrases import BUILT_IN
from conversations.models import Intent

USUAL = {key: phrases for key, (_name, phrases) in BUILT_IN.items()}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Yes, please!", "positive"), ("Ja gerne, wann passt es Ihnen?", "positive question"),
        ("No thanks", "negative"), ("Nein danke.", "negative"), ("Not interested, please stop writing", "negative stop"),
        ("I’m not interested.", "negative"), ("Das interessiert mich nicht", "negative"),
        ("Das passt mir leider nicht.", "negative"), ("Wir haben kein großes Interesse", "negative"),
        ("I don't think that works for me", "negative"), ("Ich bin nicht einverstanden", "negative"),
        ("No problem, sounds good", "positive"), ("Kein Problem, machen wir so", "positive"),
        ("Warum nicht", "positive"), ("not bad at all", "positive"), ("I can't wait to see it", "positive"),
        ("Was kostet das", "question"), ("Can you call me tomorrow?", "callback question"),
        ("Bitte rufen Sie mich an", "callback"), ("Not now, maybe next week", "later"),
        ("Im Moment nicht, melden Sie sich nächste Woche", "later"), ("Ich bin mir nicht sicher", "later"),
        ("STOP", "stop"), ("Lassen Sie mich in Ruhe!", "stop"), ("Wrong number", "wrong_person"),
        ("Good morning, this is Anna", ""), ("", ""), ("12345", ""),
        ("Thanks for your mail. We are not interested", "negative"),
    ],
)  # fmt: skip
def test_a_reply_means_what_its_words_say(text: str, meant: str) -> None:
    assert intents.meanings(text, USUAL) == meant.split()


def test_an_ending_is_left_open_by_a_star_and_a_clause_ends_at_its_comma() -> None:
    mine = {"price": ["cost*", "how much"], "yes": ["fine"]}

    assert intents.meanings("What are the COSTS", mine) == ["price"]
    assert intents.meanings("How is it, much better?", mine) == []
    assert intents.meanings("It does not cost a thing", mine) == []
    assert intents.meanings("I would not, fine", mine) == ["yes"]


@pytest.mark.django_db
def test_staff_decide_which_phrases_count_and_upgrades_leave_them() -> None:
    assert set(Intent.objects.values_list("key", flat=True)) == set(BUILT_IN)
    assert intents.read("Moin") == []

    Intent.objects.exclude(key="positive").delete()
    Intent.objects.filter(key="positive").update(phrases=["moin"])
    intents.ensure()

    assert intents.read("Moin, ja!") == ["positive"]
    assert Intent.objects.count() == 1
