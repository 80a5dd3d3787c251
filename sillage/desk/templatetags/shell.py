"""The frame's tags: where one can go, and where one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the side navigation. `key` is pressed after "g" to go there."""

    url_name: str
    label: str | Promise
    icon: str
    key: str
    has_below: bool = True  # pages whose address begins with its own belong to it
    is_daily: bool = True  # others, which set the workspace up or look after it, are folded away


PLACES: tuple[Place, ...] = (
    Place("desk:home", _("Home"), "house", "h", has_below=False),
    Place("desk:creators", _("Creators"), "users", "c"),
    Place("discovery:briefs", _("Briefs"), "file-text", "b"),
    Place("campaigns:campaigns", _("Campaigns"), "megaphone", "p"),
    Place("studio:studio", _("Studio"), "pencil", "s"),
    Place("campaigns:calendar_all", _("Calendar"), "calendar", "j"),
    Place("desk:compare", _("Compare"), "columns-3", "x"),
    Place("understanding:inbox", _("Comments"), "inbox", "i"),
    Place("understanding:topics", _("Topics"), "compass", "k"),
    Place("understanding:objected", _("Disclosure"), "badge-check", "d"),
    Place("governance:approvals", _("Approvals"), "check", "v"),
    Place("understanding:tags", _("Tags"), "list-checks", "a", is_daily=False),
    Place("catalogue:brands", _("Brands"), "quote", "n", is_daily=False),
    Place("understanding:models", _("Models"), "cpu", "e", is_daily=False),
    Place("catalogue:coverage", _("Coverage"), "map", "o", is_daily=False),
    Place("catalogue:imports", _("Imports"), "upload", "f", is_daily=False),
    Place("governance:policies", _("Policies"), "cog", "y", is_daily=False),
    Place("governance:ledger", _("Ledger"), "scroll-text", "l", is_daily=False),
    Place("desk:privacy", _("Privacy"), "shield", "u", is_daily=False),
    Place("governance:members", _("Members"), "user-round", "m", is_daily=False),
    Place("governance:tokens", _("Tokens"), "key-round", "t", is_daily=False),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place with its address, and whether the page is it or stands below it."""

    place: Place
    href: str
    is_current: bool


def links(path: str, slug: str, places: tuple[Place, ...] = PLACES) -> list[Link]:
    """The places that a workspace has pages for, seen from `path`."""
    found = []
    for place in places:
        try:
            href = reverse(place.url_name, args=[slug])
        except NoReverseMatch:
            continue
        found.append(Link(place, href, path == href or (place.has_below and path.startswith(href))))
    return found


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Link]:
    """`{% navigation as links %}`: the side navigation of this page; outside of a workspace there is none."""
    request, workspace = context.get("request"), context.get("workspace")
    slug = getattr(workspace, "slug", "")
    return links(request.path, slug) if request is not None and slug else []


@register.filter
def daily(links: Sequence[Link], is_daily: bool) -> list[Link]:
    """`{{ links|daily:True }}`: those shown at once; with False those folded away."""
    return [link for link in links if link.place.is_daily is is_daily]


@register.filter
def holds_current(links: Sequence[Link]) -> bool:
    """`{{ links|holds_current }}`: whether the page belongs to one of them."""
    return any(link.is_current for link in links)


@register.simple_tag(takes_context=True)
def awaiting_me(context: template.Context) -> int:
    """`{% awaiting_me as n %}`: how many requests for approval await the person who looks."""
    actor = context.get("actor")
    return governance.count_awaiting(actor, timezone.now()) if isinstance(actor, Actor) else 0
