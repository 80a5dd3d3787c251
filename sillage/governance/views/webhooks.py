"""Pages of webhooks: the addresses, and what each was sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.adapters.webhooks import WebhookSender
from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.webhooks import DeliveryState
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence


class NumberMalformed(Malformed):
    """Entries of the ledger have whole numbers from 1."""


@require_GET
@page(Right.ADMIN)
def webhooks(request: Visit) -> HttpResponse:
    return render(request, "governance/webhooks.html", _all(request))


def _all(request: Visit) -> dict[str, Any]:
    verbs = queries.list_verbs(request.workspace.pk)
    return {
        "endpoints": queries.list_endpoints(request.workspace.pk),
        "rooms": sorted({verb.partition(".")[0] for verb in verbs}),
        "verbs": verbs,
    }


@require_POST
@never_cache
@page(Right.ADMIN)
def add_webhook(request: Visit) -> HttpResponse:
    """Add an address and show its secret, this once: it is in this answer and nowhere else."""
    endpoint, secret = actions.add_webhook(
        url=request.POST.get("url", ""),
        label=request.POST.get("label", ""),
        events=request.POST.get("events", "").replace(",", " ").split(),
        actor=request.actor,
        now=timezone.now(),
    )
    return render(request, "governance/webhooks.html", {**_all(request), "secret": secret, "made": endpoint})


@require_GET
@page(Right.ADMIN)
def webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    return render(request, "governance/webhook.html", _one(request, endpoint_id))


def _one(request: Visit, endpoint_id: int) -> dict[str, Any]:
    given = request.GET.get("state", "")
    state = given if given in set(DeliveryState) else ""
    cursor = request.GET.get("cursor") or None
    found = queries.list_deliveries(request.workspace.pk, endpoint_id, state=state, cursor=cursor)
    following = urlencode({"state": state, "cursor": found.next_cursor}) if found.next_cursor else ""
    return {
        "endpoint": queries.get_endpoint(request.workspace.pk, endpoint_id),
        "deliveries": found.items,
        "states": [s.value for s in DeliveryState],
        "chosen": state,
        "next_url": f"?{following}" if following else "",
        "first_url": f"?{urlencode({'state': state})}" if cursor else "",
        "now": timezone.now(),
    }


@require_POST
@page(Right.ADMIN)
def change_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    actions.change_webhook(
        endpoint_id=endpoint_id,
        url=request.POST.get("url", ""),
        label=request.POST.get("label", ""),
        events=request.POST.get("events", "").replace(",", " ").split(),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("The webhook is changed."))
    return redirect("governance:webhook", request.workspace.slug, endpoint_id)


@require_POST
@never_cache
@page(Right.ADMIN)
def rotate_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    """Make a new secret and show it, this once."""
    _endpoint, secret = actions.rotate_webhook(endpoint_id=endpoint_id, actor=request.actor, now=timezone.now())
    return render(request, "governance/webhook.html", {**_one(request, endpoint_id), "secret": secret})


@require_POST
@page(Right.ADMIN)
def pause_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    actions.pause_webhook(endpoint_id=endpoint_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The webhook is paused: nothing is sent to it."))
    return redirect("governance:webhook", request.workspace.slug, endpoint_id)


@require_POST
@page(Right.ADMIN)
def resume_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    actions.resume_webhook(endpoint_id=endpoint_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The webhook is on again."))
    return redirect("governance:webhook", request.workspace.slug, endpoint_id)


@require_POST
@page(Right.ADMIN)
def remove_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    actions.remove_webhook(endpoint_id=endpoint_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The webhook is removed."))
    return redirect("governance:webhooks", request.workspace.slug)


@require_POST
@page(Right.ADMIN)
def ping_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    """Send a test now, and with it what else is due there."""
    delivery = actions.ping_webhook(endpoint_id=endpoint_id, actor=request.actor, now=timezone.now())
    sender = WebhookSender(allow_loopback=settings.SILLAGE.webhook_loopback)
    try:
        actions.deliver_round(send=sender.send, clock=timezone.now, endpoint_id=endpoint_id)
    finally:
        sender.close()
    delivery.refresh_from_db()
    if delivery.state == DeliveryState.DELIVERED.value:
        messages.success(request, _("The test was taken (%(status)s).") % {"status": delivery.status})
    elif delivery.attempts:
        said = delivery.failure or _("the answer was %(status)s") % {"status": delivery.status}
        messages.warning(request, _("The test failed: %(said)s") % {"said": said})
    else:
        messages.info(request, _("The test waits: a sender is at work for this webhook."))
    return redirect("governance:webhook", request.workspace.slug, endpoint_id)


@require_POST
@page(Right.ADMIN)
def replay_webhook(request: Visit, endpoint_id: int) -> HttpResponse:
    first, last = (_number(request.POST.get(name, "")) for name in ("first", "last"))
    done = actions.replay_webhook(
        endpoint_id=endpoint_id, first=first, last=last, actor=request.actor, now=timezone.now()
    )
    messages.success(request, _("Entries that wait to be sent: %(n)s.") % {"n": done})
    return redirect("governance:webhook", request.workspace.slug, endpoint_id)


def _number(given: str) -> int:
    if not (given.isascii() and given.isdecimal() and len(given) <= 15):
        raise NumberMalformed(
            Sentence("“%(given)s” is no number of an entry.", given=given[:20]),
            Sentence("The ledger’s page shows them."),
        )
    return int(given)


@require_POST
@page(Right.ADMIN)
def redeliver(request: Visit, delivery_id: int) -> HttpResponse:
    delivery = actions.redeliver(delivery_id=delivery_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The delivery waits to be sent again."))
    return redirect("governance:webhook", request.workspace.slug, delivery.endpoint_id)
