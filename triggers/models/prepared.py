"""What an outside action sends, kept from its first try on."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from triggers.models.run import ActionRun


class PreparedRequest(models.Model):
    """A request as it was rendered for the first try.

    Every try sends the same bytes under the same key (reliability, 2), also when the facts have changed in
    between: a receiver may refuse a key that comes again with other content.
    """

    action_run = models.OneToOneField(
        ActionRun, on_delete=models.CASCADE, primary_key=True, related_name="prepared_request"
    )
    request = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.action_run_id}"

    @classmethod
    def once(cls, key: UUID, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The request of the action run with this key: what `build` gives the first time it is asked for."""
        action_run = ActionRun.objects.select_related("prepared_request").get(key=key)
        kept: PreparedRequest | None = getattr(action_run, "prepared_request", None)
        if kept is None:
            kept = cls(action_run=action_run, request=build())
            try:
                # By itself, one statement; within a transaction a savepoint keeps that usable.
                with transaction.atomic() if connection.in_atomic_block else nullcontext():
                    kept.save(force_insert=True)
            except IntegrityError:
                kept = cls.objects.get(action_run=action_run)
        request: dict[str, Any] = kept.request
        return request

    @classmethod
    def forget(cls, key: UUID) -> None:
        """After a refusal, which had no effect: whoever tries again by hand has put something right."""
        cls.objects.filter(action_run__key=key).delete()
