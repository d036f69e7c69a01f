"""What staff decide about an import besides its columns."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from contacts.identity import IDENTITIES

Match = Literal["external_id", "email", "phone"]


class Options(BaseModel):
    """How values are read, who counts as the same person, what may be overwritten, and who hears of it."""

    model_config = ConfigDict(extra="forbid")

    country: str = Field(default="", max_length=2, title=str(_("country of phone numbers without country code")))
    # of dates such as 03/04/1990; others say themselves what they mean
    dates: Literal["mdy", "dmy"] = "mdy"
    # a value that cannot be stored: refuse its row, or import the row without it
    bad_values: Literal["refuse", "leave_out"] = "refuse"
    match: list[Match] = Field(default=list(IDENTITIES))
    update: Literal["never", "fill", "overwrite"] = "fill"
    tags: list[Annotated[str, Field(max_length=80)]] = Field(default=[], max_length=50)
    automations: bool = False
    # contacts a minute while automations run; 0 for as fast as it goes
    per_minute: int = Field(default=600, ge=0, le=1_000_000)
    # run as soon as the check is through, without a person's look at its findings
    start: bool = False
    # import the rows before the place where the file breaks off
    although_broken: bool = False
