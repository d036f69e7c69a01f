"""The scopes a key can have: those that some address asks for."""

from triggers.api.scopes import known_scopes
from triggers.tests.api.calls import EVERYTHING


def test_the_engines_scopes_are_known() -> None:
    assert set(EVERYTHING) <= set(known_scopes())


def test_scopes_that_no_address_asks_for_are_not() -> None:
    assert "catalogue:write" not in known_scopes()
    assert known_scopes() == sorted(set(known_scopes()))
