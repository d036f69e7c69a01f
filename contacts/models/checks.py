"""What a row is asked beside its columns when a form saves it, by model; filled in `ready` by whoever knows.

The rules stand uphill of the tables they read, so the tables cannot import them.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Model

# Each raises ValidationError by field, and may tidy up the row.
checks: Final[dict[str, Callable[[Any], None]]] = {}


def check(row: Model) -> None:
    """Asks what there is to ask of rows of this model."""
    checks[row._meta.label](row)
