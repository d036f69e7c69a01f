"""T33: a person who was forgotten is found in no table, queue, file or export, and an old backup forgets them again."""

import json

import pytest

from concours.tests.faults import stores
from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import Fleet
from contacts.tests.privacy.zelmira import WORDS

STORES = ["postgres-broker", "postgres", "sqlite", "sqlite-files"]
MODULE = "concours.tests.faults.people"


def ask(crew: Fleet, function: str, **arguments: object) -> object:
    console = crew.consoles[0] if crew.consoles else crew.console()
    return console.ask(f"{MODULE}:{function}", **arguments)


@pytest.mark.nightly
@pytest.mark.parametrize("store", STORES)
def test_a_forgotten_person_is_found_nowhere_and_an_old_backup_forgets_again(fleet: MakeFleet, store: str) -> None:
    crew = fleet(store)
    who = ask(crew, "person_with_history")
    assert ask(crew, "words_found") == list(WORDS)
    crew.consoles.pop().close()
    backup = stores.backed_up(crew.store)

    with backup as restore:
        ask(crew, "forget_person", number=who)
        found_nowhere(crew, who)
        assert ask(crew, "letters_when_imported_anew") == {"suppressed": 1}
        crew.consoles.pop().close()

        restore()
        assert ask(crew, "words_found") == list(WORDS)
        assert json.loads(ask(crew, "apply_ledger")) == {"forgotten": 1, "already": 1, "absent": 0}
        found_nowhere(crew, who)
        assert ask(crew, "letters_when_imported_anew") == {"suppressed": 1}


def found_nowhere(crew: Fleet, who: object) -> None:
    assert ask(crew, "words_found") == []
    assert ask(crew, "words_told", number=who) == []
    logs = [console.log.name for console in crew.consoles]
    assert ask(crew, "words_in_files", folder=str(crew.store.folder), but=logs) == []
    queued = stores.queued(crew.store)
    assert [word for word in WORDS for text in queued if word.casefold() in text.casefold()] == []
    print(f"{crew.store.kind.name}: nothing left of {who}; {len(queued)} messages looked through in the broker")
