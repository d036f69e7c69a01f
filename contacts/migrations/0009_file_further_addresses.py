"""Files the further addresses of contacts that are there already."""

from typing import Any

from django.db import migrations
from django.db.models import Q

CHUNK = 2000


def file(apps: Any, _editor: Any) -> None:
    filed = apps.get_model("contacts", "FurtherAddress").objects
    carriers = apps.get_model("contacts", "Contact").objects.exclude(Q(extra_emails=[]) & Q(extra_phones=[]))
    batch = []
    for pk, emails, phones in carriers.values_list("pk", "extra_emails", "extra_phones").iterator(CHUNK):
        values = {text.strip().lower() for text in (*emails, *phones)}
        batch += [filed.model(contact_id=pk, value=value) for value in sorted(values) if 0 < len(value) <= 254]
        if len(batch) >= CHUNK:
            filed.bulk_create(batch)
            batch = []
    filed.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_further_addresses")]

    operations = [migrations.RunPython(file, migrations.RunPython.noop)]
