"""A creator's page, the picture of their themes, and what can be done about them: exclude, forget."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget as forget_creator
from sillage.catalogue.models import Account
from sillage.desk.engine.theme_chart import NONE, OTHERS, ThemesOverTime, theme_chart, themes_over_time
from sillage.desk.pictures import WIDTHS, ground_of, svg_of
from sillage.desk.queries.portrait import Portrait, get_portrait, list_posts_seen
from sillage.desk.templatetags.design import NETWORK_NAMES
from sillage.desk.words import REMOVED, named, theme_name
from sillage.discovery import actions as discovery
from sillage.discovery import queries as found_before
from sillage.discovery.queries.showing import places_of
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding import queries as understanding
from sillage.understanding.queries.account_sections import (
    authenticity_section,
    expected_section,
    originality_section,
)
from sillage.understanding.queries.collaborations import brands_section, disclosure_section

GROUNDS = ("light", "dark")  # both pictures: the styles show one, the other is never loaded


class PictureUnknown(Malformed):
    """The picture is not drawn in this width or on this ground."""


@require_GET
@page(Right.READ)
def creator(request: Visit, creator_id: int) -> HttpResponse:
    given = request.GET.get("account", "")
    account_id = int(given) if given.isdigit() and len(given) < 20 else None
    portrait = get_portrait(request.workspace.pk, creator_id, account_id)
    posts, following = list_posts_seen(portrait.account, portrait.profile, request.GET.get("cursor") or None)
    here = f"?account={portrait.account.pk}"
    context = {
        "portrait": portrait,
        "creator": portrait.creator,
        "account": portrait.account,
        "card": getattr(portrait.account, "card", None),
        "profile": portrait.profile,
        "tabs": _tabs(portrait),
        "over_time": _table(portrait),
        "grounds": GROUNDS,
        "posts": posts,
        "next_url": f"{here}&cursor={following}#posts" if following else "",
        "first_url": f"{here}#posts" if request.GET.get("cursor") else "",
        "places": places_of(portrait.account),
        "lists": found_before.list_exclusion_lists(request.workspace.pk),
        "lookalikes_url": _lookalikes_url(request, portrait),
        "may_correct": Right.BRIEF in request.actor.rights,
        **_understood(portrait.account),
    }
    return render(request, "desk/creator.html", context)


def _understood(account: Account) -> dict[str, Any]:
    """The sections that understanding makes of an account."""
    return {
        "brands": brands_section(account),
        "disclosure": disclosure_section(account),
        "authenticity": authenticity_section(account),
        "expected": expected_section(account),
        "originality": originality_section(account),
    }


def _tabs(portrait: Portrait) -> list[dict[str, Any]]:
    networks = [a.network for a in portrait.accounts]

    def label(account: Account) -> str:
        name = NETWORK_NAMES.get(account.network, account.network)
        return name if networks.count(account.network) == 1 else f"{name} @{account.handle}"

    return [
        {
            "label": label(a),
            "href": f"?account={a.pk}",
            "is_current": a.pk == portrait.account.pk,
            "count": None,
        }
        for a in portrait.accounts
    ]


def _lookalikes_url(request: Visit, portrait: Portrait) -> str:
    try:
        return reverse("discovery:lookalikes", args=[request.workspace.slug, portrait.account.pk])
    except NoReverseMatch:
        return ""


@require_GET
@page(Right.READ)
def account(request: Visit, account_id: int) -> HttpResponse:
    """The page of the creator whose account it is."""
    found = catalogue.get_account(request.workspace.pk, str(account_id))
    address = reverse("desk:creator", args=[request.workspace.slug, found.creator_id])
    return redirect(f"{address}?account={found.pk}")


# -- themes over time ------------------------------------------------------------------------------------------------


def _series_names(shown: ThemesOverTime) -> dict[str, str]:
    names = {theme: theme_name(theme) for theme in shown.themes}
    return names | {OTHERS: _("Other themes"), NONE: _("No theme found")}


def _month_name(month: str) -> str:
    day = date.fromisoformat(f"{month}-01")
    return date_format(day, pgettext("month of a chart, in Django's date format", "M y"))


def _table(portrait: Portrait) -> dict[str, Any] | None:
    """The picture's numbers as a table, for those who do not see it."""
    shown = themes_over_time(portrait.profile.themes_by_month) if portrait.profile else None
    if shown is None or not shown.series:
        return None
    names = _series_names(shown)
    return {
        "series": [names[s] for s in shown.series],
        "rows": [(_month_name(m.month), [m.posts.get(s, 0) for s in shown.series]) for m in shown.months],
    }


@require_GET
@page(Right.READ)
def themes_picture(request: Visit, account_id: int) -> HttpResponse:
    """SVG of `width` (one of WIDTHS) pixels, on `ground` light or dark, in the reader's language."""
    width, side = request.GET.get("width", str(WIDTHS[-1])), request.GET.get("ground", "light")
    if width not in {str(w) for w in WIDTHS} or side not in GROUNDS:
        raise PictureUnknown(
            Sentence("There is no picture of width %(width)s on %(side)s ground.", width=width, side=side),
            Sentence("Widths are %(widths)s; grounds are light and dark.", widths=", ".join(str(w) for w in WIDTHS)),
        )
    found = catalogue.get_account(request.workspace.pk, str(account_id))
    profile = understanding.find_profile(found.pk)
    shown = themes_over_time(profile.themes_by_month if profile else {})
    chart = theme_chart(
        shown,
        width=int(width),
        ground=ground_of("dark" if side == "dark" else "light"),
        names=_series_names(shown),
        month_name=_month_name,
        posts_word=_("posts"),
    )
    response = HttpResponse(svg_of(chart), content_type="image/svg+xml; charset=utf-8")
    patch_cache_control(response, private=True, max_age=3600)
    return response


# -- what can be done ------------------------------------------------------------------------------------------------


@require_POST
@page(Right.BRIEF)
def exclude(request: Visit, account_id: int) -> HttpResponse:
    """Put the account on an exclusion list."""
    found = catalogue.get_account(request.workspace.pk, str(account_id))
    listed = discovery.exclude(
        name=request.POST.get("name", ""), account_ids=[found.pk], actor=request.actor, now=timezone.now()
    )
    messages.success(
        request,
        _("%(handle)s is on the exclusion list “%(name)s”: no shortlist shows it.")
        % {"handle": found.handle, "name": listed.name},
    )
    return _to_creator(request, found.creator_id, found.pk)


def _to_creator(request: HttpRequest, creator_id: int, account_id: int) -> HttpResponse:
    visit_slug = request.workspace.slug  # type: ignore[attr-defined]
    return redirect(f"{reverse('desk:creator', args=[visit_slug, creator_id])}?account={account_id}")


@require_http_methods(["GET", "POST"])
@page(Right.ERASE)
def forget(request: Visit, creator_id: int) -> HttpResponse:
    """Say what an erasure would remove; on POST, do it."""
    found = catalogue.get_creator_by_id(request.workspace.pk, creator_id)
    if request.method == "POST":
        gone = forget_creator(key=found.key, actor=request.actor, now=timezone.now())
        removed = ", ".join(f"{n} {named(REMOVED, kind)}" for kind, n in gone.removed.items())
        messages.success(request, _("Erased: %(removed)s. No import brings them back.") % {"removed": removed})
        return redirect("desk:creators", request.workspace.slug)
    held = [(named(REMOVED, kind), n) for kind, n in catalogue.count_of_creator(found).items()]
    return render(
        request, "desk/forget.html", {"creator": found, "held": held, "accounts": catalogue.list_accounts_of(found)}
    )
