"""The API of webhooks: who is told of what, what they were sent, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance import actions, queries
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.webhooks import PING, DeliveryState
from sillage.governance.models import Delivery, Endpoint
from sillage.governance.shapes import Given, Limit, Rows, rows

router = Router(tags=["governance"])

Number = Annotated[int, Field(ge=1, le=2**53 - 1)]
Event = Annotated[str, Field(min_length=1, max_length=80)]
Events = Annotated[list[Event], Field(min_length=1, max_length=50)]


class WebhookShape(Schema):
    """An address that is told of entries. `events` are verbs, a room as `campaigns.*`, or `*`."""

    id: int
    url: str
    label: str
    events: list[str]
    made_at: datetime
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None
    old_secret_until: datetime | None


class MadeWebhook(WebhookShape):
    secret: str


class WebhookGiven(Given):
    url: Annotated[str, Field(max_length=500)]
    label: Annotated[str, Field(max_length=100)]
    events: Events


class WebhookChanged(Given):
    url: Annotated[str, Field(max_length=500)] | None = None
    label: Annotated[str, Field(max_length=100)] | None = None
    events: Events | None = None


class DeliveryShape(Schema):
    """One entry for one webhook. `number` is the entry's, null for a test; `status` null is no answer."""

    id: int
    event: str
    number: int | None
    state: DeliveryState
    attempts: int
    made_at: datetime
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    answer: str
    failure: str
    took_ms: int | None


class RangeGiven(Given):
    first: Number
    last: Number


class Replayed(Schema):
    deliveries: int


def _shape(delivery: Delivery) -> dict[str, Any]:
    copied = ("id", "state", "attempts", "made_at", "tried_at", "status", "answer", "failure", "took_ms")
    entry = delivery.entry
    return {
        **{name: getattr(delivery, name) for name in copied},
        "event": entry.verb if entry else PING,
        "number": entry.number if entry else None,
        "next_at": delivery.next_at if delivery.state == DeliveryState.WAITING.value else None,
    }


def _with_secret(made: tuple[Endpoint, str]) -> dict[str, Any]:
    return {**WebhookShape.from_orm(made[0]).model_dump(), "secret": made[1]}


@router.get("/webhooks", **allowed(Right.ADMIN), response=Rows[WebhookShape])
def list_webhooks(request: Call) -> dict[str, Any]:
    """The workspace's webhooks. Secrets are never shown again."""
    return rows(queries.list_endpoints(request.auth.workspace_id))


@router.post("/webhooks", **allowed(Right.ADMIN, kept=Kept.NEVER), response={201: MadeWebhook})
def add_webhook(request: Call, given: WebhookGiven) -> dict[str, Any]:
    """Have ledger entries sent to an address from now on. The secret that signs them is in this answer and nowhere else."""
    return _with_secret(
        actions.add_webhook(
            url=given.url, label=given.label, events=given.events, actor=request.auth, now=timezone.now()
        )
    )


@router.patch("/webhooks/{int:webhook_id}", **allowed(Right.ADMIN), response=WebhookShape)
def change_webhook(request: Call, webhook_id: int, given: WebhookChanged) -> Endpoint:
    """Another address, label or choice of events; what is left out stays."""
    return actions.change_webhook(endpoint_id=webhook_id, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.delete("/webhooks/{int:webhook_id}", **allowed(Right.ADMIN), response={204: None})
def remove_webhook(request: Call, webhook_id: int) -> None:
    """Forget a webhook with its secret and its deliveries."""
    actions.remove_webhook(endpoint_id=webhook_id, actor=request.auth, now=timezone.now())


@router.post("/webhooks/{int:webhook_id}/rotate", **allowed(Right.ADMIN, kept=Kept.NEVER), response=MadeWebhook)
def rotate_webhook(request: Call, webhook_id: int) -> dict[str, Any]:
    """A new secret, in this answer and nowhere else. For a day the old one signs beside it."""
    return _with_secret(actions.rotate_webhook(endpoint_id=webhook_id, actor=request.auth, now=timezone.now()))


@router.post("/webhooks/{int:webhook_id}/pause", **allowed(Right.ADMIN), response=WebhookShape)
def pause_webhook(request: Call, webhook_id: int) -> Endpoint:
    """Send nothing more. Entries from now on are not kept for it; replay them later."""
    return actions.pause_webhook(endpoint_id=webhook_id, actor=request.auth, now=timezone.now())


@router.post("/webhooks/{int:webhook_id}/resume", **allowed(Right.ADMIN), response=WebhookShape)
def resume_webhook(request: Call, webhook_id: int) -> Endpoint:
    """Send again, what still waits first."""
    return actions.resume_webhook(endpoint_id=webhook_id, actor=request.auth, now=timezone.now())


@router.post("/webhooks/{int:webhook_id}/ping", **allowed(Right.ADMIN), response={201: DeliveryShape})
def ping_webhook(request: Call, webhook_id: int) -> dict[str, Any]:
    """Queue a test, before everything else that waits; the sender takes it with its next round."""
    return _shape(actions.ping_webhook(endpoint_id=webhook_id, actor=request.auth, now=timezone.now()))


@router.post("/webhooks/{int:webhook_id}/replay", **allowed(Right.ADMIN), response=Replayed)
def replay_webhook(request: Call, webhook_id: int, given: RangeGiven) -> dict[str, int]:
    """Send the entries with these numbers that it listens to again, or for the first time."""
    done = actions.replay_webhook(
        endpoint_id=webhook_id, first=given.first, last=given.last, actor=request.auth, now=timezone.now()
    )
    return {"deliveries": done}


@router.get("/webhooks/{int:webhook_id}/deliveries", **allowed(Right.ADMIN), response=Rows[DeliveryShape])
def list_deliveries(
    request: Call,
    webhook_id: int,
    state: DeliveryState | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """What a webhook was sent and is to be sent, the newest first."""
    page = queries.list_deliveries(request.auth.workspace_id, webhook_id, state=state or "", cursor=cursor, limit=limit)
    return rows(map(_shape, page.items), page.next_cursor)


@router.post("/deliveries/{int:delivery_id}/redeliver", **allowed(Right.ADMIN), response=DeliveryShape)
def redeliver(request: Call, delivery_id: int) -> dict[str, Any]:
    """Send one delivery again, under the same id."""
    return _shape(actions.redeliver(delivery_id=delivery_id, actor=request.auth, now=timezone.now()))
