"""The pages of affiliates in the admin; each module registers its own."""

from affiliates.admin import affiliates, campaigns, sales, visits  # noqa: F401
