"""What recording an event adds to a save: cases save_k, capture and bulk."""

from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from concours.bench import Result, Size, case, result, scratch, seconds
from contacts.models import Contact


@case("save_k")
def save_k(size: Size) -> list[Result]:
    """A save beside live triggers that do not match, against one without any."""
    found = []
    for count, goal in ((size.of(10_000, 500), "≤ 1.05"), (size.of(100_000, 2000), "≤ 1.10")):
        scratch.empty()
        person = scratch.people(1)[0]
        saves = size.of(300, 30)
        _save_many(person, saves)
        ratios = []
        for _round in range(size.rounds):
            scratch.empty()
            person = scratch.people(1)[0]
            without = seconds(partial(_save_many, person, saves))
            scratch.idle_triggers(count)
            beside = seconds(partial(_save_many, person, saves))
            ratios.append(beside / without)
        found.append(result("save_k", ratios, goal, triggers=count, ms_per_save=round(beside / saves * 1000, 3)))
    return found


def _save_many(person: Contact, saves: int) -> None:
    for n in range(saves):
        person.city = f"City {n} {timezone.now().timestamp()}"
        person.save()


@case("capture")
def capture(size: Size) -> list[Result]:
    """A tracked create and update against a bare `Model.save()` of the same columns."""
    scratch.empty()
    plain: Any = scratch.bare(Contact)
    turns = size.of(400, 40)

    def write(model: Any) -> None:
        for n in range(turns):
            made = model.objects.create(first_name=f"Person {n}")
            made.city = "Ulm"
            made.save()

    def write_inside(model: Any) -> None:
        for n in range(turns):
            with transaction.atomic():
                made = model.objects.create(first_name=f"Person {n}")
            made.city = "Ulm"
            with transaction.atomic():
                made.save()

    for model in (Contact, plain):
        write(model)
        write_inside(model)
    alone, inside = [], []
    for _round in range(size.rounds):
        tracked = seconds(lambda: write(Contact))
        alone.append(tracked / seconds(lambda: write(plain)))
        inside.append(seconds(lambda: write_inside(Contact)) / seconds(lambda: write_inside(plain)))
    per_save = round(tracked / turns / 2 * 1000, 3)
    return [
        result("capture (autocommit)", alone, "≤ 2.2", ms_per_save=per_save),
        result("capture (inside atomic)", inside, "≤ 1.5"),
    ]


@case("bulk")
def bulk(size: Size) -> list[Result]:
    """Tracked bulk_create and update against plain ones, the latter with one INSERT … SELECT of as many rows."""
    rows = size.of(50_000, 1000)
    plain: Any = scratch.bare(Contact)
    creating, updating = [], []
    for turn in range(size.rounds):
        scratch.empty()
        bare = seconds(lambda: plain.objects.bulk_create([plain(first_name=str(n)) for n in range(rows)], 1000))
        tracked = seconds(lambda: Contact.objects.bulk_create([Contact(first_name=str(n)) for n in range(rows)], 1000))
        creating.append(tracked / bare)
        mine = Contact.objects.order_by("id")[:rows].values_list("pk", flat=True)
        first, last = mine[0], mine[rows - 1]
        within = {"pk__gte": first, "pk__lte": last}
        bare = seconds(partial(_plain_update, plain, within, f"plain {turn}"))
        tracked = seconds(partial(Contact.objects.filter(**within).update, city=f"tracked {turn}"))
        updating.append(tracked / bare)
    return [
        result("bulk (create)", creating, "≤ 2.5", rows=rows, seconds=round(tracked, 2)),
        result("bulk (update)", updating, "≤ 3", rows=rows),
    ]


def _plain_update(plain: Any, within: dict[str, int], city: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        plain.objects.filter(**within).update(city=city)
        cursor.execute(
            "INSERT INTO triggers_event (type, occurred_at, subject_type, subject_id, contact_id, data, changes, actor,"
            " actor_id, origin, request_id, depth, lineage, only_trigger, muted, lane, match_attempts, match_error)"
            " SELECT 'contact.changed', updated_at, 'contacts.contact', id, id, '{}', '{}', 'system',"
            " '', '', '', 0, '[]', '', false, 0, 0, '' FROM contacts_contact WHERE id BETWEEN %s AND %s",
            [within["pk__gte"], within["pk__lte"]],
        )
