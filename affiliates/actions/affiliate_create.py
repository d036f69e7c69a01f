"""Makes the contact an affiliate."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from affiliates import enrolling
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "affiliate.create",
    label=gettext_lazy("Make an affiliate"),
    section="Affiliates",
    may_cause=("affiliate.created",),
    texts=("code",),
    needs=("affiliates.add_affiliate",),
)
class AffiliateCreate(Action):
    """Makes the contact an affiliate. One who is an affiliate already stays as they are."""

    status: Literal["pending", "active"] = Field(
        "active",
        title=gettext_noop("Status"),
        json_schema_extra={
            "labels": {"pending": gettext_noop("Waiting for approval"), "active": gettext_noop("Active")}
        },
    )
    code: str = Field(
        "", max_length=200, title=gettext_noop("Code in the links; empty for one that says nothing"),
        json_schema_extra={"aside": True},
    )  # fmt: skip

    def run(self, ctx: RunContext) -> Outcome:
        try:
            made, is_new = enrolling.make(contact_of(ctx), status=self.status, code=ctx.render_line(self.code))
        except ValidationError as error:
            return Fail(" ".join(error.messages))
        words = {"code": made.code}
        said = _("Became an affiliate, with the code %(code)s.") if is_new else _("Is an affiliate already: %(code)s.")
        return Done(said % words, {"affiliate_id": made.pk, "code": made.code})

    def preview(self, ctx: RunContext) -> str:
        return _("Makes the contact an affiliate.")
