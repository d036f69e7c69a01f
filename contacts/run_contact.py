"""What the contact actions share: the run's contact, its fields as staff write them, and how a refusal reads."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from contacts import assignment, cleaning, tagging
from contacts.custom import values
from contacts.custom.definitions import definitions
from contacts.models import Contact
from triggers.problems import Path, Problem
from triggers.run_context import Gone, RunContext
from triggers.text.scan import is_marked


def contact_of(ctx: RunContext) -> Contact:
    """The run's contact, locked. Raises Gone where there is none any more."""
    contact: Contact | None = Contact.objects.select_for_update().filter(pk=ctx.require_contact()).first()
    if contact is None:
        raise Gone(_("The contact of this run was deleted."))
    return contact


def refusal(error: ValidationError, named: Callable[[str], str] | None = None) -> str:
    """The messages of a service that refused values, each after its field's label; a contact's unless `named` says."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        message if name == NON_FIELD_ERRORS else f"{(named or label)(name)}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    )


def label(name: str) -> str:
    """What staff call a field of a contact."""
    custom = name.removeprefix(f"{cleaning.CUSTOM}.")
    if custom != name:
        return values.label(custom)
    if name not in cleaning.FIELDS:
        return name
    return str(getattr(Contact._meta.get_field(name), "verbose_name", name))


def labels(names: Iterable[str]) -> str:
    return ", ".join(label(name) for name in names)


def computed(ctx: RunContext, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their merge fields filled in. One that comes out empty is left out: it says nothing."""
    rendered = ctx.render_json(dict(given))
    return {name: value for name, value in rendered.items() if value not in (None, "", [], {})}


def tag_names(ctx: RunContext, tags: Iterable[str]) -> list[str]:
    """The tags with their merge fields filled in, tidied; a merge field may hold a whole list of tags.

    Raises ValidationError as `tagging.clean_names` does.
    """
    rendered = ctx.render_json(list(tags))
    return tagging.clean_names(name for item in rendered for name in (item if isinstance(item, list) else [item]))


def value_problems(given: Mapping[str, Any], at: Path) -> list[Problem]:
    """Unknown fields, and fixed values that the field would refuse; computed ones show when they are."""
    given = _apart(given)
    unknown = [Problem((*at, name), no_such_field(name)) for name in given if not cleaning.is_field(name)]
    unknown += [Problem((*at, name), why) for name in given if (why := _no_custom_field(name, given[name]))]
    fixed = {name: value for name, value in given.items() if cleaning.is_field(name) and not _is_computed(value)}
    if "country" in given and "country" not in fixed:
        # Which numbers a computed country allows is not known yet.
        fixed.pop("phone", None)
    try:
        cleaning.clean(fixed)
    except ValidationError as error:
        return unknown + [Problem((*at, name), " ".join(said)) for name, said in error.message_dict.items()]
    return unknown


def _apart(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values with each custom field under its dotted name, so that each is judged by itself."""
    whole = given.get(cleaning.CUSTOM)
    if not isinstance(whole, dict):
        return dict(given)
    others = {name: value for name, value in given.items() if name != cleaning.CUSTOM}
    return {**{f"{cleaning.CUSTOM}.{key}": value for key, value in whole.items()}, **others}


def _no_custom_field(name: str, value: Any) -> str:
    """That a computed value is for a custom field that nobody defined; fixed values are judged with the others."""
    key = name.removeprefix(f"{cleaning.CUSTOM}.")
    if key == name or not cleaning.is_field(name) or not _is_computed(value):
        return ""
    known = definitions()
    return "" if key in known else values.unknown(key, known)


def no_such_field(name: str) -> str:
    near = get_close_matches(name, cleaning.FIELDS, n=1)
    if near:
        return _("A contact has no field “%(name)s”. Is it “%(near)s”?") % {"name": name, "near": near[0]}
    return _("A contact has no field “%(name)s”. Fields of your own are named custom_fields.size.") % {"name": name}


def user_problems(names: Mapping[Path, str]) -> list[Problem]:
    """A problem at each path whose username nobody has."""
    known = assignment.by_username(names.values())
    return [
        Problem(path, _("There is no user “%(user)s”.") % {"user": name})
        for path, name in names.items()
        if name not in known
    ]


def _is_computed(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_computed(item) for item in value.values())
    if isinstance(value, list):
        return any(_is_computed(item) for item in value)
    return isinstance(value, str) and is_marked(value)
