"""What may be written into an opportunity: every value is put into its stored form, or refused at its field."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from contacts import people
from contacts.custom import money, values
from contacts.custom.numbers import exact
from contacts.dedupe import aliases
from contacts.models import Contact
from contacts.people import MAX_ID
from contacts.texts import line
from pipelines.deals import placing
from pipelines.models import LostReason, Opportunity, Pipeline, Stage
from pipelines.models.opportunity import ON_DEALS

CUSTOM: Final = values.PREFIX
LARGEST: Final = Decimal(10) ** 12
FOLLOWERS: Final = 50

Cleaned = dict[str, Any]


def clean(given: Mapping[str, Any], deal: Opportunity | None = None) -> Cleaned:
    """The stored form of each value, by field; for `deal`, or for a new one. Raises ValidationError by field.

    Contact, pipeline, stage, reason, owner and followers become records; they may be given as such, by number, and all
    but the contact by name. Custom fields, also given as `custom_fields.size`, become one dict of what is to change.
    """
    cleaned: Cleaned = {}
    refused: dict[str, list[str]] = {}
    for name, value in values.gathered(given).items():
        try:
            cleaned[name] = _cleaner(name)(value)
        except ValidationError as error:
            refused |= error.message_dict if hasattr(error, "error_dict") else {name: error.messages}
    for check in (_placed, _priced, _closed):
        try:
            check(cleaned, refused, deal)
        except ValidationError as error:
            refused |= error.message_dict
    if refused:
        raise ValidationError(refused)
    return cleaned


def is_field(name: str) -> bool:
    """Whether `clean` knows the field."""
    return name in FIELDS or (name.startswith(f"{CUSTOM}.") and len(name) > len(CUSTOM) + 1)


def label(name: str) -> str:
    """What staff call a field of an opportunity."""
    custom = name.removeprefix(f"{CUSTOM}.")
    if custom != name:
        return values.label(custom, on=ON_DEALS)
    if name not in FIELDS:
        return name
    return str(getattr(Opportunity._meta.get_field(name), "verbose_name", name))


def _cleaner(name: str) -> Callable[[Any], Any]:
    try:
        return FIELDS[name]
    except KeyError:
        raise ValidationError(_("An opportunity has no field of this name.")) from None


def _placed(cleaned: Cleaned, refused: Mapping[str, Any], deal: Opportunity | None) -> None:
    """Of pipeline and stage remains the stage; none where the deal stays in its own."""
    if {"pipeline", "stage"} & refused.keys():
        return
    stage = placing.placed(cleaned.pop("pipeline", None), cleaned.pop("stage", None), deal)
    if stage is not None:
        cleaned["stage"] = stage


def _priced(cleaned: Cleaned, refused: Mapping[str, Any], deal: Opportunity | None) -> None:
    """The value in no more decimals than its currency has."""
    value = cleaned.get("value", deal.value if deal else None)
    if value is None or {"value", "currency", "stage", "pipeline"} & refused.keys():
        return
    stage = cleaned.get("stage")
    code = cleaned.get("currency") or (deal.currency if deal else "") or (stage.pipeline.currency if stage else "")
    places = money.decimals(code)
    if value != round(value, places):
        words = {"currency": code, "n": places}
        raise ValidationError({"value": _("An amount in %(currency)s has at most %(n)d decimals.") % words})


def _closed(cleaned: Cleaned, refused: Mapping[str, Any], deal: Opportunity | None) -> None:
    """A reason goes with a deal that is won or lost, and is one for what it is."""
    reason = cleaned.get("lost_reason")
    if reason is None or "status" in refused:
        return
    status = cleaned.get("status", deal.status if deal else Opportunity.Status.OPEN)
    if status == Opportunity.Status.OPEN:
        raise ValidationError({"lost_reason": _("An open opportunity has no reason for its end. Close it too.")})
    wanted = LostReason.Outcome.WON if status == Opportunity.Status.WON else LostReason.Outcome.LOST
    if reason.outcome != wanted:
        words = {"reason": reason, "outcome": reason.get_outcome_display()}
        raise ValidationError({"lost_reason": _("“%(reason)s” is a reason for deals that are %(outcome)s.") % words})


def _column(name: str, value: Any) -> Any:
    """The value as the column takes it, by the column's own rules."""
    return cast("models.Field[Any, Any]", Opportunity._meta.get_field(name)).clean(value, None)


def _contact(value: Any) -> Contact:
    if isinstance(value, Contact):
        return value
    number = value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_ID else None
    known = aliases.survivor_of(number) or number
    found: Contact | None = Contact.objects.filter(pk=known).first() if known else None
    if found is None:
        raise ValidationError(_("There is no contact “%(id)s”.") % {"id": str(value)[:60]})
    return found


def _pipeline(value: Any) -> Pipeline | None:
    if value in (None, "") or isinstance(value, Pipeline):
        return cast("Pipeline | None", value or None)
    found: Pipeline = _record(Pipeline.objects.all(), value, _("There is no pipeline “%(name)s”."))
    return found


def _reason(value: Any) -> LostReason | None:
    if value in (None, "") or isinstance(value, LostReason):
        return cast("LostReason | None", value or None)
    found: LostReason = _record(LostReason.objects.all(), value, _("There is no reason “%(name)s”."))
    return found


def _record(rows: "models.QuerySet[Any]", value: Any, missing: str) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        found = rows.filter(pk=value).first() if abs(value) <= MAX_ID else None
    else:
        found = _only(list(rows.filter(name__iexact=line(value))[:2]))
    if found is None:
        raise ValidationError(missing % {"name": str(value)[:60]})
    return found


def _only(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else None


def _stage(value: Any) -> Any:
    """Found later, when the pipeline is known."""
    if value in (None, ""):
        return None
    if not isinstance(value, Stage | str | int) or isinstance(value, bool):
        raise ValidationError(_("Enter a stage's name or number."))
    return value


def _value(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    number = exact(value, _("Enter an amount, for example 5000."))
    if number < 0:
        raise ValidationError(_("A value is never below zero."))
    if number >= LARGEST:
        raise ValidationError(_("Enter an amount below %(n)s.") % {"n": f"{LARGEST:f}"})
    return number


def _currency(value: Any) -> str:
    code = line(value).upper()
    if not code:
        raise ValidationError(_("Enter a currency, such as EUR."))
    try:
        money.validate_currency(code)
    except ValidationError as error:
        raise ValidationError(error.messages) from None
    return code


def _expected_close(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    found: date | None = _column("expected_close", value or None)
    return found


def _status(value: Any) -> str:
    chosen = line(value).lower()
    if chosen not in Opportunity.Status.values:
        words = {"status": str(value)[:60], "names": ", ".join(Opportunity.Status.values)}
        raise ValidationError(_("“%(status)s” is no status. Choose from: %(names)s.") % words)
    return chosen


def _followers(value: Any) -> list[Any]:
    given = [] if value in (None, "") else value
    if not isinstance(given, list | tuple | set | models.QuerySet) or len(given) > FOLLOWERS:
        raise ValidationError(_("Enter a list of at most %(n)d users.") % {"n": FOLLOWERS})
    found = [people.user(each) for each in given]
    return list({user.pk: user for user in found if user is not None}.values())


def _custom(value: Any) -> Any:
    return values.clean(value, on=ON_DEALS)


FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": lambda value: _column("name", line(value)),
    "contact": _contact,
    "pipeline": _pipeline,
    "stage": _stage,
    "value": _value,
    "currency": _currency,
    "owner": people.user,
    "followers": _followers,
    "source": lambda value: _column("source", line(value)),
    "expected_close": _expected_close,
    "status": _status,
    "lost_reason": _reason,
    "custom_fields": _custom,
}
