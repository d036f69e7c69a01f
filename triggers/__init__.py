"""The engine: events, conditions, workflows and runs. It knows no domain."""
