"""Creators like these, exclusion lists and saved searches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.discovery import actions, queries
from sillage.discovery.actions.lists import NameMissing
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.discovery.models import Decision, Shortlist
from sillage.discovery.queries import showing
from sillage.discovery.queries.wanted import wanted_like
from sillage.discovery.told import Told, told
from sillage.discovery.view_shapes import decision_words, lines_told, told_now
from sillage.discovery.views.briefs import tabs
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.sensitive import SortsPeople
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Listed, Sentence
from sillage.lib.text import folded

LOOKALIKES = 12
MOST_MODELS = 50
NAMED = 6  # of the accounts that a name may mean


# -- look-alikes -----------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def lookalikes(request: Visit, account_id: int | None = None) -> HttpResponse:
    """Accounts that talk about what these talk about: `?a=` once per account, or all of `?shortlist=`."""
    shortlist, models = _models(request, account_id)
    if not models:
        return render(request, "discovery/lookalikes.html", {"models": [], "lines": []})
    weights = shortlist.brief.weights if shortlist else DEFAULT_WEIGHTS
    keys = [str(a.pk) for a in models]
    seen = tuple(_seen(shortlist)) if shortlist else ()
    others = CardFilters(without_accounts=seen)
    ranked = queries.lookalikes(request.workspace.pk, keys, others, weights, LOOKALIKES, timezone.now())
    accounts = queries.accounts_of(request.workspace.pk, ranked)
    wanted = wanted_like(request.workspace.pk, models)
    kept = told_now(wanted, [accounts[r.account_id] for r in ranked], [r.parts for r in ranked], weights)
    decisions: Mapping[int, Decision] = queries.decisions_of(shortlist.brief) if shortlist else {}
    lines = lines_told(ranked, accounts, kept, decisions)
    context = {
        "models": models,
        "of_pinned": any(decisions[a.pk].kind == "pinned" for a in models if a.pk in decisions),
        "shortlist": shortlist,
        "brief": shortlist.brief if shortlist else None,
        "lines": lines,
        "full": max((sum(r.value for r in line.reasons if r.value > 0) for line in lines), default=0) or None,
        "themes": wanted.themes,
        "may_decide": shortlist is not None and Right.BRIEF in request.actor.rights,
        "words": decision_words(),
    }
    return render(request, "discovery/lookalikes.html", context)


def _models(request: Visit, account_id: int | None) -> tuple[Shortlist | None, list[Account]]:
    """Whom to resemble: those pinned in a shortlist, else its places that nobody dismissed; or those of the address."""
    of_list = request.GET.get("shortlist", "")
    if of_list.isdecimal() and len(of_list) <= 19:
        shortlist = queries.get_shortlist(request.workspace.pk, int(of_list))
        decisions = queries.decisions_of(shortlist.brief)
        listed = [c.account for c in queries.list_candidates(shortlist)]
        pinned = [a for a in listed if a.pk in decisions and decisions[a.pk].kind == "pinned"]
        return shortlist, (pinned or [a for a in listed if a.pk not in decisions])[:MOST_MODELS]
    keys = [str(account_id)] if account_id is not None else request.GET.getlist("a")[:MOST_MODELS]
    return None, [catalogue.get_account(request.workspace.pk, key) for key in dict.fromkeys(keys) if key]


def _seen(shortlist: Shortlist) -> set[int]:
    """Who stands in the list or was decided on: nobody looks for them again."""
    return {c.account_id for c in queries.list_candidates(shortlist)} | set(queries.decisions_of(shortlist.brief))


# -- exclusion lists -------------------------------------------------------------------------------------------------


@require_http_methods(["GET"])
@page(Right.READ)
def exclusions(request: Visit) -> HttpResponse:
    return _exclusions(request)


def _exclusions(request: Visit, refusal: Told | None = None, said: Mapping[str, str] | None = None) -> HttpResponse:
    lists = queries.list_exclusion_lists(request.workspace.pk)
    accounts = showing.accounts_on(request.workspace.pk, lists)
    context = {
        "lists": [(one, [accounts[a] for a in one.account_ids if a in accounts]) for one in lists],
        "tabs": tabs(request, "exclusions"),
        "may_change": Right.BRIEF in request.actor.rights,
        "refusal": refusal,
        "said": said or {},
    }
    return render(request, "discovery/exclusions.html", context, status=refusal.status if refusal else 200)


@require_POST
@page(Right.BRIEF)
def exclude(request: Visit) -> HttpResponse:
    """Add accounts, named one per line, to a list; the list is made if need be. A name may be only begun."""
    keys = [line.strip() for line in request.POST.get("accounts", "").splitlines() if line.strip()]
    said = {"name": request.POST.get("name", ""), "accounts": request.POST.get("accounts", "")}
    try:
        found = [_meant(request, key) for key in keys[:200]]
        listed = actions.exclude(
            name=said["name"], account_ids=[a.pk for a in found], actor=request.actor, now=timezone.now()
        )
    except (NotFound, NameMissing) as refusal:
        return _exclusions(request, told(refusal), said)
    if found:  # a name that was only begun is written out, so that whoever typed it sees who was meant
        put = _("On the list “%(list)s” now: %(names)s.")
        messages.success(request, put % {"list": listed.name, "names": ", ".join(map(_named, found))})
    return redirect("discovery:exclusions", request.workspace.slug)


class AccountUnclear(NotFound):
    """No account, or several, are called that."""

    status = 422


def _meant(request: Visit, key: str) -> Account:
    """The one account that is called so, whole or begun, as the creators list and “why not?” find it.

    Those lists also find words of posts, which a person then looks at; here such a word means nobody.
    """
    found = showing.find_accounts(request.workspace.pk, key, beginnings=True)
    if key.isdecimal() or ":" in key:
        chosen = found
    else:
        said = folded(key.removeprefix("@"))
        begun = re.compile(rf"(?<![^\W_]){re.escape(said)}")
        exact = [a for a in found if said in (folded(a.handle), folded(a.name))]
        chosen = exact or [a for a in found if begun.search(folded(f"{a.name} @{a.handle}"))]
    if len(chosen) == 1:
        return chosen[0]
    hint = Sentence("Write the network and the handle, such as instagram:maud.au.naturel.")
    if not chosen:
        raise AccountUnclear(Sentence("No account is called “%(key)s”.", key=key), hint)
    names = Listed([*map(_named, chosen[:NAMED]), *(["…"] if len(chosen) > NAMED else [])])
    raise AccountUnclear(Sentence("“%(key)s” may be any of these: %(names)s.", key=key, names=names), hint)


def _named(account: Account) -> str:
    return f"{account.name or account.handle} ({account.network}:{account.handle})"


@require_POST
@page(Right.BRIEF)
def include(request: Visit) -> HttpResponse:
    """Take one account off a list."""
    account = request.POST.get("account", "")
    actions.include_again(
        name=request.POST.get("name", ""),
        account_ids=[int(account)] if account.isdecimal() and len(account) <= 19 else [],
        actor=request.actor,
        now=timezone.now(),
    )
    return redirect("discovery:exclusions", request.workspace.slug)


@require_POST
@page(Right.BRIEF)
def switch_list(request: Visit) -> HttpResponse:
    """Switch a list on or off; the accounts on it stay on it."""
    name = request.POST.get("name", "")
    if name not in {one.name for one in queries.list_exclusion_lists(request.workspace.pk)}:
        raise NotFound(Sentence("No exclusion list “%(name)s”.", name=name), Sentence("See the lists on their page."))
    actions.exclude(
        name=name,
        account_ids=[],
        is_on=request.POST.get("is_on") == "true",
        actor=request.actor,
        now=timezone.now(),
    )
    return redirect("discovery:exclusions", request.workspace.slug)


@require_POST
@page(Right.BRIEF)
def drop_list(request: Visit) -> HttpResponse:
    """Remove a list; its accounts can be shown again."""
    name = request.POST.get("name", "")
    actions.drop_list(name=name, actor=request.actor, now=timezone.now())
    messages.success(
        request, _("The list “%(name)s” is gone: shortlists may show its accounts again.") % {"name": name}
    )
    return redirect("discovery:exclusions", request.workspace.slug)


# -- saved searches --------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def searches(request: Visit) -> HttpResponse:
    return _searches(request)


def _searches(request: Visit, refusal: Told | None = None, said: Mapping[str, str] | None = None) -> HttpResponse:
    creators_url = reverse("desk:creators", args=[request.workspace.slug])
    found = [
        (search, f"{creators_url}?{urlencode(_address(search.filters, search.words), doseq=True)}")
        for search in queries.list_searches(request.workspace.pk)
    ]
    context = {
        "searches": found,
        "creators_url": creators_url,
        "tabs": tabs(request, "searches"),
        "may_change": Right.BRIEF in request.actor.rights,
        "refusal": refusal,
        "said": said or {},
    }
    return render(request, "discovery/searches.html", context, status=refusal.status if refusal else 200)


def _address(filters: Mapping[str, Any], words: str) -> dict[str, Any]:
    plain = {name: "true" if value is True else value for name, value in filters.items()}
    return {**({"words": words} if words else {}), **plain}


@require_POST
@page(Right.BRIEF)
def save_search(request: Visit) -> HttpResponse:
    """Keep words under a name; filters are kept from the creators page."""
    said = {"name": request.POST.get("name", ""), "words": request.POST.get("words", "")}
    try:
        actions.save_search(name=said["name"], filters={}, words=said["words"], actor=request.actor, now=timezone.now())
    except NameMissing as refusal:
        return _searches(request, told(refusal), said)
    return redirect("discovery:searches", request.workspace.slug)


@require_POST
@page(Right.BRIEF)
def rename_search(request: Visit) -> HttpResponse:
    """Give a search another name."""
    name, to = request.POST.get("name", ""), request.POST.get("to", "")
    try:
        actions.rename_search(name=name, to=to, actor=request.actor, now=timezone.now())
    except (NameMissing, actions.NameTaken, SortsPeople) as refusal:
        said = told(refusal)
        messages.error(request, f"{said.text} {said.hint}", extra_tags="refusal")
    return redirect("discovery:searches", request.workspace.slug)


@require_POST
@page(Right.BRIEF)
def drop_search(request: Visit) -> HttpResponse:
    name = request.POST.get("name", "")
    actions.drop_search(name=name, actor=request.actor, now=timezone.now())
    messages.success(request, _("The search “%(name)s” is gone.") % {"name": name})
    return redirect("discovery:searches", request.workspace.slug)
