"""Pages of approvals: what awaits me, one request, the rules, the keys."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right, Role
from sillage.governance.engine.acts import Standing, Verdict
from sillage.governance.queries.approval_inbox import Awaited
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

JUDGES = (Role.MANAGER, Role.OWNER)


class FieldMalformed(Malformed):
    """A field of a form holds something else than it asks for."""


@require_GET
@page(Right.READ)
def inbox(request: Visit) -> HttpResponse:
    """What awaits my word, the oldest first."""
    found = [Awaited(one, Standing.WAITING) for one in queries.list_awaiting(request.actor, timezone.now())]
    return render(request, "governance/approvals.html", {"tab": "awaiting", "requests": found})


@require_GET
@page(Right.READ)
def asked(request: Visit) -> HttpResponse:
    """What I asked for."""
    return _list(request, "asked", request.actor.member_id)


@require_GET
@page(Right.READ)
def everything(request: Visit) -> HttpResponse:
    """All that was asked and decided."""
    return _list(request, "all", None)


def _list(request: Visit, tab: str, asked_by: int | None) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    found = queries.list_requests(request.workspace.pk, timezone.now(), asked_by=asked_by, cursor=cursor)
    context = {
        "tab": tab,
        "requests": found.items,
        "next_url": f"?cursor={found.next_cursor}" if found.next_cursor else "",
        "first_url": request.path if cursor else "",
    }
    return render(request, "governance/approvals.html", context)


@require_GET
@page(Right.READ)
def approval(request: Visit, request_id: int) -> HttpResponse:
    """Exactly what would be done, what changed since it was last approved, and everybody's word."""
    reading = queries.read_request(request_id, request.actor, timezone.now())
    words = list(reading.request.approvals.select_related("key").order_by("decided_at", "pk"))
    may_withdraw = reading.standing.is_open and (
        reading.request.asked_by_id == request.actor.member_id or Right.ADMIN in request.actor.rights
    )
    context = {"reading": reading, "asked": reading.request, "words": words, "may_withdraw": may_withdraw}
    return render(request, "governance/approval.html", context)


@require_POST
@page(Right.APPROVE)
def decide(request: Visit, request_id: int) -> HttpResponse:
    now = timezone.now()
    verdict = Verdict.APPROVED if request.POST.get("verdict") == Verdict.APPROVED else Verdict.REFUSED
    decided = actions.decide_approval(
        request_id=request_id, verdict=verdict, reason=request.POST.get("reason", ""), actor=request.actor, now=now
    )
    match queries.standing(decided, now):
        case Standing.APPROVED:
            messages.success(request, _("Approved: it may be done, once, exactly as written."))
        case Standing.REFUSED:
            messages.success(request, _("Refused: whoever asked sees your reason."))
        case _:
            messages.success(request, _("Your word is kept; it waits for somebody else’s."))
    return redirect("governance:approvals", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def withdraw(request: Visit, request_id: int) -> HttpResponse:
    actions.withdraw_approval(request_id=request_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The request is withdrawn."))
    return redirect("governance:approval", request.workspace.slug, request_id)


@require_GET
@page(Right.READ)
def file(request: Visit, request_id: int) -> HttpResponse:
    """The signed file, to keep or to hand over."""
    content = queries.approval_file(request.workspace.pk, request_id, timezone.now())
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="approval-{request_id}.json"'
    return answer


# -- rules -----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def rules(request: Visit) -> HttpResponse:
    members = {member.pk: member for member in queries.list_approvers(request.workspace.pk)}
    found = [
        {"rule": row, "members": [members[key].person if key in members else f"#{key}" for key in row.members]}
        for row in queries.list_approval_rules(request.workspace.pk)
    ]
    context = {"rules": found, "approvers": list(members.values()), "roles": [role.value for role in JUDGES]}
    return render(request, "governance/approval_rules.html", context)


@require_POST
@page(Right.ADMIN)
def add_rule(request: Visit) -> HttpResponse:
    given = request.POST
    actions.add_approval_rule(
        verb=given.get("act", "").strip(),
        roles=[role for role in JUDGES if role.value in given.getlist("roles")],
        members=[int(key) for key in given.getlist("members") if key.isdigit()],
        up_to=decimal_of(given.get("up_to", "")),
        two_from=decimal_of(given.get("two_from", "")),
        always_two=given.get("always_two") == "on",
        currency=given.get("currency", "").strip().upper(),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("The rule holds for what is asked from now on."))
    return redirect("governance:approval_rules", request.workspace.slug)


def decimal_of(written: str) -> Decimal | None:
    """A number as people type it, with a point or a comma; nothing is None."""
    plain = "".join(written.split()).replace(",", ".")
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise FieldMalformed(
            Sentence("“%(written)s” is not a number.", written=written), Sentence("Write it as 1200 or 1200.50.")
        ) from error


@require_POST
@page(Right.ADMIN)
def remove_rule(request: Visit, rule_id: int) -> HttpResponse:
    actions.remove_approval_rule(rule_id=rule_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The rule is removed."))
    return redirect("governance:approval_rules", request.workspace.slug)


# -- keys ------------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def keys(request: Visit) -> HttpResponse:
    found: list[dict[str, Any]] = [
        {"name": row.name, "public": bytes(row.public).hex(), "made_at": row.made_at, "retired_at": row.retired_at}
        for row in queries.list_signing_keys(request.workspace.pk)
    ]
    return render(request, "governance/signing_keys.html", {"keys": found})


@require_POST
@page(Right.ADMIN)
def rotate_key(request: Visit) -> HttpResponse:
    actions.rotate_signing_key(actor=request.actor, now=timezone.now())
    messages.success(request, _("A new key signs from now on."))
    return redirect("governance:signing_keys", request.workspace.slug)
