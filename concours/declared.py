"""The English texts that kinds of events and actions declare without marking them: pages translate them when shown."""

from collections.abc import Iterator

from pydantic import BaseModel

from triggers import registry
from triggers.action_types import Action
from triggers.admin.builder.schema import settings_of
from triggers.event_fields import spoken
from triggers.event_types import EventType
from triggers.wording.words import first_paragraph
from triggers.workflows.document import Settings


def declared() -> Iterator[tuple[str, str]]:
    """Each text with the file of the class that declares it."""
    kinds: list[type[EventType] | type[Action]] = [*registry.events.values(), *registry.actions.values()]
    for kind in kinds:
        for text in (kind.section, first_paragraph(kind.description()), *_of_kind(kind)):
            if text:
                yield str(text), _file(kind)
    for text in _of_settings(Settings):
        yield text, _file(Settings)


def _of_kind(kind: type[EventType] | type[Action]) -> Iterator[str]:
    """The names of what it carries, and of what may be set on it."""
    if issubclass(kind, EventType):
        yield from spoken(kind)
        yield from _of_settings(kind.Options)
    else:
        yield from _of_settings(kind)


def _of_settings(model: type[BaseModel]) -> Iterator[str]:
    for setting in settings_of(model):
        yield setting.source_label
        yield from (setting.source_called(choice) for choice in setting.choices)
        if setting.item is not None:
            yield from _of_settings(setting.item)


def _file(kind: type) -> str:
    return kind.__module__.replace(".", "/") + ".py"
