"""People and what staff keep about them. What staff write is tracked: every change is an event."""

from contacts.models.alias import ContactAlias
from contacts.models.calendar_feed import CalendarFeed
from contacts.models.contact import CHANNELS, Contact
from contacts.models.contact_key import ContactKey
from contacts.models.custom_field import CustomField
from contacts.models.data_import import Import
from contacts.models.dated_value import DatedValue
from contacts.models.dnd_change import DndChange
from contacts.models.duplicate import Duplicate, DuplicateSearch
from contacts.models.field_stamp import FieldStamp
from contacts.models.forgetting import Forgetting
from contacts.models.further_address import FurtherAddress
from contacts.models.import_mapping import ImportMapping
from contacts.models.import_portion import ImportPortion
from contacts.models.note import Note
from contacts.models.rotation import Rotation
from contacts.models.score import ScoreChange, ScoreDue, ScorePolicy, ScoreRule
from contacts.models.tag import Tag, Tagging
from contacts.models.task import Task
from contacts.models.zone_change import ZoneChange

__all__ = [
    "CHANNELS", "CalendarFeed", "Contact", "ContactAlias", "ContactKey", "CustomField", "DatedValue", "DndChange",
    "Duplicate", "DuplicateSearch", "FieldStamp", "Forgetting", "FurtherAddress", "Import", "ImportMapping", "ImportPortion",
    "Note", "Rotation", "ScoreChange", "ScoreDue", "ScorePolicy", "ScoreRule", "Tag", "Tagging", "Task",
    "ZoneChange",
]  # fmt: skip
