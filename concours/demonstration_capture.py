"""The demo's forms: one to ask for a visit, a survey that tells who is near a decision, a link, and their workflow."""

from typing import Any, Final

from capture.forms.checking import fill_keys
from capture.models import Form, FormField, TriggerLink

Json = dict[str, Any]

VISIT: Final[tuple[Json, ...]] = (
    {"label": "First name", "maps_to": "first_name", "required": True},
    {"label": "Last name", "maps_to": "last_name"},
    {"label": "E-mail", "key": "email", "kind": "email", "maps_to": "email", "required": True},
    {"label": "Phone", "kind": "phone", "maps_to": "phone", "help_text": "In full, such as +49 30 123456."},
    {
        "label": "What are you looking for?", "key": "interests", "kind": "multi_choice",
        "maps_to": "custom.interests",
        "choices": [{"label": "Kitchen"}, {"label": "Worktop"}, {"label": "Appliances"}, {"label": "Lighting"}],
    },
    {"label": "A day that suits you", "key": "day", "kind": "date"},
    {"label": "Your plan or a photo", "key": "plan", "kind": "file"},
    {"label": "You may write to me about my visit.", "key": "terms", "kind": "consent", "required": True},
)  # fmt: skip
FIT: Final[tuple[Json, ...]] = (
    {
        "label": "When is the new kitchen to stand?", "key": "when", "kind": "choice", "required": True, "page": 1,
        "choices": [
            {"label": "Within three months", "points": 10}, {"label": "This year", "points": 5},
            {"label": "Only looking", "points": 0, "to": "3"}, {"label": "I have one already", "to": "disqualify"},
        ],
    },
    {
        "label": "What may it cost, in euros?", "key": "budget", "kind": "number", "maps_to": "custom.budget",
        "page": 2,
    },
    {
        "label": "Who decides?", "key": "who", "kind": "choice", "page": 2,
        "choices": [{"label": "I do", "points": 5}, {"label": "We do together", "points": 3}],
    },
    {"label": "Your name", "key": "name", "maps_to": "name", "required": True, "page": 3},
    {"label": "E-mail", "key": "email", "kind": "email", "maps_to": "email", "required": True, "page": 3},
)  # fmt: skip


def ensure() -> tuple[Form, TriggerLink]:
    """The form, the survey and the link, made where they are missing; the form and the link."""
    visit = _form(
        "Visit our showroom", "visit", VISIT,
        intro="Tell us what you are looking for, and we keep an hour for you.",
        thank_you="Thank you. We write to you within one working day.",
    )  # fmt: skip
    _form(
        "How near is your kitchen?", "fit", FIT, kind=Form.Kind.SURVEY,
        disqualified_text="Then enjoy it. We are here when you want another one.",
    )  # fmt: skip
    link, _made = TriggerLink.objects.get_or_create(
        key="showroom", defaults={"name": "Showroom plan", "destination": "https://www.example.com/showroom"}
    )
    return visit, link


def asked_for_a_visit(form: Form, link: TriggerLink) -> Json:
    """Whoever asks for a visit gets the way there, as a link that tells when it is followed."""
    return {
        "triggers": [
            {"uid": "t1", "event": "form.submitted", "config": {"forms": [form.pk]}, "conditions": None},
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "The way there",
                "config": {
                    "category": "transactional", "subject": "Your visit to our showroom",
                    "text": "Good day {{ contact.name }},\n\nthank you. This is how you find us:\n"
                    f"{{{{ links.{link.key} }}}}",
                },
            },
            {
                "uid": "task", "action": "task.create",
                "config": {
                    "title": "Keep an hour for {{ contact.name }}", "details": "Wants: {{ event.answers.interests }}",
                    "assignee": "clara", "due_in": 1, "unit": "days", "at": "10:00", "skip_weekends": True,
                },
            },
        ],
        "settings": {"timezone": "account"},
    }  # fmt: skip


def _form(name: str, key: str, questions: tuple[Json, ...], **columns: Any) -> Form:
    found = Form.objects.filter(key=key).first()
    if found is not None:
        return found
    form = Form.objects.create(name=name, key=key, **columns)
    rows = [FormField(form=form, position=place, **each) for place, each in enumerate(questions, 1)]
    fill_keys(rows)
    for row in rows:
        row.full_clean()
    FormField.objects.bulk_create(rows)
    return form
