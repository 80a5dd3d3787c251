"""The board of ideas: three columns; written, put there, moved, pinned, rewritten, put away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.queries.campaigns import get_campaign, list_campaigns
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.studio.actions import ideas as actions
from sillage.studio.actions.idea_comments import comment_idea, settle_idea_comment
from sillage.studio.engine.ideas import Column
from sillage.studio.found_shapes import opened
from sillage.studio.queries.ideas import board_of
from sillage.studio.templatetags.ideas import column_name
from sillage.studio.views.originality import number_of


@require_GET
@page(Right.READ)
def ideas(request: Visit) -> HttpResponse:
    """`?campaign=` narrows the board to one campaign's ideas."""
    chosen = number_of(request.GET.get("campaign", ""))
    campaign = get_campaign(request.workspace.pk, chosen) if chosen is not None else None
    context = _board(request, chosen)
    context |= {
        "tab": "ideas",
        "section": "board",
        "is_empty": not any(column.total for column in context["columns"]),
        "campaign": campaign,
        "campaigns": list_campaigns(request.workspace.pk, limit=100).items,
    }
    return render(request, "studio/ideas.html", context)


def _board(request: Visit, campaign_id: int | None) -> dict[str, Any]:
    """What studio/parts/idea_board.html shows."""
    address = reverse("studio:ideas", args=[request.workspace.slug])
    return {
        "columns": board_of(request.workspace.pk, campaign_id=campaign_id),
        "places": list(Column),
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "board_path": address if campaign_id is None else f"{address}?campaign={campaign_id}",
        "now": timezone.now(),
    }


@require_POST
@page(Right.CAMPAIGN)
def write(request: Visit) -> HttpResponse:
    """A person's idea, in their words."""

    def do() -> str:
        actions.write_idea(
            text=request.POST.get("text", ""),
            campaign_id=number_of(request.POST.get("campaign", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("The idea is on the board.")

    return _done(request, do)


@require_POST
@page(Right.CAMPAIGN)
def keep(request: Visit) -> HttpResponse:
    """What a rule found, as the page that shows it had signed it."""

    def do() -> str:
        actions.keep_found(
            found=opened(request.POST.get("found", "")),
            campaign_id=number_of(request.POST.get("campaign", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("It is on the board, marked as what a rule found.")

    return _done(request, do)


@require_POST
@page(Right.CAMPAIGN)
def move(request: Visit, idea_id: int) -> HttpResponse:
    """`to` is a column, `version` the one that was looked at. htmx gets the board as it is then, with what happened."""

    def do() -> str:
        moved = actions.move_idea(
            idea_id=idea_id,
            to=request.POST.get("to", ""),
            version=number_of(request.POST.get("version", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("Moved to “%(column)s”.") % {"column": column_name(moved.place)}

    return _on_board(request, do, moved_id=idea_id)


def _on_board(request: Visit, do: Callable[[], str], **more: Any) -> HttpResponse:
    """Do it and answer htmx with the board as it is then; without a script, go back to where the person was."""
    if not request.headers.get("HX-Request"):
        return _done(request, do)
    try:
        said = do()
    except Refusal as refusal:
        said = f"{refusal.message} {refusal.hint}"
    narrowed = parse_qs(urlsplit(request.POST.get("back", "")).query).get("campaign", [""])[0]
    context = {**_board(request, number_of(narrowed)), "said": said, **more}
    return render(request, "studio/parts/idea_board.html", context)


@require_POST
@page(Right.CAMPAIGN)
def comment(request: Visit, idea_id: int) -> HttpResponse:
    """`said`, and `answers` below another comment."""

    def do() -> str:
        comment_idea(
            idea_id=idea_id,
            said=request.POST.get("said", ""),
            answers=number_of(request.POST.get("answers", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("Your comment stands below the idea.")

    return _on_board(request, do, opened_id=idea_id)


@require_POST
@page(Right.CAMPAIGN)
def settle(request: Visit, idea_id: int, comment_id: int) -> HttpResponse:
    """Settle a comment with its answers, or open them again: `settle` is yes or no."""

    def do() -> str:
        is_settled = request.POST.get("settle", "yes") == "yes"
        settle_idea_comment(
            idea_id=idea_id, comment_id=comment_id, is_settled=is_settled, actor=request.actor, now=timezone.now()
        )
        return _("The comment is settled.") if is_settled else _("The comment is open again.")

    return _on_board(request, do, opened_id=idea_id)


@require_POST
@page(Right.CAMPAIGN)
def pin(request: Visit, idea_id: int) -> HttpResponse:
    """Keep it at the top of its column, or let it go."""

    def do() -> str:
        is_pinned = request.POST.get("pinned") == "1"
        actions.pin_idea(idea_id=idea_id, is_pinned=is_pinned, actor=request.actor, now=timezone.now())
        return _("Pinned.") if is_pinned else _("No longer pinned.")

    return _done(request, do)


@require_POST
@page(Right.CAMPAIGN)
def rewrite(request: Visit, idea_id: int) -> HttpResponse:
    """In a person's own words."""

    def do() -> str:
        actions.rewrite_idea(
            idea_id=idea_id,
            text=request.POST.get("text", ""),
            version=number_of(request.POST.get("version", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("It stands there in your words.")

    return _done(request, do)


@require_POST
@page(Right.CAMPAIGN)
def put_away(request: Visit, idea_id: int) -> HttpResponse:
    """Off the board."""

    def do() -> str:
        actions.put_away_idea(
            idea_id=idea_id,
            version=number_of(request.POST.get("version", "")),
            actor=request.actor,
            now=timezone.now(),
        )
        return _("The idea was put away.")

    return _done(request, do)


def _done(request: Visit, do: Callable[[], str]) -> HttpResponse:
    """Do it, say it, and go back to where the person was: the board, or the page that found the idea."""
    try:
        messages.success(request, do())
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.hint}", extra_tags="refusal")
    back = request.POST.get("back", "")
    here = {request.get_host()}
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, here, require_https=request.is_secure()):
        return redirect(back)
    return redirect(reverse("studio:ideas", args=[request.workspace.slug]))
