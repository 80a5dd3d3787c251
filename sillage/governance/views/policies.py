"""Pages of policies: what machines may do, the switch that stops all of it, and the sample that people look at."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.policy_limits import Limits
from sillage.governance.templatetags.approvals import field_named
from sillage.governance.views.approvals import FieldMalformed, decimal_of
from sillage.lib.sentences import Sentence

POLICY_DAYS = (7, 30, 90, 365)


@require_GET
@page(Right.READ)
def policies(request: Visit) -> HttpResponse:
    now = timezone.now()
    context = {
        "stopped": queries.policies_stopped(request.workspace.pk),
        "policies": queries.list_policies(request.workspace.pk, now),
        "uses": queries.list_uses(request.workspace.pk, limit=20).items,
        "to_review": queries.count_to_review(request.workspace.pk),
        "acts": actions.policy_verbs(),
        "days": POLICY_DAYS,
    }
    return render(request, "governance/policies.html", context)


@require_POST
@page(Right.APPROVE)
def allow(request: Visit) -> HttpResponse:
    given, now = request.POST, timezone.now()
    amount = decimal_of(given.get("amount_per_day", ""))
    limits = Limits(
        scope=scope_of(given.get("scope", "")),
        threshold=decimal_of(given.get("threshold", "")),
        per_day=_whole(given.get("per_day", "")),
        amount_per_day=amount,
        currency="" if amount is None else given.get("currency", "").strip().upper(),
        expires_at=now + timedelta(days=_whole(given.get("days", ""))),
    )
    actions.allow_policy(
        verb=given.get("act", ""),
        limits=limits,
        sample_percent=_whole(given.get("sample_percent", "")),
        reason=given.get("reason", ""),
        actor=request.actor,
        now=now,
    )
    messages.success(request, _("The policy is live."))
    return redirect("governance:policies", request.workspace.slug)


def _whole(written: str) -> int:
    if not written.strip().isdecimal() or len(written) > 9:
        raise FieldMalformed(
            Sentence("“%(written)s” is not a whole number.", written=written), Sentence("Write digits only.")
        )
    return int(written)


def scope_of(written: str) -> dict[str, list[str]]:
    """A line per field, its values separated by commas: `kind: spam, scam`. A field may be called as the page calls it."""
    scope: dict[str, list[str]] = {}
    for line in written.splitlines():
        if not line.strip():
            continue
        field, separator, values = line.partition(":")
        if not separator:
            raise FieldMalformed(
                Sentence("“%(line)s” is not a field with its values.", line=line.strip()),
                Sentence("Write it as kind: spam, scam."),
            )
        scope[field_named(field.strip())] = [value.strip() for value in values.split(",") if value.strip()]
    return scope


@require_POST
@page(Right.CAMPAIGN)
def stop(request: Visit) -> HttpResponse:
    actions.stop_policies(reason=request.POST.get("reason", ""), actor=request.actor, now=timezone.now())
    messages.success(request, _("Every policy is stopped: machines do nothing by themselves."))
    return redirect("governance:policies", request.workspace.slug)


@require_POST
@page(Right.APPROVE)
def resume(request: Visit) -> HttpResponse:
    actions.resume_policies(reason=request.POST.get("reason", ""), actor=request.actor, now=timezone.now())
    messages.success(request, _("The policies go on, within their limits."))
    return redirect("governance:policies", request.workspace.slug)


@require_POST
@page(Right.APPROVE)
def end(request: Visit, policy_id: int) -> HttpResponse:
    actions.end_policy(policy_id=policy_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The policy is ended."))
    return redirect("governance:policies", request.workspace.slug)


@require_GET
@page(Right.READ)
def review(request: Visit) -> HttpResponse:
    """The sampled uses that nobody has looked at yet."""
    return render(request, "governance/policy_review.html", {"uses": queries.list_to_review(request.workspace.pk)})


@require_POST
@page(Right.CAMPAIGN)
def judge(request: Visit, use_id: int) -> HttpResponse:
    is_right = request.POST.get("verdict") == "right"
    note = request.POST.get("note", "")
    actions.judge_use(use_id=use_id, is_right=is_right, note=note, actor=request.actor, now=timezone.now())
    messages.success(request, _("Your verdict is kept."))
    return redirect("governance:policy_review", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def undo(request: Visit, use_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.undo_use(use_id=use_id, reason=reason, actor=request.actor, now=timezone.now())
    messages.success(request, _("It is undone."))
    return redirect("governance:policies", request.workspace.slug)
