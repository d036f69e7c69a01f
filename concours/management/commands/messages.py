"""`manage.py messages`: the catalogues of texts, brought up to date with the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concours import texts


class Command(BaseCommand):
    help = (
        "Collects every text that a person reads from the code and the templates into locale/<language>/LC_MESSAGES/"
        "django.po, keeps the translations there are, drops texts that are gone, and writes django.mo, which Django "
        "reads. Then lists what waits for a translation. Translate it in the .po file and run the command again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit status 1 where something is to do"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        messages = texts.found(settings.BASE_DIR)
        languages = [code for code, _name in settings.LANGUAGES if code != texts.SOURCE]
        wrong = [line for code in languages for line in self._language(code, messages, check)]
        for line in wrong:
            self.stdout.write(line)
        if check and wrong:
            raise CommandError("The catalogues are not complete. Run script/messages, then translate what it lists.")

    def _language(self, code: str, messages: dict[texts.Key, list[str]], check: bool) -> list[str]:
        """Writes one language's files unless this is a check; what is to do about them."""
        old = texts.read(code)
        fresh = texts.brought_up_to_date(old, messages)
        if check:
            stale = ["the texts in the code have changed"] if texts.keys(old) != texts.keys(fresh) else []
        else:
            stale = []
            texts.write(code, fresh)
        missing = [f"{code}: not translated: {message.id!r}" for message in texts.untranslated(fresh)]
        faulty = [f"{code}: {fault.why}: {fault.text!r}" for fault in texts.faults(fresh)]
        self.stderr.write(f"{code}: {len(texts.keys(fresh))} texts, {len(missing)} to translate, {len(faulty)} faulty.")
        return [*(f"{code}: {why}" for why in stale), *missing, *faulty]
