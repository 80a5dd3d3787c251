"""Pages of governance: the ledger, receipts, members and tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import RIGHT_WORDS, ROLE_WORDS, SCOPES, ActorKind, Right, Role
from sillage.lib.errors import Malformed
from sillage.lib.receipts import Input, inputs_from_json, metric_of
from sillage.lib.sentences import Listed, Sentence

LEDGER_FILTERS = ("verb", "actor_kind", "subject_kind", "subject_id")
TOKEN_DAYS = (30, 90, 365)
VALUES_SHOWN = 12


class ChoiceUnknown(Malformed):
    """A form came with a value that it does not offer."""


# -- the ledger ------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def ledger(request: Visit) -> HttpResponse:
    return render(request, "governance/ledger.html", _ledger_page(request))


def _ledger_page(request: Visit) -> dict[str, Any]:
    given = {name: request.GET.get(name, "").strip() for name in LEDGER_FILTERS}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value}
    cursor = request.GET.get("cursor") or None
    found = queries.list_entries(request.workspace.pk, cursor=cursor, **chosen)
    following = urlencode({**chosen, "cursor": found.next_cursor}) if found.next_cursor else ""
    return {
        "entries": found.items,
        "chosen": chosen,
        "verbs": queries.list_verbs(request.workspace.pk),
        "actor_kinds": [kind.value for kind in ActorKind],
        "next_url": f"?{following}" if following else "",
        "first_url": f"?{urlencode(chosen)}" if cursor else "",
    }


@require_POST
@page(Right.READ)
def verify_ledger(request: Visit) -> HttpResponse:
    """Recompute the whole chain and say whether it holds; a fragment for htmx, the page with it otherwise."""
    proof = queries.verify_ledger(request.workspace.pk, seal=request.POST.get("seal", ""))
    if request.headers.get("HX-Request"):
        return render(request, "governance/ledger_proof.html", {"proof": proof})
    return render(request, "governance/ledger.html", {**_ledger_page(request), "proof": proof})


# -- receipts --------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def receipt(request: Visit, key: str) -> HttpResponse:
    """What proves a number; with ?verify=1 it is recomputed and its sources are read again."""
    found = queries.get_receipt(request.workspace.pk, key)
    metric = metric_of(found.metric, found.version)
    context = {
        "receipt": found,
        "metric": metric,
        "inputs": [_shown_input(name, given) for name, given in inputs_from_json(found.inputs).items()],
        "proof": queries.verify_receipt(request.workspace.pk, key) if request.GET.get("verify") else None,
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "governance/receipt_paper.html" if is_fragment else "governance/receipt.html", context)


def _shown_input(name: str, given: Input) -> dict[str, Any]:
    values = given.value if isinstance(given.value, list) else [given.value]
    return {
        "name": name,
        "values": values[:VALUES_SHOWN],
        "left": max(0, len(values) - VALUES_SHOWN),
        "refs": given.refs,
        "source_class": given.source_class,
    }


# -- members ---------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def members(request: Visit) -> HttpResponse:
    return render(
        request,
        "governance/members.html",
        {"members": queries.list_members(request.workspace.pk), "roles": [role.value for role in Role]},
    )


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError as error:
        raise ChoiceUnknown(
            Sentence("“%(given)s” is not a role.", given=given),
            Sentence("Roles are %(role)s.", role=Listed(ROLE_WORDS.values())),
        ) from error


@require_POST
@page(Right.ADMIN)
def add_member(request: Visit) -> HttpResponse:
    member = actions.add_member(
        email=request.POST.get("email", "").strip(),
        name=request.POST.get("name", "").strip(),
        role=_role(request.POST.get("role", "")),
        password=request.POST.get("password") or None,
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("%(person)s is a member now.") % {"person": member.person})
    return redirect("governance:members", request.workspace.slug)


@require_POST
@page(Right.ADMIN)
def change_role(request: Visit, member_id: int) -> HttpResponse:
    role = _role(request.POST.get("role", ""))
    actions.change_role(member_id=member_id, role=role, actor=request.actor, now=timezone.now())
    messages.success(request, _("The role is changed."))
    return redirect("governance:members", request.workspace.slug)


@require_POST
@page(Right.ADMIN)
def remove_member(request: Visit, member_id: int) -> HttpResponse:
    actions.remove_member(member_id=member_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The membership is ended."))
    if member_id == request.actor.member_id:
        return redirect("/")
    return redirect("governance:members", request.workspace.slug)


# -- tokens ----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def tokens(request: Visit) -> HttpResponse:
    return render(request, "governance/tokens.html", _tokens_page(request))


def _tokens_page(request: Visit) -> dict[str, Any]:
    rights = [right.value for right in Right if right in request.actor.rights]
    return {"tokens": queries.list_tokens(request.actor), "scopes": rights, "days": TOKEN_DAYS, "now": timezone.now()}


@require_POST
@never_cache
@page(Right.READ)
def issue_token(request: Visit) -> HttpResponse:
    """Make a token and show its secret, this once: it is in this answer and nowhere else."""
    now = timezone.now()
    days = request.POST.get("days", "")
    if days and days not in {str(d) for d in TOKEN_DAYS}:
        raise ChoiceUnknown(
            Sentence("“%(days)s” is not a number of days to choose from.", days=days),
            Sentence("Choose one of the list."),
        )
    _token, secret = actions.issue_token(
        name=request.POST.get("name", "").strip()[:100],
        scopes=frozenset(_right(given) for given in request.POST.getlist("scopes")),
        expires_at=now + timedelta(days=int(days)) if days else None,
        actor=request.actor,
        now=now,
    )
    return render(request, "governance/tokens.html", {**_tokens_page(request), "secret": secret})


def _right(given: str) -> Right:
    try:
        return Right(given)
    except ValueError as error:
        raise ChoiceUnknown(
            Sentence("“%(given)s” is not a right.", given=given),
            Sentence("Rights are %(scopes)s.", scopes=Listed(RIGHT_WORDS[right] for right in SCOPES)),
        ) from error


@require_POST
@page(Right.READ)
def revoke_token(request: Visit, token_id: int) -> HttpResponse:
    actions.revoke_token(token_id=token_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The token is revoked: programs that use it are refused from now on."))
    return redirect("governance:tokens", request.workspace.slug)
