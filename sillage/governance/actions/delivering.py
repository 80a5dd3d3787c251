"""Sending what waits for webhooks: claim, send, settle. All of it is part of what the entries announced.

At least once: a delivery is settled after it was sent, so one that was sent when the process died is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from sillage.adapters.webhooks import Reply
from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import automation
from sillage.governance.engine.ledger import Line
from sillage.governance.engine.webhooks import (
    FAILING,
    FAILS_FOR,
    GONE,
    MOST_ATTEMPTS,
    PING,
    DeliveryState,
    Outcome,
    entry_body,
    pause_after,
    ping_body,
    signature_header,
)
from sillage.governance.models import Delivery, Endpoint
from sillage.governance.queries import signing_secrets
from sillage.lib.errors import OutsideError

ENDPOINTS_AT_ONCE = 8
DELIVERIES_AT_ONCE = 10
LEASE = timedelta(minutes=5)  # longer than that many deliveries may take
LONGEST_HOLD = timedelta(minutes=5)

Send = Callable[[str, bytes, Mapping[str, str]], Reply]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to be sent."""

    delivery_id: int
    event: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """Some deliveries of one endpoint, in order, that nobody else sends before `until`."""

    endpoint_id: int
    url: str
    until: datetime
    parcels: tuple[Parcel, ...]
    secrets: tuple[bytes, ...] = field(repr=False)


def deliver_round(*, send: Send, clock: Clock, endpoint_id: int | None = None) -> dict[str, int]:
    """Send some of what is due and settle it, as part of what was announced. {"delivered": n, "failed": n}."""
    claims = claim_deliveries(now=clock(), endpoint_id=endpoint_id)
    counts = {"delivered": 0, "failed": 0}
    with ThreadPoolExecutor(max_workers=ENDPOINTS_AT_ONCE) as pool:
        sendings = {pool.submit(_sent, claim, send, clock): claim for claim in claims}
        for sending in as_completed(sendings):
            tries = sending.result()
            settle(claim=sendings[sending], tries=tries, now=clock())
            for outcome in tries.values():
                counts["delivered" if outcome.is_delivered else "failed"] += 1
    return counts


@transaction.atomic
def claim_deliveries(*, now: datetime, endpoint_id: int | None = None) -> list[Claim]:
    """Lease endpoints for which something is due, as part of a round: one that failed lately or is leased is left out.

    An endpoint gets its deliveries in the order of the ledger, from one sender at a time.
    """
    due = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.WAITING.value, next_at__lte=now)
    endpoints = (
        Endpoint.objects.select_for_update(skip_locked=True)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now), Q(held_until=None) | Q(held_until__lte=now))
        .filter(Exists(due), disabled_at=None)
        .order_by(F("leased_until").asc(nulls_first=True), "pk")  # who waited longest
    )
    if endpoint_id is not None:
        endpoints = endpoints.filter(pk=endpoint_id)
    claims = []
    for endpoint in endpoints[:ENDPOINTS_AT_ONCE]:
        endpoint.leased_until = now + LEASE
        endpoint.save(update_fields=["leased_until"])
        claims.append(_claim(endpoint, now))
    return claims


def _claim(endpoint: Endpoint, now: datetime) -> Claim:
    waiting = endpoint.deliveries.filter(state=DeliveryState.WAITING.value, next_at__lte=now)
    pings_first = waiting.select_related("entry").order_by(F("entry__number").asc(nulls_first=True), "pk")
    slug = endpoint.workspace.slug
    return Claim(
        endpoint.pk,
        endpoint.url,
        now + LEASE,
        tuple(_parcel(delivery, slug) for delivery in pings_first[:DELIVERIES_AT_ONCE]),
        tuple(signing_secrets(endpoint, now)),
    )


def _parcel(delivery: Delivery, slug: str) -> Parcel:
    entry = delivery.entry
    if entry is None:
        return Parcel(delivery.pk, PING, ping_body(slug, delivery.made_at))
    line = Line(**{name: getattr(entry, name) for name in Line.__slots__})
    return Parcel(delivery.pk, entry.verb, entry_body(slug, line, bytes(entry.hash)))


def _sent(claim: Claim, send: Send, clock: Clock) -> dict[int, Outcome]:
    """Send one after the other and stop at the first failure. Runs in a thread: no database here."""
    tries: dict[int, Outcome] = {}
    for parcel in claim.parcels:
        headers = {
            "Content-Type": "application/json",
            "Sillage-Delivery": str(parcel.delivery_id),
            "Sillage-Event": parcel.event,
            "Sillage-Signature": signature_header(claim.secrets, clock(), parcel.body),
        }
        tries[parcel.delivery_id] = outcome = _tried(claim.url, parcel.body, headers, send)
        if not outcome.is_delivered:
            break
    return tries


def _tried(url: str, body: bytes, headers: Mapping[str, str], send: Send) -> Outcome:
    try:
        reply = send(url, body, headers)
    except OutsideError as failed:
        return Outcome(None, "", None, str(failed)[:300])
    redirects = 300 <= reply.status < 400
    return Outcome(reply.status, reply.text, reply.took_ms, "A redirect is not followed." if redirects else "")


@transaction.atomic
def settle(*, claim: Claim, tries: Mapping[int, Outcome], now: datetime) -> None:
    """Write down what became of a claim, as part of its round, and let go of the endpoint."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=claim.endpoint_id).first()
    if endpoint is None:  # removed meanwhile, with its deliveries
        return
    for delivery in endpoint.deliveries.filter(pk__in=tries, state=DeliveryState.WAITING.value):
        _settle_one(endpoint, delivery, tries[delivery.pk], now)
    if endpoint.leased_until == claim.until:
        endpoint.leased_until = now
    endpoint.save(update_fields=["leased_until", "failing_since", "held_until"])
    last = list(tries.values())[-1] if tries else None
    if last is not None and last.is_gone:
        _disable(endpoint, GONE, now)
    elif endpoint.failing_since is not None and now - endpoint.failing_since >= FAILS_FOR:
        _disable(endpoint, FAILING, now)


def _settle_one(endpoint: Endpoint, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.attempts += 1
    delivery.tried_at = now
    delivery.status, delivery.took_ms = outcome.status, outcome.took_ms
    delivery.answer, delivery.failure = outcome.answer, outcome.failure
    if outcome.is_delivered:
        delivery.state, delivery.done_at = DeliveryState.DELIVERED.value, now
        endpoint.failing_since, endpoint.held_until = None, None
    else:
        pause = pause_after(delivery.attempts, delivery.pk)
        delivery.next_at = now + pause
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.held_until = now + min(pause, LONGEST_HOLD)
        if delivery.attempts >= MOST_ATTEMPTS:
            delivery.state, delivery.done_at = DeliveryState.GIVEN_UP.value, now
    delivery.save()


def _disable(endpoint: Endpoint, because: str, now: datetime) -> None:
    endpoint.disabled_at, endpoint.disabled_because = now, because
    endpoint.save(update_fields=["disabled_at", "disabled_because"])
    record(
        verb="governance.webhook_disabled",
        subject_kind="webhook",
        subject_id=endpoint.pk,
        actor=automation("webhooks", endpoint.workspace_id),
        now=now,
        facts={"because": because},
    )
