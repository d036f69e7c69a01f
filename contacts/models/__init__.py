"""People and what staff keep about them. All of it is tracked: every change is an event."""

from contacts.models.contact import CHANNELS, Contact
from contacts.models.data_import import Import
from contacts.models.import_mapping import ImportMapping
from contacts.models.import_portion import ImportPortion
from contacts.models.note import Note
from contacts.models.rotation import Rotation
from contacts.models.tag import Tag, Tagging
from contacts.models.task import Task

__all__ = [
    "CHANNELS", "Contact", "Import", "ImportMapping", "ImportPortion", "Note", "Rotation", "Tag", "Tagging", "Task",
]  # fmt: skip
