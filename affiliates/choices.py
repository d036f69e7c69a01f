"""What settings and conditions may choose from: campaigns, and affiliates by the name of their contact."""

from affiliates.models import Affiliate, Campaign
from triggers import choices


def register() -> None:
    rows = Campaign.objects.order_by("name")
    numbers, names = (lambda: choices.of_records(rows.all(), "pk", "name")), lambda: choices.of_records(rows, "name")
    choices.register("affiliate campaign", numbers, model="affiliates.campaign")
    choices.register("affiliate campaign name", names)
    choices.register("affiliate", _affiliates, model="affiliates.affiliate")


def _affiliates() -> list[choices.Choice]:
    rows = Affiliate.objects.filter(merged_into=None).select_related("contact").order_by("code")
    return [(row.pk, f"{row} ({row.code})") for row in rows[: choices.MOST]]
