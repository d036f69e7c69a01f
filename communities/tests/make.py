"""Groups and who belongs to them, made as simply as a test can say it."""

from typing import Any

from communities.models import Group


def group(name: str = "Founders", **fields: Any) -> Group:
    return Group.objects.create(name=name, **fields)


def document(event: str, *groups: Group) -> dict[str, Any]:
    """A workflow that tags whoever an event of these groups is about."""
    trigger = {"uid": "t1", "event": event, "config": {"groups": [each.pk for each in groups]}, "conditions": None}
    tags = {"uid": "a1", "action": "contact.add_tag", "config": {"tags": ["Told"]}}
    return {"triggers": [trigger], "actions": [tags], "settings": {}}
