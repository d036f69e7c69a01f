"""Whoever stands in a map is followed."""

from typing import Any

from django.db import migrations


def follow(apps: Any, _editor: Any) -> None:
    journeys = apps.get_model("pipelines", "Journey").objects.filter(is_current=True)
    apps.get_model("contacts", "Contact").objects.filter(pk__in=journeys.values("contact")).update(is_followed=True)


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0004_journey_link"), ("contacts", "0006_followed_contacts")]

    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
