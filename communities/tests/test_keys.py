"""Groups in exported workflows go by their keys."""

import pytest

from communities.tests import make
from triggers import references
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def test_a_document_goes_out_by_key_and_comes_back_by_number() -> None:
    group = make.group("Founders circle")
    document = make.document("community.group_access_granted", group)

    out = references.keyed(document)

    assert out["triggers"][0]["config"] == {"groups": ["founders_circle"]}
    assert references.numbered(out) == document


def test_a_group_that_is_not_there_is_told() -> None:
    document = make.document("community.group_access_granted")
    document["triggers"][0]["config"] = {"groups": [999]}

    said = [problem.message for problem in checking.check(document)]

    assert "There is no community group “999”. It may have been deleted; choose another." in said
