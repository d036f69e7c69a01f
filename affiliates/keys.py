"""How campaigns and affiliates are named in workflow documents: by key and code in files, by number in this database."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

CampaignNumber = Annotated[int, Reference("affiliates.campaign")]
AffiliateNumber = Annotated[int, Reference("affiliates.affiliate")]


def register() -> None:
    campaign = _("There is no campaign “%(key)s”. It may have been deleted; choose another.")
    affiliate = _("There is no affiliate “%(key)s”. Choose another.")
    references.keyed_by("affiliates.campaign", ("key",), campaign)
    references.keyed_by("affiliates.affiliate", ("code",), affiliate)
