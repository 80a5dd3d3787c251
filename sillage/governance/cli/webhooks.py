"""Commands of webhooks: who is told of what, and the sender."""

from __future__ import annotations

import threading

import click
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.adapters.webhooks import WebhookSender
from sillage.governance import actions, queries
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.webhooks import PING, DeliveryState
from sillage.governance.models import Endpoint


@click.group()
def webhooks() -> None:
    """Programs outside that are told of ledger entries."""


def _standing(endpoint: Endpoint) -> str:
    if endpoint.disabled_at is not None:
        return "disabled" if endpoint.disabled_because else "paused"
    return "failing" if endpoint.failing_since is not None else "on"


@webhooks.command("list")
@operator
@json_option
def webhooks_list(actor: Actor, as_json: bool) -> None:
    """List webhooks; their secrets are never shown again."""
    columns = ("id", "label", "url", "events", "state", "waiting")
    rows = [
        (e.pk, e.label, e.url, ", ".join(e.events), _standing(e), e.waiting)  # type: ignore[attr-defined]
        for e in queries.list_endpoints(actor.workspace_id)
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["waiting"])


@webhooks.command("add")
@click.argument("url")
@click.option("--label", required=True, help="Which program listens.")
@click.option("--event", "events", multiple=True, required=True, help="A verb, a room as campaigns.*, or *.")
@operator
def webhooks_add(actor: Actor, url: str, label: str, events: tuple[str, ...]) -> None:
    """Add an address and print its secret once."""
    endpoint, secret = actions.add_webhook(url=url, label=label, events=events, actor=actor, now=timezone.now())
    say(f"Webhook {endpoint.pk} listens from now on. Its secret, shown this once:")
    click.echo(secret)


@webhooks.command("rotate")
@click.argument("webhook_id", type=int)
@operator
def webhooks_rotate(actor: Actor, webhook_id: int) -> None:
    """Print a new secret; the old one signs beside it for a day."""
    _, secret = actions.rotate_webhook(endpoint_id=webhook_id, actor=actor, now=timezone.now())
    click.echo(secret)


@webhooks.command("pause")
@click.argument("webhook_id", type=int)
@operator
def webhooks_pause(actor: Actor, webhook_id: int) -> None:
    """Send nothing more to an address."""
    actions.pause_webhook(endpoint_id=webhook_id, actor=actor, now=timezone.now())
    click.echo(f"Webhook {webhook_id} is paused.")


@webhooks.command("resume")
@click.argument("webhook_id", type=int)
@operator
def webhooks_resume(actor: Actor, webhook_id: int) -> None:
    """Send to an address again."""
    actions.resume_webhook(endpoint_id=webhook_id, actor=actor, now=timezone.now())
    click.echo(f"Webhook {webhook_id} is on.")


@webhooks.command("remove")
@click.argument("webhook_id", type=int)
@operator
def webhooks_remove(actor: Actor, webhook_id: int) -> None:
    """Forget an address with its secret and its deliveries."""
    actions.remove_webhook(endpoint_id=webhook_id, actor=actor, now=timezone.now())
    click.echo(f"Webhook {webhook_id} is removed.")


@webhooks.command("ping")
@click.argument("webhook_id", type=int)
@operator
def webhooks_ping(actor: Actor, webhook_id: int) -> None:
    """Queue a test."""
    delivery = actions.ping_webhook(endpoint_id=webhook_id, actor=actor, now=timezone.now())
    click.echo(f"Test {delivery.pk} waits for `sillage webhooks deliver`.")


@webhooks.command("log")
@click.argument("webhook_id", type=int)
@click.option("--state", type=click.Choice([s.value for s in DeliveryState]))
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000))
@operator
@json_option
def webhooks_log(actor: Actor, webhook_id: int, state: str | None, limit: int, as_json: bool) -> None:
    """What an address was sent and is to be sent, the newest first."""
    columns = ("id", "no.", "event", "state", "attempts", "status", "ms", "said")
    rows = [
        (
            d.pk,
            d.entry.number if d.entry else None,
            d.entry.verb if d.entry else PING,
            d.state,
            d.attempts,
            d.status,
            d.took_ms,
            d.failure or d.answer,
        )
        for d in queries.list_deliveries(actor.workspace_id, webhook_id, state=state or "", limit=limit).items
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["id", "no.", "attempts", "status", "ms"])


@webhooks.command("replay")
@click.argument("webhook_id", type=int)
@click.option("--first", required=True, type=click.IntRange(1, 2**53), help="Number of the first entry.")
@click.option("--last", required=True, type=click.IntRange(1, 2**53), help="Number of the last entry.")
@operator
def webhooks_replay(actor: Actor, webhook_id: int, first: int, last: int) -> None:
    """Send entries of the ledger again, or for the first time."""
    done = actions.replay_webhook(endpoint_id=webhook_id, first=first, last=last, actor=actor, now=timezone.now())
    click.echo(f"{done} entries wait to be sent.")


@webhooks.command("redeliver")
@click.argument("delivery_id", type=int)
@operator
def webhooks_redeliver(actor: Actor, delivery_id: int) -> None:
    """Send one delivery again, under the same id."""
    actions.redeliver(delivery_id=delivery_id, actor=actor, now=timezone.now())
    click.echo(f"Delivery {delivery_id} waits to be sent.")


@webhooks.command("deliver")
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds between looks."
)
def webhooks_deliver(once: bool, every: float) -> None:
    """Send what is due, for all workspaces; several may run at the same time. Ends with Ctrl-C."""
    sender = WebhookSender(allow_loopback=settings.SILLAGE.webhook_loopback)
    pause = threading.Event()
    try:
        while True:
            done = actions.deliver_round(send=sender.send, clock=timezone.now)
            if any(done.values()):
                say(f"{done['delivered']} delivered, {done['failed']} failed.")
            elif once:
                return
            else:
                close_old_connections()
                pause.wait(every)
    finally:
        sender.close()
