"""What staff are told about a journey without asking."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_noop

from pipelines.models import Journey, Map
from triggers import languages
from triggers.models import Notice


def loop_stopped(journey: Journey, target: Map) -> None:
    """To the lead's agent, or to every superuser where it has none: workflows send the lead in a circle."""
    owner = journey.contact.owner
    readers = [owner] if owner else get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
    said = gettext_noop("%(lead)s was not moved to “%(map)s”: workflows would have sent it in a circle.")
    text = languages.stored(said, lead=journey.contact, map=target)
    link = f"/admin/contacts/contact/{journey.contact_id}/change/"
    Notice.objects.bulk_create(Notice(user=user, text=text[:300], link=link) for user in readers)
