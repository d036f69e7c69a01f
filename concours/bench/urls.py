"""The addresses of a benchmark's web server: the product's, and the plain view they are measured against."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from concours import urls
from concours.bench.scratch import bare
from contacts.models import Contact
from triggers import tasks

Row: Final[Any] = bare(Contact)


class Posted(BaseModel):
    """What the plain view takes."""

    model_config = ConfigDict(extra="forbid")
    first_name: str = Field(min_length=1, max_length=120)
    city: str = Field("", max_length=120)
    score: int = Field(0, ge=0)


@csrf_exempt
@require_POST
def plain(request: HttpRequest) -> HttpResponse:
    """Validates and writes one row: no key, no event, nothing that follows."""
    try:
        posted = Posted.model_validate_json(request.body)
    except ValidationError as error:
        return JsonResponse({"errors": error.errors(include_url=False)}, status=400)
    return JsonResponse({"id": Row.objects.create(**posted.model_dump()).pk}, status=201)


@csrf_exempt
@require_POST
def sweep(request: HttpRequest) -> HttpResponse:
    """Stands in for celery beat, which would put its own start into every measurement."""
    tasks.sweep()
    return HttpResponse(status=204)


urlpatterns = [path("bench/plain/", plain), path("bench/sweep/", sweep), *urls.urlpatterns]
