"""A person with a history, in a fleet's own database: made, forgotten, looked for, and written to."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from contacts import services
from contacts.models import Contact
from contacts.privacy import personal_data
from contacts.tests import make
from contacts.tests.privacy import zelmira
from conversations.models import Message
from triggers import sweeping


def person_with_history() -> int:
    """Somebody with something in every table; their number."""
    who, _ana = zelmira.history(settings)
    return int(who.pk)


def forget_person(number: int) -> None:
    services.forget(Contact.objects.get(pk=number))


def words_found() -> list[str]:
    """What is left of the person in any table."""
    return zelmira.found()


def words_told(number: int) -> list[str]:
    """What is left of the person in what an export tells."""
    told = str(personal_data.document(Contact.objects.get(pk=number))).casefold()
    return [word for word in zelmira.WORDS if word.casefold() in told]


def words_in_files(folder: str, but: list[str]) -> list[str]:
    """What is left of the person in files below the folder; the database's own, and those named, are left out."""
    found = []
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file() and ".sqlite3" not in file.name and file.name not in but:
            text = file.read_text(errors="replace").casefold()
            found += [f"{file.name}: {word}" for word in zelmira.WORDS if word.casefold() in text]
    return found


def apply_ledger() -> str:
    said = StringIO()
    call_command("forgotten", "apply", "--json", stdout=said)
    return said.getvalue()


def letters_when_imported_anew() -> dict[str, int]:
    """What becomes of letters to the person, by state, once they are stored again and their workflow starts anew."""
    again = zelmira.zelmira()
    make.tag("VIP again", again)
    for days in range(0, 90, 10):
        sweeping.drain(timezone.now() + timedelta(days=days))
    return dict(Counter(Message.objects.filter(contact=again).values_list("status", flat=True)))
