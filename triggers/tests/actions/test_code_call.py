"""code.call: a registered Python function, inside the run's transaction."""

from collections.abc import Iterator
from typing import Any

import pytest

from contacts.models import Contact
from triggers import sweeping
from triggers.functions import function, functions
from triggers.run_context import RunContext
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    @function("greet")
    def greet(ctx: RunContext, *, name: str, times: int = 1) -> list[str]:
        Contact.objects.filter(pk=ctx.contact_id).update(city="greeted")
        if name == "nobody":
            raise LookupError(name)
        return [f"Hello {name}"] * times

    @function("silent")
    def silent(ctx: RunContext) -> None:
        """Returns nothing."""

    yield
    del functions["greet"], functions["silent"]


def test_the_function_gets_rendered_arguments_and_its_result_is_readable() -> None:
    call = make.action("c", "code.call", name="greet", arguments={"name": "{{ contact.first_name }}", "times": 2})

    run = play.start(call, make.action("a2", "data.set", values={"said": "{{ actions.c.value }}"}))

    done = run.actions.get(uid="c")
    assert (done.summary, done.result) == ("Calls greet.", {"value": ["Hello Anna", "Hello Anna"]})
    assert run.vars["said"] == ["Hello Anna", "Hello Anna"]
    assert Contact.objects.get().city == "greeted"


def test_a_function_may_return_nothing() -> None:
    done = play.perform("code.call", name="silent")

    assert (done.status, done.result) == ("done", {})


def test_a_function_that_raises_undoes_what_it_wrote_and_fails_its_run_alone() -> None:
    done = play.perform("code.call", name="greet", arguments={"name": "nobody"})

    assert (done.status, done.error) == ("failed", "The action broke: LookupError('nobody')")
    assert Contact.objects.get().city == ""


@pytest.mark.parametrize("name", ["os.system", "__import__", "print", "greet()"])
def test_text_is_never_evaluated(name: str) -> None:
    found = play.problems("code.call", name=name)

    assert found == [("name", "No function of this name is registered. Registered: greet, silent.")]


def test_a_function_that_is_gone_fails_its_run() -> None:
    kept = functions["silent"]
    flow = make.workflow(make.action("c", "code.call", name="silent"))
    try:
        del functions["silent"]
        make.tag(make.contact())
        sweeping.drain()
    finally:
        functions["silent"] = kept

    [run] = make.runs(flow)
    assert (run.status, run.reason) == ("failed", "The action broke: KeyError('silent')")


def test_a_dry_run_does_not_call() -> None:
    assert play.preview("code.call", name="greet", arguments={"name": "x"}) == "Calls greet."
    assert Contact.objects.get().city == ""


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="“greet” is registered twice"):
        function("greet")(print)
    assert functions["greet"] is not print


def test_problems() -> None:
    arguments: dict[str, Any] = {"name": "{{ contact.nme }}"}

    assert play.problems("code.call", name="greet", arguments={"name": "{{ contact.email }}"}) == []
    assert [path for path, _why in play.problems("code.call", name="greet", arguments=arguments)] == ["arguments.name"]
