import pytest

from conversations.addresses import BadAddress, masked, normalised, read


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  anna@example.org ", "anna@example.org"),
        ("Anna <anna@example.org>", "Anna <anna@example.org>"),
        ('"Anna" <anna@example.org>', "Anna <anna@example.org>"),
        ('"Arends, Anna" <anna@example.org>', '"Arends, Anna" <anna@example.org>'),
        ("Anna Größe <anna@example.org>", "Anna Größe <anna@example.org>"),
        ("anna@müller.example", "anna@müller.example"),
    ],
)
def test_reads_one_address(text: str, address: str) -> None:
    assert read(text) == address


@pytest.mark.parametrize(
    "text", ["", "anna", "anna@", "@example.org", "a@example.org, b@example.org", "a@example.org b@example.org"]
)
def test_refuses_what_is_not_one_address(text: str) -> None:
    with pytest.raises(BadAddress) as caught:
        read(text)

    assert str(caught.value) == f"“{text}” is not one e-mail address. Write it like anna@example.org."


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Anna@Example.ORG", "anna@example.org"),
        (" anna@example.org", "anna@example.org"),
        ("Anna <ANNA@example.org>", "anna@example.org"),
        ("ａnna@example.org", "anna@example.org"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("anna+news@example.org", "anna+news@example.org"),
        ("a.nna@example.org", "a.nna@example.org"),
    ],
)
def test_compares_in_one_form(text: str, form: str) -> None:
    assert normalised(text) == form


def test_a_public_page_shows_no_whole_address() -> None:
    assert masked("Anna <Anna@example.org>") == "a…@example.org"
