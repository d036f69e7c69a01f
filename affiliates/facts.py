"""What conditions and messages may ask: whether a contact is an affiliate, who recommended it, and how an enrolment stands."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from affiliates import links, standing
from affiliates.models import Affiliate, Click, Enrolment, Referral
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, More, facts


@facts("affiliate", label=_("Affiliate"))
class AffiliateFacts(More):
    """A contact as an affiliate, with what it sold and earned; and by whose link it came itself."""

    of = "contact"

    def fields(self) -> Mapping[str, Field]:
        return {
            "is_affiliate": Field(Kind.YESNO, _("is an affiliate")),
            "code": Field(Kind.TEXT, _("affiliate's code")),
            "status": Field(Kind.CHOICE, _("affiliate's status"), choices=tuple(Affiliate.Status.choices)),
            "payout_method": Field(Kind.CHOICE, _("payout method"), choices=tuple(Affiliate.PayoutMethod.choices)),
            "tax_form": Field(Kind.CHOICE, _("tax form"), choices=tuple(Affiliate.TaxForm.choices)),
            "campaigns": Field(Kind.SET, _("affiliate's campaigns"), source="affiliate campaign name"),
            "referral_link": Field(Kind.TEXT, _("affiliate's link")),
            "portal_link": Field(Kind.TEXT, _("where affiliates ask for the link to their page")),
            "magic_link": Field(
                Kind.TEXT, _("link to the affiliate's own page, good for fourteen days"), sensitive=True
            ),
            "sales": Field(Kind.NUMBER, _("affiliate's sales")),
            "revenue": Field(Kind.TEXT, _("affiliate's revenue, in words")),
            "revenue_amount": Field(Kind.MONEY, _("affiliate's revenue, where it is in one currency")),
            "commission": Field(Kind.TEXT, _("commission earned, in words")),
            "commission_amount": Field(Kind.MONEY, _("commission earned, where it is in one currency")),
            "referred_by": Field(Kind.TEXT, _("code of who recommended us")),
            "referred_at": Field(Kind.DATETIME, _("followed that link")),
        }

    def more(self, known: set[int]) -> dict[int, dict[str, Any]]:
        rows = {row.contact_id: row for row in Affiliate.objects.filter(contact__pk__among=known)}
        numbers = [row.pk for row in rows.values()]
        campaigns: dict[int, set[str]] = defaultdict(set)
        for number, name in Enrolment.objects.filter(affiliate__in=numbers).values_list(
            "affiliate_id", "campaign__name"
        ):
            campaigns[number].add(name)
        standings, referrals = standing.of_affiliates(numbers), _referrals(known)
        return {
            pk: {**_of(rows.get(pk), campaigns, standings), **dict(zip(("referred_by", "referred_at"),
                                                                       referrals.get(pk, (None, None)), strict=True))}
            for pk in known
        }  # fmt: skip


def _of(row: Affiliate | None, campaigns: Mapping[int, set[str]], standings: Mapping[int, Any]) -> dict[str, Any]:
    if row is None:
        names = AffiliateFacts().fields().keys() - {"referred_by", "referred_at"}
        return {**dict.fromkeys(names), "is_affiliate": False, "campaigns": set(), "sales": 0}
    own = standings.get(row.pk, standing.Standing())
    return {
        "is_affiliate": True, "code": row.code, "status": row.status, "payout_method": row.payout_method,
        "tax_form": row.tax_form, "campaigns": campaigns.get(row.pk, set()),
        "referral_link": links.of_affiliate(row.code), "portal_link": links.portal(),
        "magic_link": links.magic(row.pk), "sales": own.sales,
        **own.in_words, "revenue_amount": standing.single(own.revenue), "commission_amount": standing.single(own.earned),
    }  # fmt: skip


def _referrals(ids: Collection[int]) -> dict[int, tuple[str, Any]]:
    """By contact the code of the latest click, and its moment."""
    rows = Referral.objects.filter(contact__pk__among=ids).order_by("clicked_at", "pk")
    return {
        pk: (code, at) for pk, code, at in rows.values_list("contact_id", "enrolment__affiliate__code", "clicked_at")
    }


@facts("affiliate_enrolment", label=_("Enrolment in a campaign"))
class EnrolmentFacts(Facts):
    """An affiliate's enrolment in a campaign: whose it is, its links, and what was sold and earned by it."""

    def fields(self) -> Mapping[str, Field]:
        return {
            "name": Field(Kind.TEXT, _("affiliate's name")),
            "email": Field(Kind.TEXT, _("affiliate's e-mail")),
            "phone": Field(Kind.TEXT, _("affiliate's phone")),
            "campaign": Field(Kind.TEXT, _("campaign"), column="campaign__name", source="affiliate campaign name"),
            "referral_link": Field(Kind.TEXT, _("referral link")),
            "portal_link": Field(Kind.TEXT, _("where affiliates ask for the link to their page")),
            "magic_link": Field(
                Kind.TEXT, _("link to the affiliate's own page, good for fourteen days"), sensitive=True
            ),
            "clicks": Field(Kind.NUMBER, _("clicks in the last 90 days")),
            "sales": Field(Kind.NUMBER, _("sales")),
            "revenue": Field(Kind.TEXT, _("revenue, in words")),
            "revenue_amount": Field(Kind.MONEY, _("revenue, where it is in one currency")),
            "commission": Field(Kind.TEXT, _("commission earned, in words")),
            "commission_amount": Field(Kind.MONEY, _("commission earned, where it is in one currency")),
        }

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = Enrolment.objects.filter(pk__in=ids).select_related("affiliate__contact", "campaign")
        clicked: Any = (
            Click.objects.filter(enrolment__in=ids).order_by().values_list("enrolment").annotate(n=Count("pk"))
        )
        clicks, standings = dict(clicked), standing.of_enrolments(ids)
        return {row.pk: _told(row, clicks.get(row.pk, 0), standings.get(row.pk, standing.Standing())) for row in rows}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Enrolment.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _told(row: Enrolment, clicks: int, own: standing.Standing) -> dict[str, Any]:
    person = row.affiliate.contact
    return {
        "name": str(row.affiliate), "email": person.email if person else None, "phone": person.phone if person else None,
        "campaign": row.campaign.name, "referral_link": row.referral_link, "portal_link": links.portal(),
        "magic_link": links.magic(row.affiliate_id),
        "clicks": clicks, "sales": own.sales, **own.in_words, "revenue_amount": standing.single(own.revenue),
        "commission_amount": standing.single(own.earned),
    }  # fmt: skip
