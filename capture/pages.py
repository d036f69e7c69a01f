"""Reports of a website's script: one page view each, or a share of a video; an event where the contact is known.

What a browser says is taken with care: only from the website's own addresses, cut to what is needed, without the
query of addresses (campaigns aside), and known only by a token of ours.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from capture import visitors
from capture.addresses import origin_of
from capture.events.page_viewed import PageViewed
from capture.events.video_watched import VideoWatched
from capture.models import PageView, Site, VideoWatch
from triggers.context import act_as
from triggers.outbox import emit_once
from triggers.visiting import utm_of

KEEP: Final = timedelta(days=90)
CHUNK: Final = 2000
Share = Literal[25, 50, 75, 95, 100]


class Report(BaseModel):
    """What the script sends; see beacon.js."""

    model_config = ConfigDict(extra="ignore", strict=True)

    site: Annotated[str, Field(max_length=60)]
    view: Annotated[UUID, Field(strict=False)]
    url: Annotated[str, Field(max_length=4000)]
    title: Annotated[str, Field(max_length=1000)] = ""
    referrer: Annotated[str, Field(max_length=4000)] = ""
    visitor: Annotated[str, Field(max_length=300)] = ""
    video: Annotated[str, Field(max_length=400)] = ""
    percent: Share | None = None
    seconds: Annotated[int, Field(ge=0, le=1_000_000)] = 0


def take_in(site: Site, report: Report, now: datetime) -> bool:
    """Stores what was reported, and tells of it where the contact is known; False where it was known already."""
    contact_id = visitors.read(report.visitor, now)
    try:
        # Reported twice at once: the unique row decides.
        with transaction.atomic(), act_as(actor="system", actor_id="", origin=f"website {site.name}"[:120]):
            if report.video and report.percent is not None:
                _watched(site, report, report.percent, contact_id, now)
            else:
                _viewed(site, report, contact_id, now)
    except IntegrityError:
        return False
    return True


def _viewed(site: Site, report: Report, contact_id: int | None, now: datetime) -> None:
    row = PageView(
        site=site, uid=report.view, contact_id=contact_id, url=bare(report.url)[:500], path=path_of(report.url),
        title=plain(report.title, 200), referrer=bare(report.referrer)[:500], utm=_utm(report.url), at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    if contact_id is not None:
        payload = PageViewed(
            site_id=site.pk, site=site.name, contact_id=contact_id, url=row.url, path=row.path, title=row.title,
            referrer=row.referrer, utm=row.utm, view_id=str(row.uid), viewed_at=now,
        )  # fmt: skip
        emit_once(f"view:{site.pk}:{row.uid}", payload, occurred_at=now)


def _watched(site: Site, report: Report, percent: int, contact_id: int | None, now: datetime) -> None:
    row = VideoWatch(
        site=site, view=report.view, video=plain(report.video, 200), percent=percent, seconds=report.seconds,
        contact_id=contact_id, url=bare(report.url)[:500], at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    if contact_id is not None:
        payload = VideoWatched(
            site_id=site.pk, site=site.name, contact_id=contact_id, video=row.video, percent=percent,
            seconds=row.seconds, completed=percent == 100, page_url=row.url, path=path_of(report.url),
            view_id=str(row.view), watched_at=now,
        )  # fmt: skip
        emit_once(f"watch:{row.pk}", payload, occurred_at=now)


def bare(address: str) -> str:
    """An http address without query and fragment: they may hold what is nobody's business."""
    origin = origin_of(address)
    return f"{origin}{path_of(address)}" if origin else ""


def path_of(address: str) -> str:
    """The path alone, at least a slash."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        path = ""
    return plain(path, 300) or "/"


def plain(text: str, limit: int) -> str:
    """A line that every database takes, cut to its length."""
    kept = "".join(letter for letter in text[: 4 * limit] if letter.isprintable())
    return kept.encode(errors="ignore").decode()[:limit].strip()


def _utm(address: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(urlsplit(address.strip()).query, max_num_fields=200)
    except ValueError:
        return {}
    return utm_of(dict(pairs))


def purge(now: datetime | None = None) -> int:
    """Deletes views and watched shares older than 90 days, in chunks; how many."""
    before, total = (now or timezone.now()) - KEEP, 0
    models: tuple[Any, ...] = (PageView, VideoWatch)
    for model in models:
        while ids := list(model.objects.filter(at__lt=before).values_list("pk", flat=True)[:CHUNK]):
            model.objects.filter(pk__in=ids).delete()
            total += len(ids)
    return total
