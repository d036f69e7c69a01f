"""Issues a certificate to the contact."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of
from courses import certifying
from courses.keys import TemplateNumber
from courses.models import CertificateTemplate
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext
from triggers.text import TextError


@action(
    "course.issue_certificate",
    label=gettext_lazy("Issue certificate"),
    section="Courses",
    may_cause=("course.certificate_issued",),
    needs=("courses.add_certificate",),
)
class CourseIssueCertificate(Action):
    """Issues a certificate to the contact, once for the run. Where it has a valid one of the template, it keeps that."""

    certificate_template: TemplateNumber = Field(
        title=gettext_noop("Of which template"), examples=[1], json_schema_extra={"source": "certificate template"}
    )

    def run(self, ctx: RunContext) -> Outcome:
        contact, template = contact_of(ctx), self._template()
        if template is None:
            return Fail(_("The template was deleted. Choose another."))
        known = certifying.valid(contact, template, ctx.now)
        try:
            row = known or certifying.issue(contact, template, ctx.now, ctx.key)
        except TextError as error:
            return Fail(str(error))
        said = _("Had the certificate “%(title)s” already.") if known else _("Issued the certificate “%(title)s”.")
        return Done(said % {"title": row.title}, {"certificate_id": row.pk, "url": row.address})

    def preview(self, ctx: RunContext) -> str:
        template = self._template()
        if template is None:
            return _("There is no such template any more.")
        return _("Issues the certificate “%(title)s”.") % {"title": template.title}

    def _template(self) -> CertificateTemplate | None:
        return CertificateTemplate.objects.filter(pk=self.certificate_template).select_related("product").first()
