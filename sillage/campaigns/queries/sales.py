"""Reading what was clicked and sold: live counts, numbers with receipts, and the sources behind receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, Sum

from sillage.campaigns.engine.conversions import ConversionKind, Way
from sillage.campaigns.engine.sales import Clicked, Sold
from sillage.campaigns.engine.tracking import Visitor
from sillage.campaigns.models import ClickCount, Collaboration, Conversion, PromoCode, ShopFeed, TrackedLink
from sillage.governance.engine.sealing import unseal
from sillage.governance.models import Receipt, Workspace
from sillage.governance.queries import latest_receipts, sealing_key
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

FEED_PURPOSE = "shop feed"
_ORDER = Q(kind=ConversionKind.ORDER.value)
_REFUND = Q(kind=ConversionKind.REFUND.value)


@dataclass(frozen=True, slots=True)
class Sales:
    """What came of a collaboration: the newest receipts by metric, and what came in after they were made."""

    receipts: Mapping[str, Receipt]
    clicks_since: int | None  # None: nothing is tracked
    orders_since: int

    def receipt(self, name: str) -> Receipt | None:
        """The receipt of collaboration.<name>."""
        return self.receipts.get(f"collaboration.{name}")

    @property
    def clicks(self) -> Receipt | None:
        return self.receipt("clicks")

    @property
    def machine_clicks(self) -> Receipt | None:
        return self.receipt("machine_clicks")

    @property
    def orders(self) -> Receipt | None:
        return self.receipt("orders")

    @property
    def revenue(self) -> Receipt | None:
        return self.receipt("revenue")


def sales_of(collaborations: Sequence[Collaboration]) -> dict[int, Sales]:
    """{collaboration's id: what came of it}, in three statements. All are of one workspace."""
    ids = [c.pk for c in collaborations]
    if not ids:
        return {}
    known = latest_receipts(collaborations[0].workspace_id, "collaboration", [str(pk) for pk in ids])
    people = Q(visitor=Visitor.PERSON.value)
    rows = ClickCount.objects.filter(link__collaboration_id__in=ids).values("link__collaboration_id")
    clicks = dict(rows.annotate(n=Sum("clicks", filter=people, default=0)).values_list("link__collaboration_id", "n"))
    sold = Conversion.objects.filter(_ORDER, collaboration_id__in=ids).values("collaboration_id")
    orders = dict(sold.annotate(n=Count("pk")).values_list("collaboration_id", "n"))
    return {pk: _sales(known.get(str(pk), {}), clicks.get(pk), orders.get(pk, 0)) for pk in ids}


def _sales(receipts: Mapping[str, Receipt], clicks: int | None, orders: int) -> Sales:
    counted = [receipts.get(f"collaboration.{name}") for name in ("clicks", "orders")]
    before = [0 if r is None or r.value is None else round(r.value) for r in counted]
    return Sales(receipts, None if clicks is None else max(0, clicks - before[0]), max(0, orders - before[1]))


# -- counting ----------------------------------------------------------------------------------------------------------


def clicked_by(collaboration_ids: Iterable[int], until: datetime) -> dict[int, list[Clicked]]:
    """Clicks before an instant for each link of the collaborations, ended links too; links without any count 0."""
    before = Q(clicks__hour__lt=until)
    rows = TrackedLink.objects.filter(collaboration_id__in=collaboration_ids).annotate(
        people=Sum("clicks__clicks", filter=before & Q(clicks__visitor=Visitor.PERSON.value), default=0),
        machines=Sum("clicks__clicks", filter=before & Q(clicks__visitor=Visitor.MACHINE.value), default=0),
    )
    found: dict[int, list[Clicked]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.collaboration_id, []).append(Clicked(row.pk, row.people, row.machines))
    return found


def sold_by(collaborations: Sequence[Collaboration]) -> dict[int, Sold]:
    """What the shop reported of each collaboration, amounts in its campaign's currency; empty when no shop was ever heard.

    Absent: a collaboration with neither code nor link, to which nothing can be credited.
    """
    if not collaborations or not _is_heard(collaborations[0].workspace_id):
        return {}
    known = Collaboration.objects.filter(pk__in=[c.pk for c in collaborations])
    known = known.filter(Q(promo_codes__isnull=False) | Q(tracked_links__isnull=False)).distinct()
    ids = list(known.values_list("pk", flat=True))
    inside = Q(currency=F("collaboration__campaign__currency"))
    zero = Decimal(0)
    sums = Conversion.objects.filter(collaboration_id__in=ids).values("collaboration_id")
    rows = sums.annotate(
        last=Max("pk"),
        orders=Count("pk", filter=_ORDER),
        counted=Count("pk", filter=_ORDER & inside),
        ordered=Sum("amount", filter=_ORDER & inside, default=zero),
        refunds=Count("pk", filter=_REFUND & inside),
        refunded=Sum("amount", filter=_REFUND & inside, default=zero),
    )
    names = ("last", "orders", "counted", "ordered", "refunds", "refunded")
    counted = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows.values_list("collaboration_id", *names)}
    nothing: dict[str, Any] = dict.fromkeys(names, 0)
    currencies = {c.pk: c.campaign.currency for c in collaborations}
    return {pk: Sold(currency=currencies[pk], **counted.get(pk, nothing)) for pk in ids}


def _is_heard(workspace_id: int) -> bool:
    return ShopFeed.objects.filter(workspace_id=workspace_id).exclude(heard_at=None).exists()


def read_clicks(workspace_id: int, refs: Sequence[str]) -> Mapping[str, float | None]:
    """The counts behind receipts' references clicks:KIND:LINK:UNIX, read again. A link that is gone is absent."""
    found: dict[str, float | None] = {}
    for ref in refs:
        _, kind, link, until = ref.split(":")
        links = TrackedLink.objects.filter(workspace_id=workspace_id, pk=int(link))
        before = Q(clicks__hour__lt=datetime.fromtimestamp(int(until), UTC), clicks__visitor=kind)
        row = links.annotate(n=Sum("clicks__clicks", filter=before, default=0)).values_list("n", flat=True).first()
        if row is not None:
            found[ref] = row
    return found


_SOLD = {
    "orders": (_ORDER, Count("pk")),
    "counted": (_ORDER, Count("pk")),
    "ordered": (_ORDER, Sum("amount", default=Decimal(0))),
    "refunded": (_REFUND, Sum("amount", default=Decimal(0))),
}


def read_sold(workspace_id: int, refs: Sequence[str]) -> Mapping[str, float | None]:
    """The counts and sums behind references sold:WHAT:COLLABORATION:CURRENCY:LAST, read again."""
    found: dict[str, float | None] = {}
    for ref in refs:
        _, what, collaboration, currency, last = ref.split(":")
        kind, total = _SOLD[what]
        rows = Conversion.objects.filter(
            kind, workspace_id=workspace_id, collaboration_id=int(collaboration), pk__lte=int(last)
        )
        rows = rows.filter(currency=currency) if currency else rows
        found[ref] = float(rows.aggregate(n=total)["n"])
    return found


# -- where orders come from --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ways:
    """Every code and link of a workspace through which orders may come."""

    codes: Mapping[str, Sequence[Way]]
    links: Mapping[str, Sequence[Way]]


def ways_of(workspace_id: int) -> Ways:
    """Codes by their word and links by their code, ended ones too: an order of a day is held against what stood then."""
    codes: dict[str, list[Way]] = {}
    for code in PromoCode.objects.filter(workspace_id=workspace_id):
        ends = [day for day in (code.ends_on, code.ended_at and code.ended_at.date()) if day is not None]
        way = Way(code.pk, code.collaboration_id, code.starts_on, min(ends, default=None))
        codes.setdefault(code.code, []).append(way)
    links = {
        link.code: [Way(link.pk, link.collaboration_id, None, link.ended_at and link.ended_at.date())]
        for link in TrackedLink.objects.filter(workspace_id=workspace_id)
    }
    return Ways(codes, links)


def find_workspace(slug: str) -> Workspace:
    """The workspace that a shop's report names."""
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(Sentence("No workspace “%(slug)s”.", slug=slug), Sentence("Check the address."))
    return found


def feed_secrets(workspace_id: int) -> list[bytes]:
    """The secrets with which a workspace's shop may sign: one, or two while it is being changed, or none."""
    feed = ShopFeed.objects.filter(workspace_id=workspace_id).first()
    sealed = [] if feed is None else [s for s in (feed.sealed, feed.sealed_before) if s is not None]
    key = sealing_key(workspace_id, FEED_PURPOSE) if sealed else b""
    return [unseal(key, bytes(one)) for one in sealed]


def find_feed(workspace_id: int) -> ShopFeed | None:
    """How the workspace hears of orders, if it ever did."""
    return ShopFeed.objects.filter(workspace_id=workspace_id).first()
