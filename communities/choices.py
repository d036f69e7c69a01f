"""What settings and conditions may choose from: groups, by number and by name."""

from communities.models import Group
from triggers import choices


def register() -> None:
    rows = Group.objects.order_by("name")
    numbers, names = (lambda: choices.of_records(rows.all(), "pk", "name")), lambda: choices.of_records(rows, "name")
    choices.register("community group", numbers, model="communities.group")
    choices.register("community group name", names)
