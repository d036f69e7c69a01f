"""The pictures of docs/screenshots, made from the demo on a busy day: `script/screenshots [NAME]`.

No test by its name: pytest starts the server, the browser and an empty database for it.
"""

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings as configured
from django.urls import reverse

from affiliates import links as affiliates
from affiliates.models import Affiliate
from appointments.models import Calendar
from capture.models import Form
from commerce import links as invoices
from commerce.models import Invoice, Order, OrderForm
from concours.tests import browsing, busy_day
from concours.tests.browsing import DESK, PHONE, Visit, browser, chromium
from concours.tests.picturing import small
from contacts.models import Contact
from conversations.models import Conversation
from courses.models import Offer, Product
from pipelines.models import Journey, Map
from triggers.models import Run, Workflow

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks
FOLDER: Final = Path(configured.BASE_DIR) / "docs" / "screenshots"
LARGEST: Final = 150_000


def of(name: str, *given: Any) -> str:
    return reverse(f"admin:{name}", args=given)


def pages() -> dict[str, tuple[str, str]]:
    """Address and the part that is scrolled into sight, by the picture's name."""
    anna = Contact.objects.get(email="anna.schmidt@example.org")
    flow = Workflow.objects.get(name="VIP welcome")
    failed = Run.objects.filter(status="failed").latest("pk")
    form = of("triggers_workflow_change", flow.pk)
    return {
        "workflow-form": (form, ""), "workflow-form-then": (form, "#then"), "workflow-form-limits": (form, "#limits"),
        "workflow-form-check": (form, "#check"), "workflow-flow": (f"{form.removesuffix('change/')}flow/", ""),
        "workflow-list": (of("triggers_workflow_changelist"), ""), "today": (of("index"), ""),
        "run": (of("triggers_run_change", failed.pk), ""),
        "explain": (f"{of('triggers_explain')}?workflow={flow.pk}&contact={busy_day.missed().pk}", ""),
        "board": (of("pipelines_opportunity_board"), ""), "forecast": (of("pipelines_opportunity_forecast"), ""),
        "journey": (of("pipelines_journey_change", Journey.objects.get(contact=anna, is_current=True).pk), ""),
        "map": (of("pipelines_map_change", Map.objects.all()[0].pk), ""),
        "contact": (of("contacts_contact_change", anna.pk), ""),
        "inbox": (of("conversations_conversation_changelist"), ""),
        "conversation": (of("conversations_conversation_change", Conversation.objects.get(contact=anna).pk), ""),
        "form-builder": (of("capture_form_change", Form.objects.get(key="visit").pk), ""),
        "form": ("/f/visit/", ""), "survey": ("/f/fit/", ""),
        "provider": (of("providers_connection_change", busy_day.connection().pk), ""),
        "import": (of("contacts_import_change", busy_day.imported().pk), ""),
        "score-rule": (of("contacts_scorerule_change", busy_day.rule().pk), ""),
        "scheduler": (of("triggers_scheduler"), ""),
        **offered(),
    }  # fmt: skip


def offered() -> dict[str, tuple[str, str]]:
    """Appointments, what is sold, courses, communities and affiliates: the pages of staff, and those of everybody."""
    invoice = Invoice.objects.exclude(number="").latest("pk")
    affiliate = Affiliate.objects.filter(status="active")[0]
    return {
        "appointments": (of("appointments_appointment_changelist"), ""),
        "calendar": (of("appointments_calendar_change", Calendar.objects.all()[0].pk), ""),
        "booking": (reverse("appointments:book", args=[Calendar.objects.all()[0].key]), ""),
        "order": (of("commerce_order_change", Order.objects.latest("pk").pk), ""),
        "order-form": (reverse("commerce:order_form", args=[OrderForm.objects.all()[0].key]), ""),
        "invoice": (urlsplit(invoices.of_invoice(invoice.pk)).path, ""),
        "course": (of("courses_product_change", Product.objects.all()[0].pk), ""),
        "course-offer": (reverse("courses:course_offer", args=[Offer.objects.all()[0].key]), ""),
        "community": (of("communities_membership_changelist"), ""),
        "affiliate-sales": (of("affiliates_sale_changelist"), ""),
        "affiliate": (urlsplit(affiliates.magic(affiliate.pk)).path, ""),
    }  # fmt: skip


# Name of the page, and how it is looked at.
DARK: Final = ("today", "workflow-form-then", "run", "board")
SMALL: Final = ("today", "workflow-form", "journey", "contact", "board", "inbox", "form", "booking", "order-form")


def shots(names: Any) -> list[tuple[str, dict[str, Any], str]]:
    """Each picture: page, window, and the end of its name."""
    light, dark = {"color_scheme": "light"}, {"color_scheme": "dark"}
    found = [(name, {"viewport": DESK, **light}, "") for name in names]
    found += [(name, {"viewport": DESK, **dark}, "-dark") for name in DARK]
    return [*found, *((name, {"viewport": PHONE, **light}, "-phone") for name in SMALL)]


def _press(page: Any) -> None:
    """Counts those who match, and plays the draft, as somebody would who looks at the card."""
    if page.locator("#matching .figure").count() == 0:
        page.click("#count-matching")
        page.wait_for_selector("#matching .figure")
    page.click("#dry-run")
    page.wait_for_selector("#check .dry-run")
    page.locator("#check").evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 72)")


def test_pictures(browser: Any, live_server: Any, settings: Any, httpserver: Any) -> None:
    busy_day.fill(settings, httpserver)
    wanted, known = os.environ.get("ONLY", ""), pages()
    FOLDER.mkdir(exist_ok=True)

    sizes = {}
    visits: dict[str, Visit] = {}
    for name, way, end in shots(known):
        if wanted and wanted not in f"{name}{end}":
            continue
        seen = visits.setdefault(str(way), Visit(browser, live_server.url, **way))
        address, part = known[name]
        seen.go(address)
        if part:
            seen.page.locator(part).evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 72)")
            seen.page.wait_for_load_state("networkidle")
        if part == "#check":
            _press(seen.page)
        file = FOLDER / f"{name}{end}.png"
        file.write_bytes(small(seen.page.screenshot(animations="disabled")))
        sizes[file.name] = file.stat().st_size

    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
