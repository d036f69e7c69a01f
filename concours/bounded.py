"""Lists that count no further than a person looks: a table of millions is not read to its end for a number."""

from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

# Rows that are counted and paged through; what lies beyond is found by searching and filtering.
MOST: Final = 10_000


def counted(rows: Any) -> int:
    """How many rows a query has; `MOST` + 1 where there are more than `MOST`."""
    # One column without its order: what a list shows besides is not worked out to be counted.
    found: int = rows.order_by().values("pk")[: MOST + 1].count()
    return found


class BoundedPaginator(_Paginator):
    """Pages over the first `MOST` rows; `goes_on` says that there are more."""

    @cached_property
    def count(self) -> int:
        return min(self._found, MOST)

    @property
    def goes_on(self) -> bool:
        return self._found > MOST

    @cached_property
    def _found(self) -> int:
        return counted(self.object_list)
