import pytest

from conversations.segments import segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("a" * 152 + "€" + "a" * 10, 2),
        ("я" * 70, 1), ("я" * 71, 2), ("я" * 134, 2), ("я" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2),
        ("é" * 160, 1), ("ê" * 160, 3),
    ],
)  # fmt: skip
def test_a_text_is_cut_by_the_alphabet_it_needs(text: str, count: int) -> None:
    assert segments(text) == count


def test_a_sign_of_two_places_is_not_torn_apart() -> None:
    # 152 places, then one of two: it begins the next part, and what follows fills that one up.
    assert segments("a" * 152 + "€" + "a" * 151) == 2
    assert segments("a" * 152 + "€" + "a" * 152) == 3
