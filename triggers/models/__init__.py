"""The engine's tables. Every constraint and partial index works on SQLite and PostgreSQL alike."""

from triggers.models.access import ApiKey, IdempotencyRecord
from triggers.models.backfill import Backfill
from triggers.models.credential import Credential
from triggers.models.endpoint import OutgoingEndpoint
from triggers.models.event import Event
from triggers.models.organisation import Heartbeat, Notice, Organisation
from triggers.models.prepared import PreparedRequest
from triggers.models.run import ActionRun, Attempt, Destination, Listener, Miss, Run
from triggers.models.scan import Scan
from triggers.models.workflow import CompileStamp, Trigger, Workflow, WorkflowVersion

__all__ = [
    "ActionRun",
    "ApiKey",
    "Attempt",
    "Backfill",
    "CompileStamp",
    "Credential",
    "Destination",
    "Event",
    "Heartbeat",
    "IdempotencyRecord",
    "Listener",
    "Miss",
    "Notice",
    "Organisation",
    "OutgoingEndpoint",
    "PreparedRequest",
    "Run",
    "Scan",
    "Trigger",
    "Workflow",
    "WorkflowVersion",
]
