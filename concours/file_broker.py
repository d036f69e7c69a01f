"""Kombu's filesystem transport, with messages that appear whole, and not too many of them.

Kombu writes a message under its final name; a worker that lists the folder meanwhile reads half of it
and dies of a JSON error. Here it is written under another name and renamed.

Kombu lists the whole folder for each message it reads. Calls to look for work that nobody reads while the workers
are down would pile up, and the workers that come back would read through minutes of expired ones before the first
that counts. A hundred of them say as much as a thousand, so no more than that are put down.
"""

import os
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

# So many unread messages of a queue, and one that may expire is not put down any more.
ENOUGH: Final = 100


class Channel(filesystem.Channel):
    """As kombu's, but for how a message is put down."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        if payload.get("headers", {}).get("expires") and self._size(queue) >= ENOUGH:
            return
        # Kombu finds a queue's messages by the end of their names, in the order of their beginnings.
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.part"
        try:
            unfinished.write_bytes(str_to_bytes(dumps(payload)))
            os.replace(unfinished, folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to {folder}: {error}") from error


class Transport(filesystem.Transport):
    """Named in CELERY_BROKER_TRANSPORT where the broker is a folder."""

    Channel = Channel
