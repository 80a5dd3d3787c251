"""Where a text stands against the bubble: any text, or one that is being written. Nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from sillage.campaigns.models import Campaign
from sillage.campaigns.queries.campaigns import list_campaigns
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.studio.engine.brief import LANGUAGES
from sillage.studio.engine.originality_picture import picture_of
from sillage.studio.queries.audience import Differences, angles_of
from sillage.studio.queries.originality import Originality, Wanted, originality_of, wanted_by, wanted_for
from sillage.studio.queries.texts import get_text
from sillage.understanding.engine.themes import theme_set


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def originality(request: Visit) -> HttpResponse:
    """A form; on POST, where its text stands. `angles` asks for what the audience says besides."""
    given = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {**_choices(request, given), "tab": "ideas", "section": "originality"}
    if request.method == "POST":
        try:
            wanted = wanted_by(
                request.workspace.pk,
                given.get("text", ""),
                language=_one_of(given.get("language", ""), LANGUAGES),
                campaign_id=number_of(given.get("campaign", "")),
                theme=given.get("theme", ""),
            )
        except Malformed as refusal:
            return render(request, "studio/originality.html", {**context, "refusal": refusal}, status=refusal.status)
        context |= shown(request, wanted, with_angles=bool(given.get("angles")))
    return render(request, "studio/originality.html", context)


@require_GET
@page(Right.READ)
def of_text(request: Visit, text_id: int) -> HttpResponse:
    """Where a text of the studio stands, with its own campaign, voice and brief."""
    text = get_text(request.workspace.pk, text_id)
    context: dict[str, Any] = {"tab": "texts", "text": text, "said": text.body, "chosen_campaign": text.campaign_id}
    if text.body.strip():
        context |= shown(request, wanted_for(text, text.body), with_angles=bool(request.GET.get("angles")))
    return render(request, "studio/text_originality.html", context)


def shown(request: Visit, wanted: Wanted, *, with_angles: bool) -> dict[str, Any]:
    """What studio/parts/originality.html shows."""
    found = originality_of(request.workspace.pk, wanted)
    return {
        "found": found,
        "picture": picture_of([(group.kind, group.placement) for group in found.groups]),
        "angles": _angles(request, wanted, found) if with_angles else None,
        "may_ask_angles": wanted.campaign is not None,
        "has_creators": _accounts(wanted.campaign) != [],
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "campaign": wanted.campaign,
    }


def _angles(request: Visit, wanted: Wanted, found: Originality) -> Differences | None:
    accounts = _accounts(wanted.campaign)
    return angles_of(request.workspace.pk, accounts, found.themes, found.language, wanted.body) if accounts else None


def _accounts(campaign: Campaign | None) -> list[int]:
    if campaign is None:
        return []
    rows = campaign.collaborations.exclude(account=None)
    return list(rows.values_list("account_id", flat=True))


def _choices(request: Visit, given: QueryDict) -> dict[str, Any]:
    return {
        "said": given.get("text", ""),
        "chosen_language": given.get("language", ""),
        "chosen_campaign": number_of(given.get("campaign", "")),
        "chosen_theme": given.get("theme", ""),
        "languages": LANGUAGES,
        "campaigns": list_campaigns(request.workspace.pk, limit=100).items,
        "theme_ids": theme_set().ids,
    }


def number_of(given: str) -> int | None:
    """An id of a form or an address; None for anything else."""
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _one_of(given: str, allowed: tuple[str, ...]) -> str:
    return given if given in allowed else ""
