"""A certificate was issued to a contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from courses.keys import TemplateNumber
from courses.models import Certificate
from courses.telling import Narrowed, OfProduct
from triggers.event_types import Created, Row, event


class CertificateOptions(OfProduct):
    """Which certificates start it; what is left empty means any."""

    certificate_templates: list[TemplateNumber] = Field(
        default=[], title=gettext_noop("Of which template"), json_schema_extra={"source": "certificate template"}
    )


@event("course.certificate_issued", label=_("Certificate issued"), section="Course Triggers")
class CourseCertificateIssued(Narrowed, Created, model="courses.Certificate"):
    """A contact was given a certificate: on completing a course, by hand, workflow or integration.

    `certificate` holds its `id`, the `url` of its public page, and what its `template` is called.
    """

    Options = CertificateOptions
    asked = (*Narrowed.asked, ("certificate_templates", "template_id", "is_any_of"))

    certificate_id: int
    contact_id: int
    certificate: dict[str, Any]
    template_id: int
    product_id: int
    product: str
    issued_at: datetime
    expires_at: datetime | None = None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        made = Certificate.objects.select_related("template__product").in_bulk([row.pk for row in rows])
        return {row.pk: _told(made[row.pk]) for row in rows}


def _told(row: Certificate) -> dict[str, Any]:
    product = row.template.product
    whole = {"id": row.pk, "url": row.address, "template": row.template.title}
    return {"certificate": whole, "product_id": product.pk, "product": product.title}
