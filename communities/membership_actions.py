"""What the two actions on groups share: which groups they name, and why."""

from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from communities.keys import GroupNumber
from communities.models import Group
from contacts.giving import Giving


class GroupAction(Giving):
    """An action on the groups of the run's contact."""

    model = Group
    chosen = things = "groups"
    one_is_gone = gettext_lazy("One of the groups was deleted. Choose others.")
    all_are_gone = gettext_lazy("There is no such group any more.")

    groups: list[GroupNumber] = Field(
        min_length=1,
        max_length=50,
        title=gettext_noop("Which groups"),
        examples=[[1]],
        json_schema_extra={"source": "community group"},
    )
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))
