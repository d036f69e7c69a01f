"""A new contact was stored: by hand, form, API, import or integration."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from triggers.event_types import Created, Options, event

Origin = Literal["manual", "form", "api", "import", "integration", "workflow", "system"]


def _is(field: str, value: str, op: str = "is") -> dict[str, Any]:
    return {"field": f"event.{field}", "op": op, "value": value}


# What tells where a contact came from: who acted, and through which door.
ORIGINS: dict[Origin, dict[str, Any]] = {
    "manual": {"all": [_is("actor", "user"), _is("origin", "api", "is_not")]},
    "form": _is("origin", "form", "starts_with"),
    "api": _is("origin", "api"),
    "import": _is("actor", "import"),
    "integration": {"all": [_is("actor", "provider"), {"not": _is("origin", "form", "starts_with")}]},
    "workflow": _is("actor", "workflow"),
    "system": {
        "all": [_is("actor", "system"), {"not": _is("origin", "api")}, {"not": _is("origin", "form", "starts_with")}]
    },
}


class CreatedOptions(Options):
    """How it was created, and which tags it has; nothing chosen means any."""

    origins: list[Origin] = Field(default=[], title=gettext_noop("Created by"))
    tags: list[str] = Field(default=[], title=gettext_noop("Has one of these tags"))


@event("contact.created", label=_("Contact created"), section="Contact Events")
class ContactCreated(Created, model="contacts.Contact"):
    """A new contact was stored. A contact that was found instead of made does not fire."""

    Options = CreatedOptions

    contact_id: int
    first_name: str
    last_name: str
    email: str
    phone: str
    country: str
    source: str
    owner_id: int | None = None
    attribution: dict[str, Any] = {}

    @classmethod
    def narrow(cls, options: CreatedOptions) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = []
        if options.origins:
            found.append({"any": [ORIGINS[origin] for origin in options.origins]})
        if options.tags:
            found.append({"field": "contact.tags", "op": "has_any", "value": options.tags})
        return {"all": found} if found else None
