"""What the lead forms of all networks have in common: the payload, and which forms a trigger asks for."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import Field

from triggers.event_types import Happened, Options


class PageAndForm(Options):
    """Which page's form starts it; nothing entered means every form of every page."""

    page_id: str = Field(default="", max_length=120, title=gettext_noop("Only from the page of this number"))
    form_id: str = Field(default="", max_length=120, title=gettext_noop("Only from the form of this number"))


class Lead(Happened):
    """What a network tells of a form that was filled in. `answers` by the names of the questions."""

    contact_id: int | None
    lead_id: str
    form_id: str
    form: str
    page_id: str
    campaign_id: str
    adgroup_id: str
    ad_id: str
    answers: dict[str, Any]
    submitted_at: datetime | None
    is_test: bool
    is_new_contact: bool
    problems: list[str]

    Options = PageAndForm

    @classmethod
    def narrow(cls, options: PageAndForm) -> dict[str, Any] | None:
        wanted = {"page_id": options.page_id, "form_id": options.form_id}
        leaves = [{"field": f"event.{name}", "op": "is", "value": value} for name, value in wanted.items() if value]
        return {"all": leaves} if leaves else None
