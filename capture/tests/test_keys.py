"""Workflows that name forms, links and websites go to another installation by key."""

import pytest

from capture.models import Site, TriggerLink
from capture.tests import make
from triggers import references
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def test_documents_name_them_by_key_in_files() -> None:
    form, survey = make.form("Visit us"), make.survey("Fit", {"label": "A"})
    link = TriggerLink.objects.create(name="Offer", destination="https://www.example.com")
    site = Site.objects.create(name="Shop", allowed_origins=["https://shop.example"])
    triggers = [
        {"uid": f"t{n}", "event": event, "config": {name: [row.pk]}, "conditions": None}
        for n, (event, name, row) in enumerate([
            ("form.submitted", "forms", form), ("survey.submitted", "surveys", survey), ("link.clicked", "links", link),
            ("page.viewed", "sites", site), ("video.watched", "sites", site),
        ])
    ]  # fmt: skip
    document = {"triggers": triggers, "actions": [], "settings": {}}

    keyed = references.keyed(document)

    named = [next(iter(each["config"].values())) for each in keyed["triggers"]]
    assert named == [["visit-us"], ["fit"], ["offer"], ["shop"], ["shop"]]
    assert references.numbered(keyed) == document


@pytest.mark.parametrize(("event", "name", "said"), [
    ("form.submitted", "forms", "There is no form or survey “gone”."),
    ("link.clicked", "links", "There is no trigger link “gone”."), ("page.viewed", "sites", "There is no website “gone”."),
])  # fmt: skip
def test_what_is_not_there_is_told(event: str, name: str, said: str) -> None:
    trigger = {"uid": "t1", "event": event, "config": {name: ["gone"]}, "conditions": None}

    found = checking.check({"triggers": [trigger], "actions": [], "settings": {}})

    assert any(said in problem.message for problem in found)
