"""The page of intents: phrases a line, and a message to try."""

import pytest

from conversations.models import Intent
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ROOT = "/admin/conversations/intent/"


def test_staff_make_an_intent_of_their_own_and_try_it() -> None:
    client = visit.boss()

    client.post(f"{ROOT}add/", {"name": "Price", "key": "price", "phrases": "how dear\n\n  budget* \n"})
    price = Intent.objects.get(key="price")
    said = client.post(f"{ROOT}{price.pk}/do/attempt/", {"said": "Our budgets? Yes!"}, follow=True).content.decode()

    assert price.phrases == ["how dear", "budget*"]
    assert "It means: Positive, Price, Question." in said


@pytest.mark.parametrize(
    ("phrases", "told"), [("!!!", "“!!!” holds no word."), ("x" * 81, "is longer than 80 signs.")]
)  # fmt: skip
def test_what_is_no_phrase_is_refused_at_its_field(phrases: str, told: str) -> None:
    answer = visit.boss().post(f"{ROOT}add/", {"name": "A", "key": "a", "phrases": phrases})

    assert told in answer.content.decode()
    assert not Intent.objects.filter(key="a").exists()
