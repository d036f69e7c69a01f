"""The pages of opportunities and maps in the admin; each module registers its own."""

from pipelines.admin import journeys, maps, opportunities, pipelines  # noqa: F401
