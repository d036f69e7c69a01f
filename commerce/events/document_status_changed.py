"""A document was sent, looked at, signed, completed, declined, withdrawn, or has run out."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce import links
from commerce.keys import TemplateNumber
from commerce.telling import AmountOptions, Became, TagOptions, every, leaf, moved, of_amount, of_tags, one_of, plain
from triggers.event_types import Row, event

Status = Literal["sent", "viewed", "signed", "completed", "declined", "expired", "voided"]


class DocumentOptions(AmountOptions, TagOptions):
    """Which documents start it; what is left empty means any."""

    statuses: list[Status] = Field(
        default=[],
        title=gettext_noop("It is now"),
        json_schema_extra={
            "labels": {
                "sent": gettext_noop("Sent"), "viewed": gettext_noop("Viewed"), "signed": gettext_noop("Signed"),
                "completed": gettext_noop("Completed"), "declined": gettext_noop("Declined"),
                "expired": gettext_noop("Expired"), "voided": gettext_noop("Withdrawn"),
            }
        },
    )  # fmt: skip
    templates: list[TemplateNumber] = Field(
        default=[], title=gettext_noop("Written from which template"), json_schema_extra={"source": "document template"}
    )
    recipient: Literal["contact", "user"] | None = Field(
        default=None,
        title=gettext_noop("For whom"),
        json_schema_extra={"labels": {"contact": gettext_noop("Contact"), "user": gettext_noop("Member of the staff")}},
    )


@event("document.status_changed", label=_("Document status changed"), section="Payment Triggers")
class DocumentStatusChanged(Became, model="commerce.Document", watch=("status",)):
    """A document was sent, looked at, signed, completed, declined or withdrawn, or has run out. Each is told by itself."""

    Options = DocumentOptions

    document_id: int
    contact_id: int | None
    status: Status
    new_status: Status
    old_status: str | None = None
    name: str = ""
    template_id: int | None = None
    recipient: Literal["contact", "user"] = "contact"
    recipient_name: str = ""
    recipient_email: str = ""
    value: Decimal = Decimal(0)
    currency: str = ""
    expires_on: date | None = None
    signed_at: datetime | None = None
    gateway: str = ""
    url: str = ""

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return bool(values["status"] != "draft")

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {
            row.pk: {
                **plain(row, "value"), **moved(row),
                "url": "" if row.after["gateway"] else links.of_document(row.pk),
            }
            for row in rows
        }  # fmt: skip

    @classmethod
    def narrow(cls, options: DocumentOptions) -> dict[str, Any] | None:
        found = [*one_of("new_status", options.statuses), *one_of("template_id", options.templates)]
        if options.recipient:
            found.append(leaf("recipient", "is", options.recipient))
        return every([*found, *of_amount(options, "value"), *of_tags(options)])
