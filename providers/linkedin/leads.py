"""LinkedIn's leads: a delivery names the answer to a form, which is fetched together with the form's questions."""

import re
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from capture import lead_forms
from providers import asking
from providers.base import field_of
from providers.frame import Json, Later, Unclear
from providers.models import Connection
from providers.reading import moment

# LinkedIn serves each of its versions for about a year.
VERSION: Final = "202610"
FIELDS: Final = (
    "owner,leadType,leadMetadata,associatedEntity,versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,"
    "form:(hiddenFields,name,id,content)"
)
_RESPONSE: Final = re.compile(r"(?:urn:li:leadGenFormResponse:)?([0-9A-Za-z-]{1,80})")
_NUMBER: Final = re.compile(r"([0-9]+)\)?(?:,[0-9]+\))?$")


def lead_id(body: Json) -> str:
    """The id of the answer, without its URN. Raises `Unclear`."""
    found = _RESPONSE.fullmatch(field_of(body, "leadGenFormResponse"))
    # It becomes part of an address.
    if found is None:
        raise Unclear(_("The id of the lead is not of LinkedIn's form."))
    return found[1]


def fetch(connection: Connection, body: Json, now: datetime) -> Json:
    """The delivery with the answer and its form under `lead`. Raises `Later` and `Unclear`."""
    token = connection.secret("access_token")
    if not token:
        raise Later(_("Enter the access token: without it the answers of leads cannot be fetched."), asking.PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
    url = f"{settings.LINKEDIN_API_URL}/rest/leadFormResponses/{lead_id(body)}?fields={FIELDS}"
    return {**body, "lead": asking.get(url, headers, now)}


def told(connection: Connection, body: Json) -> lead_forms.Told:
    """The lead as `capture` takes it."""
    lead = body["lead"]
    form = lead.get("form")
    owner = lead.get("owner") or body.get("owner")
    owners = [text for text in owner.values() if isinstance(text, str)] if isinstance(owner, dict) else []
    number = _NUMBER.search(field_of(lead, "versionedLeadGenFormUrn") or field_of(body, "leadGenForm"))
    return lead_forms.Told(
        network="linkedin", lead_id=lead_id(body), answers=answers(lead),
        mapping=connection.options.get("mapping") or {}, form_id=field_of(form, "id") or (number[1] if number else ""),
        form=field_of(form, "name"), page_id=owners[0] if owners else "",
        campaign_id=field_of(lead, "leadMetadata", "sponsoredLeadMetadata", "campaign"),
        ad_id=field_of(lead, "associatedEntity", "associatedCreative"),
        submitted_at=moment(lead.get("submittedAt")) or moment(body.get("occurredAt")),
        is_test=lead.get("testLead") is True,
    )  # fmt: skip


def answers(lead: Json) -> dict[str, Any]:
    """The answers by LinkedIn's own name of the question (`first_name`), else by the form's; hidden fields as well."""
    names = _names(lead)
    given = lead.get("formResponse", {}).get("answers") if isinstance(lead.get("formResponse"), dict) else None
    found: dict[str, Any] = {}
    for each in given if isinstance(given, list) else []:
        number = field_of(each, "questionId")
        value = _answer(each)
        if number and value not in ("", []):
            found[names.get(number, number)] = value
    form = lead.get("form")
    for hidden in form.get("hiddenFields", []) if isinstance(form, dict) else []:
        found.setdefault(field_of(hidden, "name"), field_of(hidden, "value"))
    return {name: value for name, value in found.items() if name}


def _names(lead: Json) -> dict[str, str]:
    content = lead["form"].get("content") if isinstance(lead.get("form"), dict) else None
    questions = content.get("questions") if isinstance(content, dict) else None
    return {
        field_of(each, "questionId"): field_of(each, "predefinedField").lower() or field_of(each, "name")
        for each in (questions if isinstance(questions, list) else [])
    }


def _answer(each: Any) -> Any:
    text = field_of(each, "answerDetails", "textQuestionAnswer", "answer")
    if text or not isinstance(each, dict):
        return text
    details = each.get("answerDetails")
    chosen = details.get("multipleChoiceAnswer", {}) if isinstance(details, dict) else {}
    options = chosen.get("options") if isinstance(chosen, dict) else None
    return [str(option) for option in options] if isinstance(options, list) else ""
