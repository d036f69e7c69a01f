"""Campaigns and affiliates in documents: by key and code in files, by number here."""

import pytest

from affiliates.tests import make
from triggers import references
from triggers.workflows import checking

pytestmark = pytest.mark.django_db
KEY = "affiliate.sale_created"


def test_files_name_them_by_key_and_code() -> None:
    jonas, shop = make.affiliate("Jonas"), make.campaign("Spring shop")
    document = make.document(KEY, affiliates=[jonas.pk], campaigns=[shop.pk])

    written = references.keyed(document)

    assert written["triggers"][0]["config"] == {"affiliates": ["jonas"], "campaigns": ["spring_shop"]}
    assert references.numbered(written) == document


def test_what_is_not_there_is_told_at_its_place() -> None:
    found = checking.check(make.document(KEY, affiliates=[999], campaigns=[998]))

    assert [each.message for each in found if not each.warning] == [
        "There is no affiliate “999”. Choose another.",
        "There is no campaign “998”. It may have been deleted; choose another.",
    ]
