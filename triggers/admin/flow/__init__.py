"""A workflow as a drawing: its points from top to bottom, with the runs of the last 30 days."""

from triggers.admin.flow.counts import Counts, count
from triggers.admin.flow.drawing import NARROW, WIDE, flow_context, flow_svg

__all__ = ["NARROW", "WIDE", "Counts", "count", "flow_context", "flow_svg"]
