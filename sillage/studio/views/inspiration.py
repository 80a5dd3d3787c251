"""What is on people's minds in a set of creators, each thing with a button that puts it on the board."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sillage.campaigns.queries.campaigns import list_campaigns
from sillage.discovery.queries import find_shortlist, list_briefs
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.studio.engine.brief import LANGUAGES
from sillage.studio.engine.ideas import Rule
from sillage.studio.queries.inspiration import (
    DAYS,
    Inspiration,
    contrast_idea,
    creators_of,
    inspiration_of,
    question_idea,
    risen_idea,
)
from sillage.studio.views.originality import number_of
from sillage.understanding.engine.themes import theme_set

MOST_BRIEFS = 40  # whose newest shortlist can be chosen


@require_GET
@page(Right.READ)
def inspiration(request: Visit) -> HttpResponse:
    """`?campaign=`, `?shortlist=` or `?theme=` names the creators; `?days=` the windows; `?language=` of the audience."""
    given = request.GET
    days = int(given.get("days", "")) if given.get("days", "") in {str(n) for n in DAYS} else DAYS[1]
    language = given.get("language", "") if given.get("language", "") in LANGUAGES else ""
    kind, _, key = given.get("of", "").partition(":")
    names = {name: given.get(name, "") for name in ("campaign", "shortlist", "theme")}
    if kind in names:
        names[kind] = key
    context: dict[str, Any] = {
        **_choices(request),
        "tab": "ideas",
        "section": "inspiration",
        "days": days,
        "language": language,
        "chosen": next((f"{name}:{value}" for name, value in names.items() if value), ""),
        "may_write": Right.CAMPAIGN in request.actor.rights,
    }
    if not any(names.values()):
        return render(request, "studio/inspiration.html", context)
    try:
        creators = creators_of(
            request.workspace.pk,
            campaign_id=number_of(names["campaign"]),
            shortlist_id=number_of(names["shortlist"]),
            theme=names["theme"],
        )
    except Malformed as refusal:
        return render(request, "studio/inspiration.html", {**context, "refusal": refusal}, status=refusal.status)
    today = timezone.localdate()
    found = inspiration_of(request.workspace.pk, creators, until=today, days=days, language=language)
    return render(request, "studio/inspiration.html", {**context, **_shown(found)})


def _choices(request: Visit) -> dict[str, Any]:
    briefs = list_briefs(request.workspace.pk)[:MOST_BRIEFS]
    shortlists = [(brief, found) for brief in briefs if (found := find_shortlist(brief)) is not None]
    return {
        "campaigns": list_campaigns(request.workspace.pk, limit=100).items,
        "shortlists": shortlists,
        "theme_ids": theme_set().ids,
        "all_days": DAYS,
        "languages": LANGUAGES,
    }


def _shown(found: Inspiration) -> dict[str, Any]:
    unsaid = found.unsaid
    return {
        "found": found,
        "themes": [(one, risen_idea(Rule.RISING_THEME, one, found.themes)) for one in found.themes.rising],
        "hashtags": [(one, risen_idea(Rule.RISING_HASHTAG, one, found.hashtags)) for one in found.hashtags.rising],
        "questions": [(one, question_idea(one.group)) for one in found.asked.groups],
        "unsaid_themes": [(one, contrast_idea(Rule.UNSAID, one)) for one in unsaid.themes] if unsaid else [],
        "unsaid_words": [(one, contrast_idea(Rule.UNSAID, one)) for one in unsaid.words] if unsaid else [],
        "campaign": found.creators.campaign,
    }
