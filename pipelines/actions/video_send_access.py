"""Sends the lead an e-mail that invites it to watch the videos of its map."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines.maps import links, run_journey
from triggers import registry
from triggers.action_types import Action, Outcome, Skip, action
from triggers.run_context import RunContext


@action(
    "video.send_access",
    label=gettext_lazy("Send video access"),
    section="Maps",
    touches="outside",
    sends=True,
    texts=("subject", "text"),
    needs=("pipelines.change_journey",),
)
class VideoSendAccess(Action):
    """Activates the lead's access to the videos of its map, and sends it the link to its own page by e-mail.

    Held like any e-mail while the lead has no address. It is transactional: the lead waits for it.
    """

    subject: str = Field("Your videos", min_length=1, title=gettext_noop("Subject"))
    text: str = Field("Your videos are ready to watch.", min_length=1, title=gettext_noop("Text"))

    def mail(self, link: str = "") -> Action:
        """The e-mail, as the action that sends e-mails would be set up for it, with the link below its text."""
        sends = registry.actions.find("email.send")
        text = f"{self.text.rstrip()}\n\n{link}" if link else self.text
        return sends.model_validate({"subject": self.subject, "text": text, "category": "transactional"})

    def may_repeat(self) -> bool:
        return self.mail().may_repeat()

    def destination(self) -> str:
        return self.mail().destination()

    def run(self, ctx: RunContext) -> Outcome:
        journey = run_journey.of(ctx)
        if journey is None:
            return Skip(_("The lead stands in no map any more."))
        if not journey.video_access:
            journey.video_access = True
            journey.save(update_fields=["video_access"])
        return self.mail(links.address(journey)).run(ctx)

    def preview(self, ctx: RunContext) -> str:
        return self.mail().preview(ctx)

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.mail().simulate(ctx)
