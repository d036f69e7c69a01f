"""Writes a document for the contact and sends it for signature."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from commerce import links
from commerce.documents import signing, writing
from commerce.keys import TemplateNumber
from commerce.mailing import mail
from commerce.models import Document, DocumentTemplate, Gateway
from contacts.models import Contact
from triggers.action_types import Action, Fail, Outcome, Skip, action
from triggers.problems import Invalid
from triggers.run_context import RunContext
from triggers.text import TextError


@action(
    "document.send",
    label=gettext_lazy("Send document"),
    section="Payments",
    touches="outside",
    sends=True,
    texts=("subject", "text"),
    may_cause=("document.status_changed",),
    adopts=("document",),
    needs=("commerce.add_document", "conversations.add_message"),
)
class DocumentSend(Action):
    """Writes a document from a template for the run's contact and sends the address to sign it at by e-mail.

    It is transactional: held while the contact has no address. The document is written once, however often it is tried.
    """

    template: TemplateNumber = Field(
        title=gettext_noop("Template"), json_schema_extra={"source": "document template"}, examples=[1]
    )
    subject: str = Field("A document for you to sign", min_length=1, title=gettext_noop("Subject"))
    text: str = Field("Please read and sign it here.", min_length=1, title=gettext_noop("Text"))

    def may_repeat(self) -> bool:
        return mail(self.subject, self.text).may_repeat()

    def destination(self) -> str:
        return mail(self.subject, self.text).destination()

    def run(self, ctx: RunContext) -> Outcome:
        contact = Contact.objects.filter(pk=ctx.require_contact()).first()
        template = DocumentTemplate.objects.filter(pk=self.template).first()
        if contact is None or template is None:
            return Fail(_("The template or the contact was deleted."))
        try:
            document = self._written(template, contact, ctx)
        except (Invalid, TextError) as error:
            return Fail(str(error))
        ctx.adopt("document", document.pk)
        if not document.is_open:
            return Skip(_("The document does not wait for a signature any more."))
        return mail(self.subject, self.text, links.of_document(document.pk)).run(ctx)

    def preview(self, ctx: RunContext) -> str:
        return mail(self.subject, self.text).preview(ctx)

    def simulate(self, ctx: RunContext) -> Outcome:
        return mail(self.subject, self.text).simulate(ctx)

    @transaction.atomic
    def _written(self, template: DocumentTemplate, contact: Contact, ctx: RunContext) -> Document:
        """The document of this action run, by its key: a second try finds the first one's."""
        key: UUID = ctx.key
        known: Document | None = Document.objects.filter(gateway=Gateway.OWN, external_id=f"run:{key}").first()
        if known is not None:
            return known
        document = writing.write(template, contact, external_id=f"run:{key}")
        signing.send(document, ctx.now)
        return document
