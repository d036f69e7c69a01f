"""Requests to the fleet's web server, as an outside system sends them, each entered in the ack ledger."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from concours.tests.faults.ledger import Acks

# As many callers at once as the web server has threads, and a few more.
CALLERS = 10


class Door:
    """The inbound webhook of a fleet."""

    def __init__(self, port: int, token: str, acks: Path) -> None:
        self.port, self.token, self.acks = port, token, acks

    def send(self, prefix: str, count: int) -> list[float]:
        """Sends `count` changes from several callers at once; how many seconds each answer took.

        Raises AssertionError for any answer but 202.
        """
        with Acks(self.acks) as ledger, ThreadPoolExecutor(CALLERS) as pool:
            return list(pool.map(lambda number: self._send(f"{prefix}-{number}", ledger), range(count)))

    def _send(self, token: str, ledger: Acks) -> float:
        ledger.begun(token)
        body = json.dumps({"contact": {"first_name": token, "email": f"{token}@example.org"}})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        try:
            connection.request("POST", f"/in/{self.token}/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        took = time.monotonic() - began
        assert answer.status == 202, (answer.status, said)
        ledger.committed(token)
        return took


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed: `percentile(v, 0.99)` is the p99."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
