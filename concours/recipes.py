"""The ten commonest automations, ready to be looked through, changed and published."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triggers import recipes
from triggers.recipes import Recipe

Json = dict[str, Any]
NAME: Final = "{{ contact.name }}"


def register() -> None:
    for recipe in RECIPES:
        recipes.register(recipe)


def _trigger(event: str, conditions: Json | None = None, /, **config: Any) -> Json:
    return {"uid": "t1", "event": event, "config": config, "conditions": conditions}


def _action(uid: str, key: str, /, **config: Any) -> Json:
    return {"uid": uid, "action": key, "config": config}


def _document(trigger: Json, *actions: Json, exits: list[Json] | None = None, **settings: Any) -> Json:
    return {"triggers": [trigger], "exits": exits or [], "actions": [*actions], "settings": settings}


def _wait(uid: str, days: int, happened: list[Json], timeout: list[Json]) -> Json:
    """Waits for the contact's reply, so many days at most."""
    wait = _action(uid, "wait.for_event", event="message.customer_replied", days=days)
    return {**wait, "outcomes": {"happened": happened, "timeout": timeout}}


def _mail(uid: str, subject: str, text: str, /, **config: Any) -> Json:
    return _action(uid, "email.send", subject=subject, text=text, **config)


def _greeting(text: str) -> str:
    return _("Dear %(name)s,") % {"name": "{{ contact.first_name | default: contact.name }}"} + f"\n\n{text}"


def _told(uid: str, text: str) -> Json:
    return _action(uid, "user.notify", assigned_user=True, superusers=True, text=text)


def _vip() -> Json:
    german = {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]}
    told = _told("a4", _("%(name)s has not replied within two days.") % {"name": NAME})
    return _document(
        _trigger("contact.tag_added", german, tags=["VIP"]),
        _mail("a1", _("Welcome"), _greeting(_("it is good to have you with us."))),
        _action("a2", "task.create", title=_("Call %(name)s") % {"name": NAME}, due_in=1, skip_weekends=True),
        _wait("a3", 2, [], [told]),
        reentry="once_per_contact",
    )


def _welcome() -> Json:
    text = _greeting(_("thank you for your interest. We get in touch with you soon."))
    return _document(
        _trigger("contact.created", origins=["form", "api", "integration"]),
        _mail("a1", _("Good to hear from you"), text, category="transactional"),
        reentry="once_per_contact",
    )


def _call() -> Json:
    title = _("Call %(name)s, who is new") % {"name": NAME}
    return _document(
        _trigger("contact.created", origins=["form", "api", "integration"]),
        _action("a1", "task.create", title=title, due_in=1, at="10:00", skip_weekends=True, priority="high"),
        _told("a2", _("%(name)s is new.") % {"name": NAME}),
    )


def _no_reply() -> Json:
    again = _mail("a2", _("Is there anything left to ask?"), _greeting(_("did our offer reach you?")))
    task = _action("a3", "task.create", title=_("Ask %(name)s about the offer") % {"name": NAME}, due_in=2)
    exits: list[Json] = [{"uid": "x1", "event": "message.customer_replied", "config": {}, "conditions": None}]
    return _document(
        _trigger("contact.tag_added", tags=[_("Offer sent")]), _wait("a1", 3, [], [again, task]), exits=exits
    )


def _birthday() -> Json:
    text = _greeting(_("all the best for your new year of life."))
    return _document(_trigger("contact.birthday"), _mail("a1", _("Happy birthday"), text), timezone="contact")


def _replied() -> Json:
    return _document(
        _trigger("message.customer_replied"),
        _told("a1", _("%(name)s has replied.") % {"name": NAME}),
        _action("a2", "contact.adjust_score", points=5, reason=_("Replied")),
    )


def _won() -> Json:
    text = _greeting(_("thank you for your trust. We begin at once."))
    return _document(
        _trigger("opportunity.status_changed", to_statuses=["won"]),
        _action("a1", "contact.add_tag", tags=[_("Customer")]),
        _mail("a2", _("Thank you"), text, category="transactional"),
        _action("a3", "task.create", title=_("Plan the start with %(name)s") % {"name": NAME}, due_in=2),
    )


def _lost() -> Json:
    return _document(
        _trigger("opportunity.status_changed", to_statuses=["lost"]),
        _action("a1", "wait.duration", days=90),
        _action("a2", "task.create", title=_("Ask %(name)s again") % {"name": NAME}, due_in=3),
    )


def _stale() -> Json:
    text = _("Nothing has happened with %(deal)s for two weeks.") % {"deal": "{{ opportunity.name }}"}
    return _document(
        _trigger("opportunity.stale", statuses=["open"], days=14),
        _told("a1", text),
        _action("a2", "task.create", title=_("Look after %(name)s") % {"name": NAME}, due_in=1),
    )


def _webhook() -> Json:
    values = {"email": "{{ event.body.email }}", "first_name": "{{ event.body.name }}"}
    return _document(
        _trigger("webhook.received"),
        _action("a1", "contact.create", values=values, match=["email"], tags=[_("Website")]),
        _mail("a2", _("We have got your message"), _greeting(_("we answer soon.")), category="transactional"),
    )


RECIPES: Final = (
    Recipe("vip", gettext_lazy("Look after a VIP"), gettext_lazy(
        "Tag VIP: a mail, a task, and a notice to the owner when two days bring no reply."), _vip),
    Recipe("welcome", gettext_lazy("Welcome new contacts"), gettext_lazy(
        "Somebody comes in by a form or a website: a mail at once."), _welcome),
    Recipe("call", gettext_lazy("Call new contacts"), gettext_lazy(
        "A task for the next working day, and a notice to the owner."), _call),
    Recipe("no-reply", gettext_lazy("Follow up an offer"), gettext_lazy(
        "No reply within three days: another mail and a task. A reply ends it."), _no_reply),
    Recipe("birthday", gettext_lazy("Birthday wishes"), gettext_lazy(
        "A mail on the day, at nine where the contact lives."), _birthday),
    Recipe("replied", gettext_lazy("Tell the owner of replies"), gettext_lazy(
        "A contact replies: the owner is told, and the score rises."), _replied),
    Recipe("won", gettext_lazy("After a deal is won"), gettext_lazy(
        "The tag Customer, a mail of thanks, and a task to plan the start."), _won),
    Recipe("lost", gettext_lazy("Ask again after a lost deal"), gettext_lazy(
        "After ninety days, a task to ask once more."), _lost),
    Recipe("stale", gettext_lazy("Wake deals that stand still"), gettext_lazy(
        "Two weeks without movement: a notice and a task."), _stale),
    Recipe("webhook", gettext_lazy("Take in leads from a website"), gettext_lazy(
        "An inbound webhook makes or finds the contact, tags it and answers by mail."), _webhook),
)  # fmt: skip
