"""Whether a trigger with these options starts for an event: asked as the matcher asks."""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from triggers import references, registry
from triggers.conditions.judge import passes
from triggers.conditions.tree import compile_tree, fields_of
from triggers.evidence import gather, lookup
from triggers.matching.compiled import conditions_of
from triggers.models import Event, Organisation


def starts(event: Event, **config: Any) -> bool:
    """Whether a trigger with these options, and no further conditions, takes the event."""
    kind = registry.events.find(event.type)
    tree = conditions_of(event.type, config, None)
    asked = {name.partition(".")[0] for name in fields_of(tree)} & registry.facts.keys()
    facts = gather([event], asked)[event.pk]
    return passes(compile_tree(tree, lookup(kind)), facts, datetime.now(UTC), Organisation.get().zone)


def refused(key: str, **config: Any) -> list[tuple[str, ...]]:
    """Where the options are refused; first where they name what is not there."""
    options = registry.events.find(key).Options
    missing = [problem.path[:1] for problem in references.problems(options, config)]
    try:
        options.model_validate(config)
    except ValidationError as error:
        return missing + [tuple(map(str, each["loc"])) for each in error.errors()]
    return missing
