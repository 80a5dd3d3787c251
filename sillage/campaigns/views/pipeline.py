"""The pipeline of a campaign: board and table, moves one by one and many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import moving
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.moving import Outcome
from sillage.campaigns.engine.pipeline import STAGE_WORDS, Stage
from sillage.campaigns.models import Campaign, Collaboration
from sillage.campaigns.queries import pipeline as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.people import list_reminders
from sillage.campaigns.queries.pipeline import Wanted
from sillage.campaigns.words import stage_name, told
from sillage.discovery.queries.showing import find_accounts
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.queries import list_members
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Listed, Sentence


class StageUnknown(Malformed):
    """There are ten stages."""


def stage_named(given: str) -> Stage:
    """A stage of the address or of a form."""
    try:
        return Stage(given)
    except ValueError as error:
        raise StageUnknown(
            Sentence("“%(given)s” is no stage.", given=given[:40]),
            Sentence("Stages: %(stage)s.", stage=Listed(STAGE_WORDS.values())),
        ) from error


def wanted_by(query: QueryDict) -> Wanted:
    """Which collaborations an address asks for; what cannot be read asks for nothing."""
    owner = query.get("owner", "")
    return Wanted(
        words=query.get("words", "").strip()[:100],
        owner_id=int(owner) if owner.isdecimal() and len(owner) < 19 else None,
        stages=tuple(stage for stage in query.getlist("stage") if stage in set(Stage)),
    )


def kept(query: QueryDict) -> str:
    """The part of an address that says which collaborations are shown, for forms that come back to them."""
    named = [(name, value) for name in ("view", "words", "owner", "stage") for value in query.getlist(name) if value]
    return urlencode(named)


# -- pages -----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def pipeline(request: Visit, campaign_id: int) -> HttpResponse:
    """`?view=table` lists; words, owner and stage narrow both."""
    return _shown(request, get_campaign(request.workspace.pk, campaign_id))


def _shown(request: Visit, campaign: Campaign, **more: Any) -> HttpResponse:
    now, wanted = timezone.now(), wanted_by(request.GET)
    is_table = request.GET.get("view") == "table"
    context: dict[str, Any] = {
        **_frame(request, campaign),
        "is_table": is_table,
        "wanted": wanted,
        "members": list_members(campaign.workspace_id),
        "stages": list(Stage),
        "reminders": list_reminders(campaign.workspace_id, campaign_id=campaign.pk, limit=6),
        "today": timezone.localdate(),
        "tabs_of_view": _views(request, campaign, is_table=is_table),
        **more,
    }
    if is_table:
        cursor = request.GET.get("cursor") or None
        cards, following = queries.list_cards(campaign, wanted, now, cursor=cursor)
        context |= {"cards": cards, "next_url": f"?{kept(request.GET)}&cursor={following}" if following else ""}
        context["first_url"] = f"?{kept(request.GET)}" if cursor else ""
        context["is_empty"] = not cards and wanted.is_plain
    else:
        context["columns"] = queries.board(campaign, wanted, now)
        context["is_empty"] = wanted.is_plain and not any(column.total for column in context["columns"])
    return render(request, "campaigns/pipeline.html", context)


def _frame(request: Visit, campaign: Campaign) -> dict[str, Any]:
    may = Right.CAMPAIGN in request.actor.rights and campaign.archived_at is None and not campaign.is_template
    return {"campaign": campaign, "tab": "pipeline", "may_move": may, "kept": kept(request.GET), "now": timezone.now()}


def _views(request: Visit, campaign: Campaign, *, is_table: bool) -> list[dict[str, Any]]:
    address = reverse("campaigns:pipeline", args=[request.workspace.slug, campaign.pk])
    query = request.GET.copy()
    query.pop("cursor", None)
    query.pop("view", None)
    words = query.urlencode()
    return [
        {"label": _("Board"), "icon": "square-kanban", "href": f"{address}?{words}", "is_current": not is_table},
        {"label": _("Table"), "icon": "list-checks", "href": f"{address}?{words}&view=table", "is_current": is_table},
    ]


@require_GET
@page(Right.READ)
def more(request: Visit, campaign_id: int, stage: str) -> HttpResponse:
    """The next cards of a column, for htmx; without it the table of that stage."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    asked = stage_named(stage)
    if not request.headers.get("HX-Request"):
        address = reverse("campaigns:pipeline", args=[request.workspace.slug, campaign.pk])
        return redirect(f"{address}?view=table&stage={asked.value}")
    column = queries.more_of(campaign, asked, wanted_by(request.GET), request.GET.get("cursor", ""), timezone.now())
    return render(request, "campaigns/parts/cards.html", {**_frame(request, campaign), "column": column})


# -- moves -----------------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def move(request: Visit, collaboration_id: int) -> HttpResponse:
    """Move one card. htmx gets the columns that changed; without it the page again."""
    row = get_collaboration(request.workspace.pk, collaboration_id)
    source, target = Stage(row.stage), stage_named(request.POST.get("to", ""))
    try:
        moved = moving.move_collaboration(
            collaboration_id=row.pk,
            to=target,
            version=_version(request.POST.get("version", "")),
            reason=request.POST.get("reason", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _refused(request, row, refusal)
    said = _("%(name)s: %(source)s → %(target)s") % {
        "name": moved.name,
        "source": stage_name(source),
        "target": stage_name(target),
    }
    return _answered(request, moved, {source, target}, said, may_undo=True)


@require_POST
@page(Right.CAMPAIGN)
def undo(request: Visit, collaboration_id: int) -> HttpResponse:
    """Take the last move back."""
    row = get_collaboration(request.workspace.pk, collaboration_id)
    source = Stage(row.stage)
    try:
        moved = moving.undo_move(
            collaboration_id=row.pk,
            version=_version(request.POST.get("version", "")),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _refused(request, row, refusal)
    said = _("%(name)s is back in “%(stage)s”.") % {"name": moved.name, "stage": stage_name(moved.stage)}
    return _answered(request, moved, {source, Stage(moved.stage)}, said)


def _version(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _answered(
    request: Visit, row: Collaboration, stages: set[Stage], said: str, *, may_undo: bool = False
) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return _back(request, row)
    return _columns(request, row, stages, said=said, may_undo=may_undo)


def _refused(request: Visit, row: Collaboration, refusal: Refusal) -> HttpResponse:
    words = told(refusal)
    if not request.headers.get("HX-Request"):
        messages.error(request, f"{words.text} {words.hint}", extra_tags="refusal")
        return _back(request, row)
    now_at = get_collaboration(request.workspace.pk, row.pk)
    stages = {Stage(row.stage), Stage(now_at.stage)}
    return _columns(request, now_at, stages, refusal=words, status=refusal.status)


def _back(request: Visit, row: Collaboration) -> HttpResponse:
    if request.GET.get("from") == "collaboration":
        return redirect("campaigns:collaboration", request.workspace.slug, row.pk)
    address = reverse("campaigns:pipeline", args=[request.workspace.slug, row.campaign_id])
    query = kept(request.GET)
    return redirect(f"{address}?{query}" if query else address)


def _columns(request: Visit, row: Collaboration, stages: set[Stage], status: int = 200, **more: Any) -> HttpResponse:
    """The columns that a move touched, and the one in which the card was seen: each replaces itself on the board."""
    seen = request.POST.get("seen", "")
    stages |= {Stage(seen)} if seen in set(Stage) else set()
    found = queries.board(row.campaign, wanted_by(request.GET), timezone.now(), sorted(stages, key=lambda s: s.place))
    context = {**_frame(request, row.campaign), "columns": found, "row": row, "is_answer": True, **more}
    return render(request, "campaigns/parts/moved.html", context, status=status)


@require_POST
@page(Right.CAMPAIGN)
def move_many(request: Visit, campaign_id: int) -> HttpResponse:
    """Move the ticked cards (`c` is id.version): each by itself, with what became of each."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    ticked = [given.partition(".") for given in request.POST.getlist("c")]
    versions = {int(pk): _version(version) for pk, _dot, version in ticked if pk.isdecimal() and len(pk) < 19}
    if not versions:
        messages.warning(request, _("Nobody is ticked: tick the cards that should move."))
        return _shown(request, campaign)
    outcomes = moving.move_collaborations(
        campaign_id=campaign.pk,
        versions=versions,
        to=stage_named(request.POST.get("to", "")),
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    return _shown(request, campaign, outcomes=_outcomes(outcomes, request.POST.get("to", "")))


def _outcomes(outcomes: Sequence[Outcome], to: str) -> dict[str, Any]:
    moved = [outcome.collaboration for outcome in outcomes if outcome.refusal is None]
    said = ngettext("%(n)s moved to “%(stage)s”.", "%(n)s moved to “%(stage)s”.", len(moved))
    return {
        "said": said % {"n": len(moved), "stage": stage_name(to)},
        "moved": moved,
        "refused": [(one.collaboration, told(one.refusal)) for one in outcomes if one.refusal is not None],
    }


# -- who comes in ----------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def add(request: Visit, campaign_id: int) -> HttpResponse:
    """Bring creators in by name or handle, one per line; a name that fits several asks which one."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    lines = [line.strip() for line in request.POST.get("accounts", "").splitlines() if line.strip()][:50]
    found, unclear = [], []
    for line in lines:
        accounts = find_accounts(request.workspace.pk, line)
        exact = [a for a in accounts if line.lstrip("@").casefold() in (a.handle.casefold(), a.name.casefold())]
        chosen = exact if len(exact) == 1 else accounts
        if len(chosen) == 1:
            found.append(chosen[0].pk)
        else:
            unclear.append(line)
    if unclear:
        said = _("Nobody, or more than one, is called: %(names)s. Write network:handle.")
        messages.warning(request, said % {"names": ", ".join(unclear)})
    if found:
        added = add_collaborations(campaign_id=campaign.pk, accounts=found, actor=request.actor, now=timezone.now())
        n = len(added)
        messages.success(request, ngettext("%(n)s creator came in.", "%(n)s creators came in.", n) % {"n": n})
    return redirect("campaigns:pipeline", request.workspace.slug, campaign.pk)
