"""Orders and refunds that a shop reports, by file or by webhook: credited, counted once, without a word about buyers."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sillage.campaigns.actions.sales import prove_sales
from sillage.campaigns.engine.conversions import (
    Attribution,
    ConversionKind,
    Credit,
    Order,
    credit_of,
    order_of,
    refuse_personal,
)
from sillage.campaigns.models import Conversion, ShopFeed
from sillage.campaigns.queries.sales import FEED_PURPOSE, Ways, ways_of
from sillage.campaigns.reading_sales import OrdersFile, Place, Reading, read_orders
from sillage.catalogue.reading import Reject
from sillage.catalogue.rejects import append_rejects
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sealing import seal
from sillage.governance.models import Workspace
from sillage.governance.queries import sealing_key
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import Sentence

PORTION = 1000
Coming = tuple[Place | None, Order]


class OrderChanged(Refusal):
    """The same order was reported before with another amount."""


class SecretMissing(Refusal):
    """The workspace has made no secret with which a shop signs."""


class FieldUnknown(Malformed):
    """A report of an order has a field that nobody asked for."""


@dataclass(slots=True)
class Outcome:
    """What became of the orders of one file or message. Uncredited ones are not kept: they are nobody's business here."""

    rows: int = 0
    new: int = 0
    known: int = 0
    uncredited: int = 0
    refused: int = 0
    by: Counter[str] = field(default_factory=Counter)  # code, link, order
    rejects: tuple[Reject, ...] = ()
    rejects_path: str | None = None
    is_dry_run: bool = False


@transaction.atomic
def import_conversions(*, path: Path, said: OrdersFile, actor: Actor, now: datetime, dry_run: bool = False) -> Outcome:
    """Bring in a shop's CSV of orders and refunds. A row that is refused is set aside with its place; the rest comes in.

    The same order twice is one; an order with neither code nor link is passed over. A dry run changes nothing.
    """
    require(actor, Right.CAMPAIGN)
    reading = read_orders(path, said)
    feed = _feed_in_turn(actor.workspace_id)
    books = _Books(actor.workspace_id, now, "file", dry_run)
    for portion in _portions(reading):
        books.enter(portion, reading)
    outcome = books.outcome
    outcome.rows, outcome.refused, outcome.rejects = reading.rows, reading.refused, tuple(reading.rejects)
    if dry_run:
        outcome.is_dry_run = True
        return outcome
    feed.heard_at = now
    feed.save(update_fields=["heard_at"])
    prove_sales(workspace_id=actor.workspace_id, collaboration_ids=books.touched, now=now)
    entry = governance.record(
        verb="campaigns.conversions_imported",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={
            **{name: getattr(outcome, name) for name in ("rows", "new", "known", "uncredited", "refused")},
            "by": dict(outcome.by),
        },
    )
    if outcome.rejects:
        where = settings.SILLAGE.data / "rejects" / f"conversions-{actor.workspace_id}-{entry.number}.jsonl"
        outcome.rejects_path = str(where)
        rejects = outcome.rejects
        transaction.on_commit(lambda: _write_rejects(where, rejects))
    return outcome


def _write_rejects(path: Path, rejects: tuple[Reject, ...]) -> None:
    append_rejects(path, rejects, 0)


def _portions(reading: Reading[Order]) -> Iterable[list[Coming]]:
    portion: list[Coming] = []
    for place, order in reading:
        portion.append((place, order))
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


@transaction.atomic
def receive_conversion(*, given: Mapping[str, str], actor: Actor, now: datetime) -> Outcome:
    """Take one order or refund that a shop's signed message reports. The same message twice changes nothing.

    Fields that nobody asked for are refused, and named: what speaks of buyers must not be sent at all.
    """
    require(actor, Right.CAMPAIGN)
    known = {"order_id", "ordered_at", "amount", "currency", "code", "link", "kind", "refund_id"}
    unknown = sorted(set(given) - known)
    refuse_personal(unknown)
    if unknown:
        raise FieldUnknown(
            Sentence("“%(unknown)s” is no field of an order.", unknown=unknown[0][:60]),
            Sentence("Fields: %(known)s.", known=", ".join(sorted(known))),
            unknown[0][:60],
        )
    order = order_of(given)
    feed = _feed_in_turn(actor.workspace_id)
    books = _Books(actor.workspace_id, now, "webhook", dry_run=False)
    books.enter([(None, order)], None)
    feed.heard_at = now
    feed.save(update_fields=["heard_at"])
    books.outcome.rows = 1
    governance.record(
        verb="campaigns.conversion_received",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"kind": order.kind.value, "new": books.outcome.new, "by": dict(books.outcome.by)},
    )
    return books.outcome


def _feed_in_turn(workspace_id: int) -> ShopFeed:
    """The workspace's feed, locked: orders come in one after the other, so that a receipt up to an id stays true."""
    ShopFeed.objects.get_or_create(workspace_id=workspace_id)
    return ShopFeed.objects.select_for_update(no_key=True).get(workspace_id=workspace_id)


class _Books:
    """Credits orders and enters them, each once."""

    def __init__(self, workspace_id: int, now: datetime, source: str, dry_run: bool) -> None:
        self.workspace_id, self.now, self.source, self.dry_run = workspace_id, now, source, dry_run
        self.salt = bytes(Workspace.objects.values_list("salt", flat=True).get(pk=workspace_id))
        self.ways: Ways = ways_of(workspace_id)
        self.outcome = Outcome()
        self.touched: set[int] = set()
        self._tried: dict[bytes, Conversion] = {}  # of a dry run, which enters nothing

    def enter(self, portion: list[Coming], reading: Reading[Order] | None) -> None:
        """Enter some orders. Without a reading to set them aside in, what cannot come in is refused."""
        known = self._known([order for _, order in portion])
        fresh: list[Conversion] = []
        for place, order in portion:
            event = order.event(self.salt)
            before = known.get(event)
            if before is not None:
                self._again(before, order, place, reading)
                continue
            credit = self._credit(order, known)
            if credit is None:
                self._nobody(order, place, reading)
                continue
            known[event] = self._row(order, credit, event)
            fresh.append(known[event])
            self.outcome.by[credit.by.value] += 1
        self.outcome.new += len(fresh)
        self.touched.update(row.collaboration_id for row in fresh)
        if self.dry_run:
            self._tried.update({bytes(row.event): row for row in fresh})
        else:
            Conversion.objects.bulk_create(fresh)

    def _known(self, orders: list[Order]) -> dict[bytes, Conversion]:
        keys = {key for order in orders for key in (order.event(self.salt), order.order_key(self.salt))}
        rows = Conversion.objects.filter(workspace_id=self.workspace_id, event__in=list(keys))
        return {**self._tried, **{bytes(row.event): row for row in rows}}

    def _again(self, before: Conversion, order: Order, place: Place | None, reading: Reading[Order] | None) -> None:
        if (before.amount, before.currency) == (order.amount, order.currency):
            self.outcome.known += 1
            return
        was, now = Money(before.amount, before.currency), Money(order.amount, order.currency)
        if reading is None or place is None:
            raise OrderChanged(
                Sentence("This order came before with %(was)s, now with %(now)s.", was=was, now=now),
                Sentence("Report money that goes back as a refund, of kind refund."),
            )
        reading.refuse(place, "amount", Sentence("it came before with %(was)s, now with %(now)s", was=was, now=now))

    def _nobody(self, order: Order, place: Place | None, reading: Reading[Order] | None) -> None:
        """An order that names a code of nobody is worth a look; one that names none is somebody else's."""
        if order.code and reading is not None and place is not None:
            said = Sentence("“%(code)s” is no code that was valid on that day", code=order.code)
            reading.refuse(place, "code", said)
        else:
            self.outcome.uncredited += 1

    def _credit(self, order: Order, known: Mapping[bytes, Conversion]) -> Credit | None:
        """A refund follows its order, whatever it says itself."""
        if order.kind is ConversionKind.REFUND:
            of = known.get(order.order_key(self.salt))
            if of is not None:
                return Credit(of.collaboration_id, Attribution.ORDER, of.code_id, of.link_id)
        return credit_of(order, self.ways.codes.get(order.code, ()), self.ways.links.get(order.link, ()))

    def _row(self, order: Order, credit: Credit, event: bytes) -> Conversion:
        return Conversion(
            workspace_id=self.workspace_id,
            collaboration_id=credit.collaboration_id,
            kind=order.kind.value,
            event=event,
            order_key=order.order_key(self.salt),
            amount=order.amount,
            currency=order.currency,
            ordered_at=order.ordered_at,
            credited_by=credit.by.value,
            code_id=credit.code_id,
            link_id=credit.link_id,
            source=self.source,
            received_at=self.now,
        )


@transaction.atomic
def make_feed_secret(*, actor: Actor, now: datetime) -> str:
    """Make the secret with which the workspace's shop signs its reports. It is returned once; the one before it still counts
    until it is ended."""
    require(actor, Right.ADMIN)
    feed = _feed_in_turn(actor.workspace_id)
    secret = secrets.token_urlsafe(32)
    feed.sealed_before = feed.sealed
    feed.sealed = seal(sealing_key(actor.workspace_id, FEED_PURPOSE), secret.encode())
    feed.secret_made_at = now
    feed.save(update_fields=["sealed", "sealed_before", "secret_made_at"])
    governance.record(
        verb="campaigns.feed_secret_made",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
    )
    return secret


@transaction.atomic
def end_feed_secrets(*, actor: Actor, now: datetime, only_old: bool) -> None:
    """End the secret before the newest one, or all of them: from then on nothing that they sign is taken."""
    require(actor, Right.ADMIN)
    feed = _feed_in_turn(actor.workspace_id)
    if feed.sealed is None or (only_old and feed.sealed_before is None):
        raise SecretMissing(
            Sentence("There is no such secret."), Sentence("Make one first: `sillage conversions secret`.")
        )
    feed.sealed_before = None
    if not only_old:
        feed.sealed = None
    feed.save(update_fields=["sealed", "sealed_before"])
    governance.record(
        verb="campaigns.feed_secrets_ended",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"only_old": only_old},
    )
