"""The calendar of a campaign and of the workspace: months, weeks, and the links that calendar programs read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.engine.calendar import (
    Dated,
    Mark,
    Range,
    month_after,
    month_before,
    month_range,
    week_range,
    weeks_of,
)
from sillage.campaigns.engine.calendar_feed import FeedEntry, calendar_feed
from sillage.campaigns.models import Campaign
from sillage.campaigns.queries.calendar import Scope, list_dates
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.views.calendar_words import KINDS, TONES, named, summary
from sillage.governance import actions as governance
from sillage.governance import queries as governed
from sillage.governance.access import Guest, Visit, guest_page, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.links import Purpose

ROOM = 3  # marks in a cell of a month
LINK_DAYS = 365
FED_BEFORE, FED_AFTER = timedelta(days=90), timedelta(days=400)
PLACES = {
    "campaign": "campaigns:campaign",
    "collaboration": "campaigns:collaboration",
    "deliverable": "campaigns:deliverable",
    "approval": "governance:approval",
    "request": "governance:data_request",
}
EARLIEST, LATEST = 1990, 2200


@require_GET
@page(Right.READ)
def calendar(request: Visit, campaign_id: int) -> HttpResponse:
    """`?month=2026-06`, or `?week=2026-06-15`."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    context = {**_shown(request, campaign), "campaign": campaign, "tab": "calendar"}
    return render(request, "campaigns/calendar.html", context)


@require_GET
@page(Right.READ)
def calendar_all(request: Visit) -> HttpResponse:
    """The same for the whole workspace."""
    return render(request, "campaigns/calendar_all.html", _shown(request, None))


def _shown(request: Visit, campaign: Campaign | None) -> dict[str, Any]:
    today = timezone.localdate()
    monday_first = int(formats.get_format("FIRST_DAY_OF_WEEK")) == 1
    first_weekday = 0 if monday_first else 6
    week = _day(request.GET.get("week", ""))
    if week:
        shown, month, room = week_range(week, first_weekday), None, None
        before, after = week - timedelta(days=7), week + timedelta(days=7)
    else:
        first = _day(f"{request.GET.get('month', '')}-01") or today.replace(day=1)
        shown, month, room = month_range(first.year, first.month, first_weekday), first, ROOM
        before, after = month_before(first), month_after(first)
    scope = Scope(request.workspace.pk, shown, campaign.pk if campaign else None)
    weeks = weeks_of(shown, list_dates(scope), month=month.month if month else None, room=room)
    address = _address(request, campaign)
    return {
        "weeks": [[(day, [_mark(request, m, campaign) for m in day.marks]) for day in row] for row in weeks],
        "is_empty": not any(day.marks for row in weeks for day in row),
        "is_week": month is None,
        "month": month,
        "shown": shown,
        "today": today,
        "before_url": f"{address}?{_asked(before, is_week=month is None)}",
        "after_url": f"{address}?{_asked(after, is_week=month is None)}",
        "today_url": f"{address}?{_asked(today, is_week=month is None)}",
        "month_url": f"{address}?{_asked(week or today, is_week=False)}",
        "week_url": f"{address}?{_asked(_week_to_show(month, today), is_week=True)}",
        "address": address,
        **_links(request, campaign),
    }


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None


def _week_to_show(month: date | None, today: date) -> date:
    """Today's week when its month is shown, otherwise the month's first."""
    return today if month is None or (month.year, month.month) == (today.year, today.month) else month


def _asked(day: date, *, is_week: bool) -> str:
    return urlencode({"week": day.isoformat()} if is_week else {"month": f"{day:%Y-%m}"})


def _address(request: Visit, campaign: Campaign | None) -> str:
    slug = request.workspace.slug
    if campaign is None:
        return reverse("campaigns:calendar_all", args=[slug])
    return reverse("campaigns:calendar", args=[slug, campaign.pk])


def _mark(request: Visit, mark: Mark, campaign: Campaign | None) -> dict[str, Any]:
    dated = mark.dated
    return {
        "dated": dated,
        "kind": KINDS[dated.kind],
        "edge": mark.edge,
        "name": named(dated),
        "campaign": "" if campaign else dated.campaign,
        "tone": "done" if dated.is_done else TONES.get(dated.kind, "plain"),
        "href": _href(request.workspace.slug, dated),
    }


def _href(slug: str, dated: Dated) -> str:
    """The page of the thing, where there is one."""
    try:
        return reverse(PLACES[dated.place], args=[slug, dated.place_id])
    except NoReverseMatch:
        return ""


# -- links for calendar programs -------------------------------------------------------------------------------------


def _links(request: Visit, campaign: Campaign | None) -> dict[str, Any]:
    if Right.CAMPAIGN not in request.actor.rights:
        return {"links": []}
    now = timezone.now()
    found = governed.list_links_of(request.workspace.pk, *_subject(request.workspace.pk, campaign))
    wanted = [link for link in found if link.purpose == Purpose.CALENDAR.value]
    return {"links": [link for link in wanted if link.revoked_at is None and link.expires_at > now]}


def _subject(workspace_id: int, campaign: Campaign | None) -> tuple[str, int]:
    return ("campaign", campaign.pk) if campaign else ("workspace", workspace_id)


@require_POST
@never_cache
@page(Right.CAMPAIGN)
def open_calendar_link(request: Visit) -> HttpResponse:
    """Make an address for a calendar program and show it, this once. `campaign` in the form, or the whole workspace."""
    given = request.POST.get("campaign", "")
    campaign = get_campaign(request.workspace.pk, int(given)) if given.isdecimal() and len(given) < 18 else None
    now = timezone.now()
    kind, subject = _subject(request.workspace.pk, campaign)
    _link, secret = governance.open_link(
        purpose=Purpose.CALENDAR,
        subject_kind=kind,
        subject_id=subject,
        label=request.POST.get("label", "").strip() or _("Calendar"),
        expires_at=now + timedelta(days=LINK_DAYS),
        actor=request.actor,
        now=now,
    )
    path = reverse("calendar_feed", args=[secret])
    feed = request.build_absolute_uri(f"{path}?{urlencode({'language': get_language() or 'fr'})}")
    context = {**_shown(request, campaign), "feed": feed}
    if campaign is None:
        return render(request, "campaigns/calendar_all.html", context)
    return render(request, "campaigns/calendar.html", {**context, "campaign": campaign, "tab": "calendar"})


@require_POST
@page(Right.CAMPAIGN)
def revoke_calendar_link(request: Visit, link_id: int) -> HttpResponse:
    governance.revoke_link(link_id=link_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The calendar link opens nothing any more."))
    campaign = request.POST.get("campaign", "")
    if campaign.isdecimal():
        return redirect("campaigns:calendar", request.workspace.slug, int(campaign))
    return redirect("campaigns:calendar_all", request.workspace.slug)


@require_GET
@guest_page(Purpose.CALENDAR)
def calendar_feed_page(request: Guest) -> HttpResponse:
    """What a calendar program reads. `?language=` fr or en; without it the installation's."""
    link, now = request.link, timezone.now()
    campaign = get_campaign(link.workspace_id, int(link.subject_id)) if link.subject_kind == "campaign" else None
    days = Range((now - FED_BEFORE).date(), (now + FED_AFTER).date())
    dates = list_dates(Scope(link.workspace_id, days, campaign.pk if campaign else None))
    asked = request.GET.get("language", "")
    with override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        name = campaign.name if campaign else link.workspace.name
        entries = [_entry(request, dated, now) for dated in dates]
        body = calendar_feed(f"Sillage · {name}", entries)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="sillage.ics"'
    return response


def _entry(request: Guest, dated: Dated, now: datetime) -> FeedEntry:
    slug = request.link.workspace.slug
    href = _href(slug, dated)
    return FeedEntry(
        uid=f"{dated.key}.{slug}@sillage",
        summary=summary(dated),
        starts_on=dated.starts_on,
        ends_on=dated.ends_on,
        changed_at=min(dated.changed_at, now),
        url=request.build_absolute_uri(href) if href else "",
    )
