"""The web server's entry: `gunicorn concours.wsgi`."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """A request whose charset may be none. Django takes any codec for one, and breaks on rot13 before it has a
    request to answer.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (LookupError, ValueError):
            self._encoding = None
            self.content_params = {
                name: text for name, text in (self.content_params or {}).items() if name != "charset"
            }


class Handler(WSGIHandler):
    """Django's own, with our requests."""

    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concours.settings")
django.setup(set_prefix=False)
application = Handler()
