"""Everything dated, one query per subject. A new subject adds a function to SOURCES: a page, the feed, the API and the
command line have it then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from sillage.campaigns.engine.calendar import Dated, DateKind, Range
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import (
    Campaign,
    Collaboration,
    ContractVersion,
    Deliverable,
    Exclusivity,
    Payment,
    PromoCode,
    Reminder,
    Shipment,
)
from sillage.governance.engine.privacy import RequestState
from sillage.governance.models import ApprovalRequest
from sillage.governance.models.privacy import DataRequest

MOST = 5_000  # of one subject; more than that on a calendar helps nobody


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose dates are wanted, and which days. `campaign_id` None is the whole workspace."""

    workspace_id: int
    days: Range
    campaign_id: int | None = None

    def of_campaigns(self, way: str) -> Q:
        """A condition on rows that reach their campaign by `way`: ours, alive, not a template."""
        alive = {
            f"{way}workspace_id": self.workspace_id,
            f"{way}archived_at": None,
            f"{way}is_template": False,
        }
        return Q(**alive) if self.campaign_id is None else Q(**alive, **{f"{way}pk": self.campaign_id})

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__range": (self.days.first, self.days.last)})

    def instants(self, field: str) -> Q:
        begins = datetime.combine(self.days.first, time(), UTC)
        ends = datetime.combine(self.days.last + timedelta(days=1), time(), UTC)
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})


def list_dates(scope: Scope) -> list[Dated]:
    """What lies on these days, from every subject, in the order of the days."""
    found = [dated for source in SOURCES for dated in source(scope)]
    return sorted(found, key=lambda d: (d.starts_on, d.ends_on, d.key))


@dataclass(frozen=True, slots=True)
class Row:
    """What a date belongs to, as `_on` needs it. `about` is whose page it has; `name` is about's own where it is empty."""

    about: Campaign | Collaboration | Deliverable
    key: str
    changed_at: datetime
    name: str = ""
    private: str = ""


def _on(
    kind: DateKind,
    day: date | None,
    scope: Scope,
    row: Row,
    *,
    until: date | None = None,
    is_done: bool = False,
) -> Iterator[Dated]:
    """The date, if there is one and it lies on the days that are wanted; a span if any of it does."""
    if day is None:
        return
    last = max(day, until or day)
    if last < scope.days.first or day > scope.days.last:
        return
    about = row.about
    yield Dated(
        f"{kind.value}-{row.key}",
        kind,
        day,
        last,
        row.name or str(about),
        (about if isinstance(about, Campaign) else about.campaign).name,
        type(about).__name__.lower(),
        about.pk,
        row.changed_at,
        row.private,
        is_done,
    )


def campaign_dates(scope: Scope) -> Iterable[Dated]:
    rows = Campaign.objects.filter(scope.of_campaigns(""), scope.within("starts_on") | scope.within("ends_on"))
    for one in rows[:MOST]:
        row = Row(one, str(one.pk), one.changed_at)
        yield from _on(DateKind.CAMPAIGN_START, one.starts_on, scope, row)
        yield from _on(DateKind.CAMPAIGN_END, one.ends_on, scope, row)


def deliverable_dates(scope: Scope) -> Iterable[Dated]:
    windows = Q(publish_from__lte=scope.days.last, publish_until__gte=scope.days.first) | scope.within("publish_from")
    wanted = scope.within("draft_due_on") | scope.within("rights_until") | scope.within("publish_until") | windows
    rows = (
        Deliverable.objects.filter(scope.of_campaigns("campaign__"), wanted)
        .exclude(collaboration=None)
        .exclude(state=DeliverableState.REFUSED.value)
        .select_related("campaign", "collaboration")
    )
    for one in rows[:MOST]:
        row = Row(one, str(one.pk), one.changed_at, f"{one.collaboration}, {one.name}")
        begins, live = one.publish_from or one.publish_until, one.state == DeliverableState.LIVE.value
        drafted = live or one.state == DeliverableState.APPROVED.value
        yield from _on(DateKind.DRAFT_DUE, one.draft_due_on, scope, row, is_done=drafted)
        yield from _on(DateKind.PUBLISH, begins, scope, row, until=one.publish_until, is_done=live)
        yield from _on(DateKind.RIGHTS_END, one.rights_until, scope, row)


def contract_dates(scope: Scope) -> Iterable[Dated]:
    """When what a contract gives ends: contracts that were sent, that nobody ended, in their last version."""
    way = "contract__collaboration__campaign__"
    newest = (
        ContractVersion.objects.filter(scope.of_campaigns(way), contract__void=None, sent_at__isnull=False)
        .order_by("contract_id", "-number")
        .distinct("contract_id")
    )
    versions = ContractVersion.objects.filter(scope.within("rights_until"), pk__in=newest.values("pk"))
    for one in versions.select_related("contract__collaboration__campaign")[:MOST]:
        row = Row(one.contract.collaboration, f"contract-{one.contract_id}", one.sent_at or one.drafted_at)
        yield from _on(DateKind.RIGHTS_END, one.rights_until, scope, row)
    promises = Exclusivity.objects.filter(scope.within("ends_on"), version__in=newest.values("pk"))
    for promise in promises.select_related("version__contract__collaboration__campaign")[:MOST]:
        version, who = promise.version, promise.version.contract.collaboration
        row = Row(who, str(promise.pk), version.sent_at or version.drafted_at, f"{who}, {promise.name}")
        yield from _on(DateKind.EXCLUSIVITY_END, promise.ends_on, scope, row)


def reminder_dates(scope: Scope) -> Iterable[Dated]:
    rows = Reminder.objects.filter(scope.of_campaigns("campaign__"), scope.within("due_on"))
    for one in rows.select_related("campaign", "collaboration__campaign")[:MOST]:
        row = Row(one.collaboration or one.campaign, str(one.pk), one.done_at or one.made_at, private=one.text)
        yield from _on(DateKind.REMINDER, one.due_on, scope, row, is_done=one.done_at is not None)


def parcel_dates(scope: Scope) -> Iterable[Dated]:
    rows = Shipment.objects.filter(scope.of_campaigns("collaboration__campaign__"), scope.instants("shipped_at"))
    for one in rows.select_related("collaboration__campaign", "product")[:MOST]:
        row = Row(one.collaboration, str(one.pk), one.state_since, f"{one.collaboration}, {one.product}")
        day = one.shipped_at.date() if one.shipped_at else None
        yield from _on(DateKind.PARCEL_SENT, day, scope, row, is_done=True)


def payment_dates(scope: Scope) -> Iterable[Dated]:
    """Days on which people said that they paid, and last days to pay what is not paid yet."""
    wanted = scope.within("paid_on") | scope.within("due_on")
    rows = Payment.objects.filter(scope.of_campaigns("campaign__"), wanted, withdrawn_at=None)
    for one in rows.select_related("campaign", "collaboration__campaign")[:MOST]:
        about = one.collaboration or one.campaign
        row = Row(about, str(one.pk), one.confirmed_at or one.asked_at, one.recipient)
        yield from _on(DateKind.PAYMENT_DUE, None if one.paid_on else one.due_on, scope, row)
        yield from _on(DateKind.PAID, one.paid_on, scope, row, is_done=True)


def code_dates(scope: Scope) -> Iterable[Dated]:
    wanted = scope.within("starts_on") | scope.within("ends_on")
    rows = PromoCode.objects.filter(scope.of_campaigns("collaboration__campaign__"), wanted, ended_at=None)
    for one in rows.select_related("collaboration__campaign")[:MOST]:
        row = Row(one.collaboration, str(one.pk), one.made_at, f"{one.collaboration}, {one.code}")
        yield from _on(DateKind.CODE_START, one.starts_on, scope, row)
        yield from _on(DateKind.CODE_END, one.ends_on, scope, row)


def approval_dates(scope: Scope) -> Iterable[Dated]:
    """When requests that were not used run out; a campaign's own are those about it."""
    rows = ApprovalRequest.objects.filter(
        scope.instants("expires_at"), workspace_id=scope.workspace_id, used_at=None, withdrawn_at=None
    )
    if scope.campaign_id is not None:
        rows = rows.filter(subject_kind="campaign", subject_id=str(scope.campaign_id))
    for row in rows[:MOST]:
        day = row.expires_at.date()
        kind = DateKind.APPROVAL_EXPIRY
        yield Dated(f"{kind.value}-{row.pk}", kind, day, day, row.verb, "", "approval", row.pk, row.asked_at, row.said)


def request_dates(scope: Scope) -> Iterable[Dated]:
    """Until when people who asked about their data are to be answered. Who asked does not stand here."""
    if scope.campaign_id is not None:
        return
    open_ones = DataRequest.objects.filter(
        scope.instants("due_at"), workspace_id=scope.workspace_id, state=RequestState.OPEN.value
    )
    for row in open_ones[:MOST]:
        day, kind = row.due_at.date(), DateKind.REQUEST_DUE
        changed_at = row.extended_at or row.received_at
        yield Dated(f"{kind.value}-{row.pk}", kind, day, day, str(row.pk), "", "request", row.pk, changed_at)


SOURCES: tuple[Callable[[Scope], Iterable[Dated]], ...] = (
    campaign_dates,
    deliverable_dates,
    contract_dates,
    reminder_dates,
    parcel_dates,
    payment_dates,
    code_dates,
    approval_dates,
    request_dates,
)
