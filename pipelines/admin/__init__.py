"""The pages of opportunities and maps in the admin; each module registers its own."""

from contacts.admin.cards import cards
from pipelines.admin import journeys, maps, opportunities, pipelines  # noqa: F401

cards["journey"] = ("admin/pipelines/journey/card.html", journeys.card)
