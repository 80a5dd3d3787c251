"""Webhooks: who is told of what, with which secret; a test, and sending again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from sillage.adapters.public_addresses import is_loopback, is_public
from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sealing import seal
from sillage.governance.engine.webhooks import OVERLAP, PATTERN, DeliveryState
from sillage.governance.models import Delivery, Endpoint
from sillage.governance.queries import SECRET_PURPOSE, entries_for, get_endpoint, sealing_key
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence

SECRET_PREFIX = "whsec_"  # noqa: S105  # what a secret begins with, so that leaked ones are recognised
MOST_ENDPOINTS = 20
MOST_REPLAYED = 10_000
PUBLIC_HINT = Sentence("Give an address of the public internet that begins with https://.")


class EndpointMalformed(Malformed):
    """The address, the events or the label of a webhook cannot be used."""


class TooManyEndpoints(Refusal):
    """The workspace has as many webhooks as it may."""


@transaction.atomic
def add_webhook(*, url: str, label: str, events: Sequence[str], actor: Actor, now: datetime) -> tuple[Endpoint, str]:
    """Have entries sent to an address from now on. The secret is returned once; it is kept sealed."""
    require(actor, Right.ADMIN)
    given = {"url": _url(url), "label": _label(label), "events": _events(events)}
    if Endpoint.objects.filter(workspace_id=actor.workspace_id).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(
            Sentence("There are %(most_endpoints)s webhooks already.", most_endpoints=MOST_ENDPOINTS),
            Sentence("Remove one that nobody needs."),
        )
    secret, sealed = _new_secret(actor.workspace_id)
    endpoint = Endpoint.objects.create(
        workspace_id=actor.workspace_id, secret=sealed, made_by_id=actor.member_id, made_at=now, **given
    )
    record(
        verb="governance.webhook_added",
        subject_kind="webhook",
        subject_id=endpoint.pk,
        actor=actor,
        now=now,
        facts={"host": urlsplit(endpoint.url).netloc, "events": endpoint.events},
    )
    return endpoint, secret


@transaction.atomic
def change_webhook(
    *,
    endpoint_id: int,
    actor: Actor,
    now: datetime,
    url: str | None = None,
    label: str | None = None,
    events: Sequence[str] | None = None,
) -> Endpoint:
    """Another address, label or choice of events. What waits already goes to the new address."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    endpoint.url = endpoint.url if url is None else _url(url)
    endpoint.label = endpoint.label if label is None else _label(label)
    endpoint.events = endpoint.events if events is None else _events(events)
    endpoint.held_until = None
    endpoint.save(update_fields=["url", "label", "events", "held_until"])
    record(
        verb="governance.webhook_changed",
        subject_kind="webhook",
        subject_id=endpoint.pk,
        actor=actor,
        now=now,
        facts={"host": urlsplit(endpoint.url).netloc, "events": endpoint.events},
    )
    return endpoint


@transaction.atomic
def rotate_webhook(*, endpoint_id: int, actor: Actor, now: datetime) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret. The old one signs beside it for a day, so that nothing is missed meanwhile."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    secret, sealed = _new_secret(actor.workspace_id)
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, now + OVERLAP
    endpoint.secret = sealed
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(verb="governance.webhook_rotated", subject_kind="webhook", subject_id=endpoint.pk, actor=actor, now=now)
    return endpoint, secret


@transaction.atomic
def pause_webhook(*, endpoint_id: int, actor: Actor, now: datetime) -> Endpoint:
    """Send nothing more. Entries from now on are not kept for it; `replay_webhook` brings them later."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    endpoint.disabled_at = endpoint.disabled_at or now
    endpoint.save(update_fields=["disabled_at"])
    record(verb="governance.webhook_paused", subject_kind="webhook", subject_id=endpoint.pk, actor=actor, now=now)
    return endpoint


@transaction.atomic
def resume_webhook(*, endpoint_id: int, actor: Actor, now: datetime) -> Endpoint:
    """Send again, what still waits first."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    endpoint.disabled_at, endpoint.disabled_because = None, ""
    endpoint.failing_since, endpoint.held_until = None, None
    endpoint.save(update_fields=["disabled_at", "disabled_because", "failing_since", "held_until"])
    record(verb="governance.webhook_resumed", subject_kind="webhook", subject_id=endpoint.pk, actor=actor, now=now)
    return endpoint


@transaction.atomic
def remove_webhook(*, endpoint_id: int, actor: Actor, now: datetime) -> None:
    """Forget an endpoint with its secret and its deliveries."""
    require(actor, Right.ADMIN)
    get_endpoint(actor.workspace_id, endpoint_id, lock=True).delete()
    record(verb="governance.webhook_removed", subject_kind="webhook", subject_id=endpoint_id, actor=actor, now=now)


@transaction.atomic
def ping_webhook(*, endpoint_id: int, actor: Actor, now: datetime) -> Delivery:
    """Put a test before everything else that waits."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    if endpoint.disabled_at is not None:
        raise EndpointPaused(Sentence("“%(endpoint)s” is paused.", endpoint=endpoint), Sentence("Resume it first."))
    endpoint.held_until = None
    endpoint.save(update_fields=["held_until"])
    delivery = Delivery.objects.create(endpoint=endpoint, next_at=now, made_at=now)
    record(verb="governance.webhook_pinged", subject_kind="webhook", subject_id=endpoint.pk, actor=actor, now=now)
    return delivery


class EndpointPaused(Refusal):
    """Nothing is sent to an endpoint that is paused."""


class RangeMalformed(Malformed):
    """Entries to send again are named by their first and last number."""


@transaction.atomic
def replay_webhook(*, endpoint_id: int, first: int, last: int, actor: Actor, now: datetime) -> int:
    """Send the entries with these numbers that it listens to again, or for the first time. Returns how many."""
    require(actor, Right.ADMIN)
    endpoint = get_endpoint(actor.workspace_id, endpoint_id, lock=True)
    if not (0 < first <= last and last - first < MOST_REPLAYED):
        raise RangeMalformed(
            Sentence("%(first)s to %(last)s is no range of entries.", first=first, last=last),
            Sentence(
                "Give numbers of the ledger, up to %(most_replayed)s at once.", most_replayed=Grouped(MOST_REPLAYED)
            ),
        )
    entries = list(entries_for(endpoint, first, last).order_by("number").values_list("pk", flat=True))
    _wait_again(endpoint, now, entry_id__in=entries)
    known = set(endpoint.deliveries.filter(entry_id__in=entries).values_list("entry_id", flat=True))
    Delivery.objects.bulk_create(
        [Delivery(endpoint=endpoint, entry_id=e, next_at=now, made_at=now) for e in entries if e not in known]
    )
    record(
        verb="governance.webhook_replayed",
        subject_kind="webhook",
        subject_id=endpoint.pk,
        actor=actor,
        now=now,
        facts={"first": first, "last": last, "deliveries": len(entries)},
    )
    return len(entries)


@transaction.atomic
def redeliver(*, delivery_id: int, actor: Actor, now: datetime) -> Delivery:
    """Send one delivery again, under the same id."""
    require(actor, Right.ADMIN)
    found = Delivery.objects.filter(pk=delivery_id, endpoint__workspace_id=actor.workspace_id).first()
    if found is None:
        raise NotFound(
            Sentence("No delivery %(delivery_id)s in this workspace.", delivery_id=delivery_id),
            Sentence("See the deliveries on the webhook's page, or with `sillage webhooks log`."),
        )
    _wait_again(get_endpoint(actor.workspace_id, found.endpoint_id, lock=True), now, pk=delivery_id)
    record(
        verb="governance.webhook_redelivered",
        subject_kind="webhook",
        subject_id=found.endpoint_id,
        actor=actor,
        now=now,
        facts={"delivery": found.pk},
    )
    found.refresh_from_db()
    return found


def _wait_again(endpoint: Endpoint, now: datetime, **which: object) -> None:
    endpoint.deliveries.filter(**which).update(state=DeliveryState.WAITING.value, attempts=0, next_at=now, done_at=None)
    endpoint.held_until = None
    endpoint.save(update_fields=["held_until"])


# -- what is given ---------------------------------------------------------------------------------------------------


def _new_secret(workspace_id: int) -> tuple[str, bytes]:
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    return secret, seal(sealing_key(workspace_id, SECRET_PURPOSE), secret.encode())


def _label(given: str) -> str:
    label = " ".join(given.split())
    if not label or len(label) > 100:
        raise EndpointMalformed(
            Sentence("A webhook needs a name of up to 100 characters."), Sentence("Say which program listens.")
        )
    return label


def _events(given: Sequence[str]) -> list[str]:
    events = sorted({event.strip() for event in given if event.strip()})
    wrong = next((event for event in events if not PATTERN.fullmatch(event) or len(event) > 80), None)
    if wrong is not None:
        raise EndpointMalformed(
            Sentence("“%(wrong)s” is no verb of the ledger.", wrong=wrong),
            Sentence("Give a verb, a room as campaigns.*, or *."),
        )
    if not events or len(events) > 50:
        raise EndpointMalformed(
            Sentence("A webhook listens to 1 to 50 kinds of entries."), Sentence("Give * for everything.")
        )
    return events


def _url(given: str) -> str:
    """An address on the public internet over TLS; what its name leads to is checked again before each sending."""
    url = given.strip()
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise EndpointMalformed(Sentence("The address cannot be read."), PUBLIC_HINT) from error
    if not host or len(url) > 500 or not url.isprintable() or " " in url or "@" in parts.netloc:
        raise EndpointMalformed(
            Sentence("The address cannot be used."),
            Sentence("%(public_hint)s Without user and password.", public_hint=PUBLIC_HINT),
        )
    if _is_loopback(host) and settings.SILLAGE.webhook_loopback and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https":
        raise EndpointMalformed(Sentence("%(host)s would be told without TLS.", host=host), PUBLIC_HINT)
    if _is_loopback(host) or not _may_be_public(host):
        raise EndpointMalformed(Sentence("%(host)s is an address of a private network.", host=host), PUBLIC_HINT)
    return url


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and is_loopback(host))


def _may_be_public(host: str) -> bool:
    return not _is_address(host) or is_public(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
