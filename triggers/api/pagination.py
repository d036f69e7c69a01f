"""Pages by cursor: stable while rows come and go, and as fast on the last page as on the first."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Pagination(CursorPagination):
    """Newest first, 50 a page, up to 200 with `page_size`. A subclass may set another unique `ordering`."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, OverflowError):
            if self.cursor_query_param not in request.query_params:
                raise
            # The cursor decodes, but to no value that its column can have: a client made it up.
            raise NotFound(self.invalid_cursor_message) from None
