"""Up to 1,000 contacts in one request: each is judged by itself, and those that are right are written together."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from contacts import cleaning
from contacts.api.serializers import MAX_NAMES
from contacts.custom.days import Birthday
from contacts.identity import IDENTITIES
from contacts.importing import writing
from contacts.importing.cells import CLEAR, TAGS, Record
from contacts.services import TELLING
from contacts.tagging import clean_names
from triggers.api.parsers import StrictJSONParser
from triggers.api.problems import located
from triggers.problems import Problem

MOST: Final = 1000


class BulkParser(StrictJSONParser):
    """A thousand contacts are more than the megabyte of other requests."""

    limit = 4 * 1024 * 1024
    keys = 100_000


class BulkSerializer(serializers.Serializer[Any]):
    """Contacts, and what is to be done about those that are there already."""

    items = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=MOST,
        help_text=gettext_lazy("contacts, with the fields of POST /contacts/; at most 1,000"),
    )  # fmt: skip
    match = serializers.ListField(
        child=serializers.ChoiceField(list(IDENTITIES)), default=["external_id", "email"],
        help_text=gettext_lazy("what makes an item the same person, the surest first; empty: every item is new"),
    )  # fmt: skip
    update = serializers.ChoiceField(  # type: ignore[assignment]
        ["never", "fill", "overwrite"],
        default="overwrite",
        help_text=gettext_lazy("what may be written into contacts that are there; with overwrite, null clears a field"),
    )


class BulkErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text=gettext_lazy("JSON Pointer into the body, as a URI fragment"))
    field = serializers.CharField()
    message = serializers.CharField()


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one item."""

    index = serializers.IntegerField(help_text=gettext_lazy("its place in items, from 0"))
    result = serializers.ChoiceField(["created", "updated", "unchanged", "error"])
    id = serializers.IntegerField(allow_null=True, help_text=gettext_lazy("of the contact"))
    errors = BulkErrorSerializer(many=True)  # type: ignore[assignment]


class BulkAnswerSerializer(serializers.Serializer[Any]):
    """One result for each item, in their order, and how many of each kind there are."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResultSerializer(many=True)


def write(items: Sequence[Any], match: Sequence[str], update: str) -> dict[str, Any]:
    """Writes what is right of the items; what is wrong with the others stands in their results."""
    results: list[dict[str, Any]] = []
    fitting: list[tuple[int, Record]] = []
    for index, item in enumerate(items):
        problems: list[Problem] = []
        try:
            fitting.append((index, record_of(item)))
        except ValidationError as error:
            problems = list(_problems(error))
        errors = [located(problem.under("items", index)) for problem in problems]
        results.append({"index": index, "result": "error", "id": None, "errors": errors})
    policy = writing.Policy(tuple(dict.fromkeys(match)), update, complete=True)
    outcomes = writing.write([record for _index, record in fitting], policy)
    for (index, _record), outcome in zip(fitting, outcomes, strict=True):
        lacking = [located(problem.under("items", index)) for problem in _by_name(outcome.lacking)]
        kind = "error" if lacking else outcome.kind
        results[index].update(result=kind, id=outcome.contact.pk, errors=lacking)
    counts = Counter(result["result"] for result in results)
    told = {kind: counts[kind] for kind in ("created", "updated", "unchanged")}
    return {**told, "refused": counts["error"], "results": results}


def record_of(item: Any) -> Record:
    """An item as a record. Raises ValidationError by field."""
    if not isinstance(item, Mapping):
        raise ValidationError(_("Send each contact as an object."))
    values = dict(item)
    tags = values.pop("tags", None) or []
    if not (isinstance(tags, list) and all(isinstance(name, str) for name in tags) and len(tags) <= MAX_NAMES):
        raise ValidationError({"tags": [_("Send the names of at most %(n)d tags.") % {"n": MAX_NAMES}]})
    unknown = [name for name in values if name not in cleaning.FIELDS or name == "score"]
    if unknown:
        raise ValidationError({name: [_("A contact has no field of this name.")] for name in unknown})
    cleaned = cleaning.clean(values)
    record = _record(cleaned)
    # Closed channels are opened one by one, through dnd.
    cleared = _record({name: cleaned[name] for name in values.keys() - {"dnd"} if values[name] is None})
    if not any(record.get(name) for name in TELLING):
        raise ValidationError(_("Give a name, a company, an e-mail, a phone number or an external id."))
    names = clean_names(tags)
    further = {TAGS: names, CLEAR: sorted(cleared)}
    return record | {name: given for name, given in further.items() if given}


def _record(cleaned: Mapping[str, Any]) -> Record:
    """What the cleaning gave, by the contact's attributes."""
    record: Record = {}
    for name, value in cleaned.items():
        if isinstance(value, cleaning.Phone):
            record["phone"], record["phone_raw"] = value
        elif isinstance(value, Birthday):
            record["birth_date"], record["yearless_birthday"] = value
        elif name == "owner":
            record["owner_id"] = value.pk if value else None
        else:
            record[name] = {} if value is None and name == "custom_fields" else value
    return record


def _problems(error: ValidationError) -> Iterator[Problem]:
    yield from _by_name(error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages})


def _by_name(refused: Mapping[str, list[str]]) -> Iterator[Problem]:
    for name, messages in refused.items():
        yield from (Problem(tuple(name.split(".")) if name != "__all__" else (), message) for message in messages)


__all__ = ["BulkAnswerSerializer", "BulkParser", "BulkSerializer", "write"]
