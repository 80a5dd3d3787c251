"""A brief's shortlist: as it was computed, as other weights would rank it, and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from sillage.catalogue import queries as catalogue
from sillage.discovery import actions, queries
from sillage.discovery.engine.highlights import pieces
from sillage.discovery.export import CONTENT_TYPES, FORMATS, exported
from sillage.discovery.exposure_shapes import exposure_of, exposure_shown
from sillage.discovery.models import Brief, Decision, Shortlist
from sillage.discovery.queries import showing
from sillage.discovery.queries.wanted import wanted_by
from sillage.discovery.table_shapes import Table, query, tabled
from sillage.discovery.told import Told, told
from sillage.discovery.view_shapes import (
    Line,
    decision_words,
    lines_kept,
    lines_reranked,
    points_of,
    post_keys,
    reasons_shown,
    sum_written,
    told_now,
)
from sillage.discovery.views.learning import panel
from sillage.discovery.views.weighing import sliders_of, told_weights, weights_of
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence

LIMITS = (10, 20, 50, 100)
VIEWS = ("cards", "table")
VIEW_COOKIE = "sillage_shortlist"  # which of them this browser showed last
YEAR = 365 * 24 * 3600
REFUSED: Mapping[str, type[Refusal]] = {
    kind.__name__: kind for kind in (actions.BriefHasNoThemes, actions.NobodyPasses)
}


class FormatUnknown(NotFound):
    """Shortlists are not written in that format."""


# -- pages -----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def brief(request: Visit, brief_id: int) -> HttpResponse:
    """A brief with its newest shortlist, or what to do to get one."""
    found = queries.get_brief(request.workspace.pk, brief_id)
    return shown(request, found, queries.find_shortlist(found))


@require_GET
@page(Right.READ)
def shortlist(request: Visit, shortlist_id: int) -> HttpResponse:
    """One shortlist of a brief. Weights in the address rank its pool anew; htmx gets the list alone.

    `?view=table` shows it as a table, in the order of `sort`, and so do other shortlists in this browser from then on.
    """
    found = queries.get_shortlist(request.workspace.pk, shortlist_id)
    return shown(request, found.brief, found)


def shown(
    request: Visit, brief: Brief, shortlist: Shortlist | None, refusal: Told | None = None, said: str = ""
) -> HttpResponse:
    """A brief's page with this shortlist; for htmx the list alone. `said` is what has just been done."""
    refusal = refusal or _refused_before(request.GET, brief)
    is_fragment = bool(request.headers.get("HX-Request")) and shortlist is not None
    listed: dict[str, Any] = {}
    if shortlist is not None:
        try:
            listed = _listed(request, brief, shortlist)
        except Malformed as error:
            refusal = told_weights(error)
            listed = _listed(request, brief, shortlist, as_kept=True)
    context = {
        "brief": brief,
        "shortlist": shortlist,
        "refusal": refusal,
        "said": said,
        "ticked": set() if said else _ticked(request),
        "may_decide": _may(request),
        "words": decision_words(),
        "decide_query": "counted=1",
        **listed,
    }
    status = refusal.status if refusal else 200
    if is_fragment:
        answer = render(request, "discovery/parts/ranked.html", {**context, "is_fragment": True}, status=status)
    else:
        context |= _beside(request, brief, shortlist)
        answer = render(request, "discovery/brief.html", context, status=status)
    return _remembered(request, answer)


def _view(request: Visit) -> str:
    """What the address says, or else what this browser showed last."""
    said = request.GET.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return said if said in VIEWS else VIEWS[0]


def _remembered(request: Visit, answer: HttpResponse) -> HttpResponse:
    view = _view(request)
    if request.GET.get("view") == view != request.COOKIES.get(VIEW_COOKIE, VIEWS[0]):
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(VIEW_COOKIE, view, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


def _may(request: Visit) -> bool:
    return Right.BRIEF in request.actor.rights


def _refused_before(query: QueryDict, brief: Brief) -> Told | None:
    """A refusal that led back here: only known ones are told."""
    match REFUSED.get(query.get("refused", "")):
        case actions.BriefHasNoThemes:
            return told(actions.BriefHasNoThemes(brief))
        case actions.NobodyPasses:
            return told(actions.NobodyPasses(""))
    return None


# -- the list --------------------------------------------------------------------------------------------------------


def _listed(request: Visit, brief: Brief, shortlist: Shortlist, *, as_kept: bool = False) -> dict[str, Any]:
    """The lines, as kept or under the weights of the address, with who is shown by them."""
    weights, diversity = shortlist.weights, shortlist.diversity
    if not as_kept:
        weights, diversity = weights_of(request.GET, shortlist)
    is_trial = (weights, diversity) != (shortlist.weights, shortlist.diversity)
    trial = {**weights, "diversity": diversity} if is_trial else {}
    is_table = _view(request) == "table"
    decisions = queries.decisions_of(brief)
    lines = (
        _reranked(shortlist, weights, diversity, decisions, with_quotes=not is_table)
        if is_trial
        else lines_kept(queries.list_candidates(shortlist), decisions, with_quotes=not is_table)
    )
    address = reverse("discovery:shortlist", args=[request.workspace.slug, shortlist.pk])
    table = tabled(lines, request.GET.get("sort", ""), address, trial) if is_table else None
    exposure = exposure_of(lines, shortlist.exposure) if is_trial else shortlist.exposure
    return {
        "lines": lines,
        "on_theme": sum(not line.is_off_theme for line in lines),
        "full": max((sum(r.value for r in line.reasons if r.value > 0) for line in lines), default=0) or None,
        "is_trial": is_trial,
        "weights": weights,
        "diversity": diversity,
        "sliders": sliders_of(weights),
        "exposure": exposure_shown(exposure, len(lines)),
        "trial_query": urlencode(trial),
        "table": table,
        "views": _views(address, trial, table),
        "state_query": urlencode(query(trial, table.order) if table else trial),
        "decided": _decided(decisions),
    }


def _views(address: str, trial: Mapping[str, Any], table: Table | None) -> list[dict[str, Any]]:
    """Where the list is shown as cards and where as a table, both under the weights of the address."""
    as_cards = f"{address}?{urlencode({**trial, 'view': 'cards'})}"
    as_table = f"{address}?{urlencode(query(trial, table.order if table else 'place'))}"
    return [
        {
            "label": pgettext("a shortlist as", "Cards"),
            "icon": "list-checks",
            "href": as_cards,
            "is_current": table is None,
        },
        {
            "label": pgettext("a shortlist as", "Table"),
            "icon": "columns-3",
            "href": as_table,
            "is_current": table is not None,
        },
    ]


def _ticked(request: Visit) -> set[int]:
    """Accounts whose boxes stay ticked when the list is fetched anew, or when what was asked is refused."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("a")
    return {int(key) for key in given if key.isdecimal() and len(key) <= 19}


def _reranked(
    shortlist: Shortlist,
    weights: Mapping[str, float],
    diversity: float,
    decisions: Mapping[int, Decision],
    *,
    with_quotes: bool,
) -> list[Line]:
    ranks = showing.kept_ranks(shortlist)
    places = max(len(ranks), 1)
    pinned = {account for account, decision in decisions.items() if decision.kind == "pinned"}
    ranked = queries.reranked(shortlist, weights, diversity, max(places, shortlist.pool) if pinned else places)
    kept = [r for r in ranked if r.rank <= places or r.account_id in pinned]
    candidates = showing.candidates_of(shortlist, [r.account_id for r in kept])
    return lines_reranked(kept, candidates, ranks, decisions, with_quotes=with_quotes)


def _decided(decisions: Mapping[int, Decision]) -> dict[str, int]:
    kinds = [decision.kind for decision in decisions.values()]
    return {kind: kinds.count(kind) for kind in ("pinned", "dismissed")}


# -- what stands beside it -------------------------------------------------------------------------------------------


def _beside(request: Visit, brief: Brief, shortlist: Shortlist | None) -> dict[str, Any]:
    """What the whole page has and the fragment leaves as it is."""
    newest = showing.list_shortlists(brief)
    is_newest = shortlist is not None and bool(newest) and newest[0].pk == shortlist.pk
    return {
        "pieces": pieces(brief.reading),
        "brand_names": {b.key: b.name for b in catalogue.list_brands(brief.workspace_id)} if brief.brands else {},
        "shortlists": newest,
        "is_newest": is_newest,
        "weights_changed": shortlist is not None
        and is_newest
        and (brief.weights != shortlist.weights or brief.diversity != shortlist.diversity),
        "brief_changed": shortlist is not None and is_newest and brief.changed_at > shortlist.computed_at,
        "limits": LIMITS,
        "limit": shortlist.limit if shortlist else 20,
        "formats": FORMATS,
        "dismissed": _dismissed(brief),
        "weights_address": reverse("discovery:weigh", args=[request.workspace.slug, brief.pk]),
        "taught": panel(request, brief, shortlist) if shortlist is not None and is_newest else None,
    }


def _dismissed(brief: Brief) -> list[tuple[Any, Decision]]:
    """Accounts that a person dismissed, last first."""
    decisions = {a: d for a, d in queries.decisions_of(brief).items() if d.kind == "dismissed"}
    accounts = catalogue.list_accounts(brief.workspace_id, decisions)
    found = [(accounts[a], d) for a, d in decisions.items() if a in accounts]
    return sorted(found, key=lambda pair: pair[1].decided_at, reverse=True)


# -- one line unfolded -----------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def candidate(request: Visit, shortlist_id: int, account_id: int) -> HttpResponse:
    """Every reason of one account with its posts: inside its line for htmx, else as a page."""
    found = queries.get_shortlist(request.workspace.pk, shortlist_id)
    weights, diversity = weights_of(request.GET, found)
    measured = showing.get_candidate(found, account_id)
    account = measured.account
    kept: Sequence[Mapping[str, Any]] = measured.reasons
    if not kept:
        kept = told_now(wanted_by(found.brief), [account], [measured.parts], weights)[0]
    posts = catalogue.list_posts_by_id(post_keys(account.pk, kept))
    reasons = reasons_shown(points_of(measured.parts, weights), measured.parts, kept, posts, account)
    is_kept = (weights, diversity) == (found.weights, found.diversity)
    context = {
        "brief": found.brief,
        "shortlist": found,
        "line": Line(
            account,
            measured.rank if is_kept else None,
            sum_written(reasons),
            reasons,
            measured.receipt_key if is_kept else "",
            queries.decisions_of(found.brief, [account.pk]).get(account.pk),
        ),
        "may_decide": _may(request),
        "words": decision_words(),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    part = "why_dialog" if request.headers.get("HX-Target") == "dialog-body" else "why"
    return render(request, f"discovery/parts/{part}.html" if is_fragment else "discovery/candidate.html", context)


# -- changing --------------------------------------------------------------------------------------------------------


@require_POST
@page(Right.BRIEF)
def compute(request: Visit, brief_id: int) -> HttpResponse:
    """Rank again, with the weights that the brief keeps."""
    found = queries.get_brief(request.workspace.pk, brief_id)
    return _computed(request, found)


def _computed(request: Visit, brief: Brief) -> HttpResponse:
    limit = request.POST.get("limit", "")
    try:
        actions.shortlist(
            brief_id=brief.pk,
            limit=int(limit) if limit.isdecimal() and len(limit) < 5 else LIMITS[1],
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return shown(request, brief, queries.find_shortlist(brief), told(refusal))
    return redirect("discovery:brief", request.workspace.slug, brief.pk)


@require_POST
@page(Right.BRIEF)
def weigh(request: Visit, brief_id: int) -> HttpResponse:
    """Where the sliders stand: `then` is try (show it), keep, or compute (keep and rank again)."""
    found = queries.get_brief(request.workspace.pk, brief_id)
    newest = queries.find_shortlist(found)
    if newest is None:
        return redirect("discovery:brief", request.workspace.slug, found.pk)
    try:
        weights, diversity = weights_of(request.POST, newest)
    except Malformed as error:
        return shown(request, found, newest, told_weights(error))
    address = reverse("discovery:shortlist", args=[request.workspace.slug, newest.pk])
    kept = {name: request.POST[name] for name in ("view", "sort") if request.POST.get(name)}
    tried = f"{address}?{urlencode({**weights, 'diversity': diversity, **kept})}"
    if request.POST.get("then") == "try":
        return redirect(tried)
    actions.weigh(brief_id=found.pk, weights=weights, diversity=diversity, actor=request.actor, now=timezone.now())
    if request.POST.get("then") == "compute":
        return _computed(request, queries.get_brief(request.workspace.pk, brief_id))
    messages.success(request, _("The brief keeps these weights. Compute again for a list with receipts."))
    return redirect(tried)


@require_GET
@page(Right.READ)
def export(request: Visit, shortlist_id: int, fmt: str) -> HttpResponse:
    """The whole shortlist as a file."""
    found = queries.get_shortlist(request.workspace.pk, shortlist_id)
    if fmt not in FORMATS:
        raise FormatUnknown(
            Sentence("Shortlists are not written as “%(fmt)s”.", fmt=fmt),
            Sentence("Formats are %(formats)s.", formats=", ".join(FORMATS)),
        )
    answer = HttpResponse(exported(found, fmt), content_type=CONTENT_TYPES[fmt])
    name = f"{slugify(found.brief.title)[:60] or 'shortlist'}-{found.computed_at:%Y-%m-%d}.{fmt}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
