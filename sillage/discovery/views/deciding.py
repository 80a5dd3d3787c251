"""What a person decides on the page: pins and dismissals, and the answer to “why not X?”."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.discovery import actions, queries
from sillage.discovery.models import Brief, Decision, Shortlist
from sillage.discovery.queries import WhyNot, showing
from sillage.discovery.queries.wanted import wanted_by
from sillage.discovery.told import told
from sillage.discovery.view_shapes import Line, decision_words, lines_told, told_now
from sillage.discovery.views.shortlists import shown
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right

CHOSEN = "chosen"  # what the page hears after a decision: the panel of suggested weights asks for itself again


@require_POST
@page(Right.BRIEF)
def decide(request: Visit, brief_id: int, account_id: int) -> HttpResponse:
    """Pin, dismiss with a reason, or take back. htmx gets the buttons of that line as they are now.

    A decision taken where creators are compared (`?shortlist=` and `a`) leads back there; one taken in a list
    (`?counted=1`) is counted above it.
    """
    brief = queries.get_brief(request.workspace.pk, brief_id)
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    try:
        _decided(request, brief, account)
    except actions.ReasonMissing as refusal:
        return _answered(request, brief, account, refusal)
    return _answered(request, brief, account)


def _decided(request: Visit, brief: Brief, account: Account) -> Decision:
    reason = request.POST.get("quick") or request.POST.get("reason", "")
    key, now = str(account.pk), timezone.now()
    match request.POST.get("kind", ""):
        case "pinned":
            return actions.pin(brief_id=brief.pk, account=key, reason=reason, actor=request.actor, now=now)
        case "dismissed":
            return actions.dismiss(brief_id=brief.pk, account=key, reason=reason, actor=request.actor, now=now)
        case "withdrawn":
            return actions.withdraw(brief_id=brief.pk, account=key, actor=request.actor, now=now)
    raise actions.DecisionUnknown


def _answered(
    request: Visit, brief: Brief, account: Account, refusal: actions.ReasonMissing | None = None
) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        if refusal is not None:
            messages.error(request, f"{told(refusal).text} {told(refusal).hint}", extra_tags="refusal")
        if "shortlist" in request.GET:
            return redirect(f"{reverse('desk:compare', args=[request.workspace.slug])}?{request.GET.urlencode()}")
        address = reverse("discovery:brief", args=[request.workspace.slug, brief.pk])
        return redirect(f"{address}#candidate-{account.pk}")
    decisions = queries.decisions_of(brief)
    kinds = [decision.kind for decision in decisions.values()]
    context = {
        "brief": brief,
        "account": account,
        "decision": decisions.get(account.pk),
        "refusal": told(refusal) if refusal else None,
        "decided": {kind: kinds.count(kind) for kind in ("pinned", "dismissed")} if "counted" in request.GET else None,
        "may_decide": True,
        "words": decision_words(),
        "is_fragment": True,
        "decide_query": request.GET.urlencode(),
    }
    answer = render(request, "discovery/parts/decision.html", context, status=422 if refusal else 200)
    if refusal is None:
        answer["HX-Trigger"] = CHOSEN
    return answer


# -- several at once --------------------------------------------------------------------------------------------------


@require_POST
@page(Right.BRIEF)
def decide_many(request: Visit, shortlist_id: int) -> HttpResponse:
    """Pin, dismiss or take back those ticked (`a`), with one reason, or put them side by side. The address says how the
    list is shown, and htmx gets it as it is now."""
    found = queries.get_shortlist(request.workspace.pk, shortlist_id)
    ticked = request.POST.getlist("a")
    if request.POST.get("kind") == "compare":
        return _side_by_side(request, found, ticked)
    quick = request.POST.get("quick", "")
    kind = "dismissed" if quick else request.POST.get("kind", "")
    try:
        made = actions.decide_many(
            brief_id=found.brief_id,
            accounts=ticked,
            kind=kind,
            reason=quick or request.POST.get("reason", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except (actions.NobodyNamed, actions.DecidedAlready, actions.ReasonMissing, actions.TooManyDecided) as refusal:
        return shown(request, found.brief, found, told(refusal))
    said = _said(kind, len(made))
    if request.headers.get("HX-Request"):
        answer = shown(request, found.brief, found, said=said)
        answer["HX-Trigger"] = CHOSEN
        return answer
    messages.success(request, said)
    address = reverse("discovery:shortlist", args=[request.workspace.slug, found.pk])
    return redirect(f"{address}?{request.GET.urlencode()}")


def _said(kind: str, n: int) -> str:
    match kind:
        case "pinned":
            said = ngettext("%(n)s creator is pinned.", "%(n)s creators are pinned.", n)
        case "dismissed":
            said = ngettext("%(n)s creator is dismissed.", "%(n)s creators are dismissed.", n)
        case _:
            said = ngettext(
                "Nothing is decided about %(n)s creator any more.",
                "Nothing is decided about %(n)s creators any more.",
                n,
            )
    return said % {"n": n}


def _side_by_side(request: Visit, shortlist: Shortlist, ticked: list[str]) -> HttpResponse:
    named = urlencode([*(("a", key) for key in ticked), ("shortlist", shortlist.pk)])
    address = f"{reverse('desk:compare', args=[request.workspace.slug])}?{named}"
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


# -- why not X? ------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def why_not(request: Visit, brief_id: int) -> HttpResponse:
    """`?account=` is a key, an id, or words: one account is measured, several are offered."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    said = request.GET.get("account", "").strip()[:300]
    found = showing.find_accounts(request.workspace.pk, said, beginnings=True)
    context: dict[str, Any] = {
        "brief": brief,
        "said": said,
        "found": found,
        "may_decide": Right.BRIEF in request.actor.rights,
        "words": decision_words(),
    }
    if len(found) == 1:
        context |= _explained(brief, found[0])
    is_fragment = bool(request.headers.get("HX-Request"))
    context["decide_query"] = "counted=1" if is_fragment else ""
    return render(request, "discovery/parts/why_not.html" if is_fragment else "discovery/why_not.html", context)


def _explained(brief: Brief, account: Account) -> dict[str, Any]:
    newest = queries.find_shortlist(brief)
    answer = queries.why_not(brief, str(account.pk), newest, timezone.now())
    ranks = showing.kept_ranks(newest) if newest else {}
    line = _line(brief, answer) if answer.line else None
    return {
        "answer": answer,
        "line": line,
        "listed": ranks.get(account.pk),
        "short_by": None if line is None or answer.last_score is None else answer.last_score - line.score,
        "weakest": _weakest(line) if line else [],
    }


def _line(brief: Brief, answer: WhyNot) -> Line:
    assert answer.line is not None
    kept = told_now(wanted_by(brief), [answer.account], [answer.line.parts], brief.weights)
    decisions = {answer.account.pk: answer.decision} if answer.decision else {}
    return lines_told([answer.line], {answer.account.pk: answer.account}, kept, decisions)[0]


def _weakest(line: Line) -> list[Any]:
    """The two reasons that fall furthest short of what they could give."""
    measured = [r for r in line.measured if not r.is_penalty and r.part is not None and r.part < 0.5]
    return sorted(measured, key=lambda r: r.part or 0.0)[:2]
