"""The examples of the documentation work: documents check, code runs, calls are answered as shown."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from affiliates.models import Campaign
from appointments.models import Calendar
from capture import services as capture_services
from commerce.models import DocumentTemplate, InvoiceSeries, Price
from communities.models import Group as CommunityGroup
from concours import demonstration
from concours.tests import pages
from concours.tests.pages import ROOT, Block, Command
from contacts.models import Contact
from courses.models import CertificateTemplate, Offer
from pipelines.models import Map, Step, Track
from triggers import registry, services
from triggers.api.keys import create_key
from triggers.api.scopes import known_scopes
from triggers.functions import functions
from triggers.models import Credential, Event, Run, Workflow
from triggers.outbox import emit
from triggers.outside import endpoints, signatures
from triggers.sweeping import drain
from triggers.workflows import checking

JSON = pages.blocks("json")
PYTHON = pages.blocks("python")
CALLED = [command for command in pages.commands() if command.line.startswith("curl ")]
TRIGGER = {"uid": "of-the-test", "event": "webhook.received", "config": {}}
Variables = dict[str, object]


@pytest.fixture
def example_code() -> Iterator[dict[str, ModuleType]]:
    """The examples that are no file of the house, as modules by path; what they register goes with the test."""
    kinds: tuple[dict[str, Any], ...] = (registry.events, registry.actions, functions)
    before = [dict(known) for known in kinds]
    new = {path: block for block in PYTHON if (path := block.file) and not (ROOT / path).exists()}
    yield {path: _module(path, block.text) for path, block in new.items()}
    for known, kept in zip(kinds, before, strict=True):
        known.clear()
        known.update(kept)


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> demonstration.Login:
    """The demo, with the webhook, the credential and the map that examples name besides."""
    settings.VAR_DIR = tmp_path
    # Where there is a map, the demo makes none of its own: the examples name the first one.
    track = Track.objects.create(pk=1, map=Map.objects.create(pk=1, name="Welcome", colour="#1f6feb"), kind="flex")
    for number in (1, 2):
        Step.objects.create(pk=number, track=track, name=f"Step {number}")
    # The demo's own, under the number that examples name.
    CommunityGroup.objects.create(pk=1, name="Kitchen club")
    Campaign.objects.create(
        pk=1, name=demonstration.affiliates.NAME, percent=10, target_url="https://shop.example.com/"
    )
    made = demonstration.ensure()
    for model in (Calendar, Price, InvoiceSeries, DocumentTemplate, Offer, CertificateTemplate):
        _first_is_number_one(model)
    endpoints.create("Shop", "https://shop.example.com/hook")
    Credential.objects.create(
        name="Shop", slug="shop-api", kind="bearer", hosts="api.example.com", secret="of-the-test"
    )
    return made


def _first_is_number_one(model: Any) -> None:
    """Examples name the first row by 1, which it need not be where tests have gone before."""
    row = model.objects.order_by("pk")[0]
    if row.pk != 1:
        row.pk, row.key = 1, ""
        row.save(force_insert=True)


@pytest.fixture
def variables(demo: demonstration.Login, example_code: object) -> Variables:
    """What the variables of the examples stand for."""
    contact = Contact.objects.get(email="anna.schmidt@example.org")
    other = Contact.objects.create(first_name="Anna")
    _key, plain = create_key("Shop", demonstration.User.objects.get(username="admin"), known_scopes())
    live = Workflow.objects.get(slug="vip-welcome")
    draft = services.create("Visit", {**demonstration.vip(), "triggers": [{**TRIGGER, "event": "page.visited"}]})
    event = Event.objects.get(contact_id=contact.pk, type="contact.created")
    run = Run.objects.create(
        workflow=live, version=live.current, event=event, contact_id=contact.pk, status="uncertain", at="task"
    )
    read = Client().get(f"/api/v1/contacts/{contact.pk}/", headers={"Authorization": f"Bearer {plain}"})
    webhook, token = capture_services.create("Orders", mapping={"email": "data.customer.email"})
    return {
        "url": "", "key": plain, "contact": contact.pk, "other": other.pk, "workflow": draft.pk, "event": event.pk, "run": run.pk,
        "webhook": webhook.pk, "address": f"/in/{token}/", "etag": read["ETag"].replace('"', '\\"'),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("block", JSON, ids=str)
def test_every_workflow_document_and_every_part_of_one_is_accepted(
    block: Block, demo: object, example_code: object
) -> None:
    value = json.loads(block.text)

    document = _document_with(value)

    problems = [problem for problem in checking.check(document) if not problem.warning] if document else []
    assert problems == []


def test_every_kind_of_action_has_an_example() -> None:
    shown = {
        node.get("action") or next(iter({"branch", "split"} & node.keys()))
        for block in JSON
        for node in _nodes(json.loads(block.text))
    }

    assert set(registry.actions) - shown == set()


@pytest.mark.django_db
@pytest.mark.parametrize("command", CALLED, ids=str)
def test_every_call_is_answered_as_shown(command: Command, variables: Variables) -> None:
    words = command.words(**variables)
    shown = json.loads(command.answer) if command.answer.startswith("{") else {}

    answer = _call(words)

    told = answer.json()
    if "status" in shown:
        assert (answer.status_code, told) == (shown["status"], {**shown, "request_id": told["request_id"]})
    else:
        assert answer.status_code < 300, told
        assert shown.keys() <= set(told if shown else {})


@pytest.mark.django_db
def test_the_examples_of_the_api_do_what_they_say(variables: Variables) -> None:
    of_the_api = [command for command in CALLED if command.where.startswith("docs/api.md")]

    for command in of_the_api:
        _call(command.words(**variables))
    made = Workflow.objects.get(name="Thank for the visit")
    services.publish(made)
    reported = next(command for command in of_the_api if "visit-4711" in command.line)
    _call([word.replace("visit-4711", "visit-4712") for word in reported.words(**variables)])
    drain()

    assert [run.status for run in Run.objects.filter(workflow=made)] == ["done"]
    assert Contact.objects.get(pk=variables["contact"]).tags.filter(name="Visitor").exists()


@pytest.mark.parametrize("block", [block for block in PYTHON if block.file], ids=str)
def test_code_that_names_a_file_of_the_house_is_that_file(block: Block) -> None:
    first, _break, rest = block.text.partition("\n")
    file = ROOT / block.file

    if file.exists():
        assert rest in file.read_text() if "(excerpt)" in first else rest == file.read_text()


@pytest.mark.django_db
def test_the_example_kinds_work(example_code: dict[str, ModuleType], demo: object) -> None:
    contact = Contact.objects.get(email="anna.schmidt@example.org")
    document = {
        "triggers": [{"uid": "t1", "event": "page.visited"}],
        "actions": [
            {"uid": "a1", "action": "contact.set_language", "config": {"language": "de"}},
            {
                "uid": "a2",
                "action": "code.call",
                "config": {"name": "loyalty.points", "arguments": {"total": "129.90"}},
            },
        ],
    }
    services.publish(services.create("Visit", document))

    emit(registry.events["page.visited"](contact_id=contact.pk, path="/prices"))
    drain()

    contact.refresh_from_db()
    run = Run.objects.get(workflow__name="Visit")
    assert (run.status, contact.language, run.vars["@a2"]) == ("done", "de", {"value": 12})
    assert len(example_code) == 4


def test_the_signing_examples_agree_with_ours() -> None:
    sender, receiver = (_module("example.py", block.text) for block in PYTHON if not block.file)
    secret, body, now = signatures.new_secret(), b'{"a":1}', timezone.now()

    signed = signatures.sign("msg_1", now, body, [secret])

    assert receiver.is_ours(secret, signed, body)
    assert not receiver.is_ours(secret, signed, b"{}")
    delivery = signatures.Delivery("POST", "/", sender.headers("s3cret", body), body)
    assert signatures.verify_hmac(delivery, ["s3cret"], header="X-Signature", prefix="sha256=")


def _document_with(value: Any) -> dict[str, Any] | None:
    """A whole document around a trigger, an action or a condition; None for JSON that is no part of one."""
    action = {"uid": "action-of-the-test", "action": "run.stop"}
    whole: dict[str, Any] = {"triggers": [TRIGGER], "actions": [action]}
    if not isinstance(value, dict):
        return None
    if "triggers" in value:
        return value
    if {"action", "branch", "split"} & value.keys():
        return {**whole, "actions": [value]}
    if "event" in value and "uid" in value:
        return {**whole, "triggers": [value]}
    if {"field", "all", "any", "not"} & value.keys():
        return {**whole, "actions": [{**action, "only_if": value}]}
    return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every action within."""
    if isinstance(value, dict):
        if {"action", "branch", "split"} & value.keys():
            yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part)


def _call(words: list[str]) -> Any:
    """What the server answers to a curl command."""
    curl = ArgumentParser()
    curl.add_argument("curl")
    curl.add_argument("url")
    curl.add_argument("-X", dest="method")
    curl.add_argument("-H", dest="headers", action="append", default=[])
    curl.add_argument("-d", dest="data")
    curl.add_argument("-F", dest="form", action="append", default=[])
    given = curl.parse_args(words)
    headers = dict(header.split(": ", 1) for header in given.headers)
    if given.form:
        parts = dict(part.split("=", 1) for part in given.form)
        fields = {name: (ROOT / text[1:]).open("rb") if text.startswith("@") else text for name, text in parts.items()}
        return Client(raise_request_exception=True).post(given.url, fields, headers=headers)
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    data = given.data or ""
    if data.startswith("@"):
        data = (ROOT / data[1:]).read_text()
    method = given.method or ("POST" if given.data else "GET")
    return Client(raise_request_exception=True).generic(
        method, given.url, data.encode(), content_type=kind if given.data else "", headers=headers
    )


def _module(path: str, source: str) -> ModuleType:
    module = ModuleType(path.removesuffix(".py").replace("/", "."))
    exec(compile(source, path, "exec"), module.__dict__)
    return module
