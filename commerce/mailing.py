"""Mail about an invoice or a document: the e-mail action does the sending, with the address of its page below the text."""

from triggers import registry
from triggers.action_types import Action


def mail(subject: str, text: str, link: str = "") -> Action:
    """The e-mail, as the action that sends e-mails would be set up for it. It is transactional: it is waited for."""
    sends = registry.actions.find("email.send")
    whole = f"{text.rstrip()}\n\n{link}" if link else text
    return sends.model_validate({"subject": subject, "text": whole, "category": "transactional"})
