"""People and what staff keep about them. All of it is tracked: every change is an event."""

from contacts.models.calendar_feed import CalendarFeed
from contacts.models.contact import CHANNELS, Contact
from contacts.models.custom_field import CustomField
from contacts.models.data_import import Import
from contacts.models.dated_value import DatedValue
from contacts.models.dnd_change import DndChange
from contacts.models.field_stamp import FieldStamp
from contacts.models.import_mapping import ImportMapping
from contacts.models.import_portion import ImportPortion
from contacts.models.note import Note
from contacts.models.rotation import Rotation
from contacts.models.score import ScoreChange, ScoreDue, ScorePolicy, ScoreRule
from contacts.models.tag import Tag, Tagging
from contacts.models.task import Task

__all__ = [
    "CHANNELS", "CalendarFeed", "Contact", "CustomField", "DatedValue", "DndChange", "FieldStamp", "Import",
    "ImportMapping", "ImportPortion", "Note", "Rotation", "ScoreChange", "ScoreDue", "ScorePolicy", "ScoreRule", "Tag",
    "Tagging", "Task",
]  # fmt: skip
