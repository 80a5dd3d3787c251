"""Where a shop's signed messages come in: one order or refund each."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sillage.campaigns.actions.conversions import receive_conversion
from sillage.campaigns.engine.conversions import SignatureWrong, refuse_unsigned
from sillage.campaigns.queries.sales import feed_secrets, find_workspace
from sillage.governance.engine.actors import Actor, ActorKind, Right
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.sentences import Sentence

LARGEST = 16 * 1024  # bytes of a message


class MessageMalformed(Malformed):
    """A message that is no JSON object of texts and numbers."""


@csrf_exempt
@require_POST
def conversions_hook(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /api/v1/<workspace>/conversions/hook with `Sillage-Signature: t=<seconds>,v1=<hex>` (docs: count-sales).

    An unknown workspace, one without a secret and a wrong signature are answered alike.
    """
    now = timezone.now()
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise MessageMalformed(
            Sentence("The message has more than %(largest)s bytes.", largest=LARGEST),
            Sentence("Send one order a message."),
        )
    body = request.body
    workspace_id, secrets = _secrets(slug)
    refuse_unsigned(request.headers.get("Sillage-Signature", ""), body, secrets, now)
    shop = Actor(ActorKind.AUTOMATION, "shop", workspace_id, frozenset({Right.CAMPAIGN}))
    done = receive_conversion(given=_fields(body), actor=shop, now=now)
    return JsonResponse({"new": bool(done.new), "credited_by": next(iter(done.by), None)})


def _secrets(slug: str) -> tuple[int, list[bytes]]:
    try:
        workspace = find_workspace(slug)
    except NotFound as error:
        raise SignatureWrong(
            Sentence("The signature does not fit this body and this workspace's secret."),
            Sentence('HMAC-SHA256 over "<t>.<body>", the body byte for byte as it is sent.'),
        ) from error
    return workspace.pk, feed_secrets(workspace.pk)


def _fields(body: bytes) -> dict[str, str]:
    hint = Sentence("Send an object with order_id, ordered_at, amount, currency and code or link.")
    try:
        given: Any = json.loads(body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise MessageMalformed(Sentence("The message is not JSON."), hint) from error
    if not isinstance(given, dict):
        raise MessageMalformed(Sentence("The message is not a JSON object."), hint)
    wrong = next((name for name, value in given.items() if value is not None and not isinstance(value, str)), None)
    if wrong is not None:
        raise MessageMalformed(
            Sentence("“%(wrong)s” is neither a text nor a number.", wrong=wrong[:60]), hint, wrong[:60]
        )
    return {name: value for name, value in given.items() if value is not None}
