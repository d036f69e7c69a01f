"""`manage.py demo`: demo data and the login, for a first look."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from concours import demonstration

LEAD = '{"email": "mia.brandt@example.org", "first_name": "Mia", "last_name": "Brandt", "country": "DE"}'


class Command(BaseCommand):
    help = "Make the demo data where it is missing, and print the admin login and a curl line that posts a lead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the login and the webhook as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        login = demonstration.ensure()
        if options["json"]:
            self.stdout.write(json.dumps(login.__dict__))
            return
        self.stdout.write(f"Admin    {settings.PUBLIC_URL}/admin/   user {login.username}   password {login.password}")
        self.stdout.write("Post a lead, then look at its run in the admin:")
        self.stdout.write(f"  curl -d '{LEAD}' -H 'Content-Type: application/json' {login.webhook}")
