"""The pages of contacts in the admin; each module registers its own."""

from contacts.admin import contacts, custom_fields, duplicates, imports, people, scores, tasks  # noqa: F401
