"""The page of a collaboration: where it stands, what was written about it, and a part per subject."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions.collaborations import assign_collaboration
from sillage.campaigns.actions.notes import NoteEmpty, ReminderMalformed, finish_reminder, set_reminder, write_note
from sillage.campaigns.engine.addresses import tracked_address
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration
from sillage.campaigns.queries import pipeline as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.conflicts import list_conflicts
from sillage.campaigns.queries.people import list_callable, list_reminders
from sillage.campaigns.views.sections import SECTIONS
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence


@require_GET
@page(Right.READ)
def collaboration(request: Visit, collaboration_id: int) -> HttpResponse:
    found = get_collaboration(request.workspace.pk, collaboration_id)
    now = timezone.now()
    beside = _beside(request, found)
    conflicts = list_conflicts(found.campaign, [found], now).get(found.pk, [])
    due = min((reminder.due_on for reminder in beside["reminders"]), default=None)
    context = {
        **beside,
        "card": queries.Card(found, conflicts, len(beside["notes"]), due),
        "sections": [section.written(request, found, now) for section in SECTIONS],
        "link": tracked_address(found.campaign.landing_url, found.campaign.utm, content=found.handle),
        "now": now,
    }
    return render(request, "campaigns/collaboration.html", context)


def _beside(request: Visit, found: Collaboration) -> dict[str, Any]:
    """Notes, what is due, who did what; also what htmx gets after a note."""
    moves, notes = queries.list_moves(found), queries.list_notes(found)
    members = list_callable(found.workspace_id)
    return {
        "collaboration": found,
        "campaign": found.campaign,
        "moves": moves,
        "may_undo": bool(moves) and moves[0].undoes_id is None,
        "notes": notes,
        "reminders": list_reminders(found.workspace_id, collaboration_id=found.pk),
        "happenings": queries.activity_with(found, moves, notes, [member for member, _called in members]),
        "callable": members,
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "may_move": Right.CAMPAIGN in request.actor.rights and found.campaign.archived_at is None,
        "stages": list(Stage),
        "today": timezone.localdate(),
    }


@require_GET
@page(Right.READ)
def activity(request: Visit, campaign_id: int) -> HttpResponse:
    """Who did what in a campaign."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    context = {"campaign": campaign, "tab": "activity", "happenings": queries.activity_of(campaign)}
    return render(request, "campaigns/activity.html", context)


@require_POST
@page(Right.CAMPAIGN)
def note(request: Visit, collaboration_id: int) -> HttpResponse:
    try:
        write_note(
            collaboration_id=collaboration_id,
            text=request.POST.get("text", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except NoteEmpty:
        messages.warning(request, _("A note needs some words, up to 5,000 characters."))
    return redirect("campaigns:collaboration", request.workspace.slug, collaboration_id)


@require_POST
@page(Right.CAMPAIGN)
def assign(request: Visit, collaboration_id: int) -> HttpResponse:
    """Who looks after it; nobody where none is named."""
    given = request.POST.get("member", "")
    member = int(given) if given.isdecimal() and len(given) < 19 else None
    assign_collaboration(collaboration_id=collaboration_id, member_id=member, actor=request.actor, now=timezone.now())
    return redirect("campaigns:collaboration", request.workspace.slug, collaboration_id)


class DueDayMalformed(Malformed):
    """A reminder has a day."""


@require_POST
@page(Right.CAMPAIGN)
def remind(request: Visit, campaign_id: int) -> HttpResponse:
    """Set a reminder on a campaign, or on one of its collaborations."""
    about, member = (_number(request, name) for name in ("collaboration", "member"))
    try:
        set_reminder(
            campaign_id=campaign_id,
            collaboration_id=about,
            text=request.POST.get("text", ""),
            due_on=_day(request.POST.get("due_on", "")),
            member_id=member,
            actor=request.actor,
            now=timezone.now(),
        )
    except (ReminderMalformed, DueDayMalformed):
        messages.warning(request, _("A reminder needs a few words and a day."))
    return _home(request, about, campaign_id)


def _number(request: Visit, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DueDayMalformed(
            Sentence("“%(given)s” is not a day.", given=given[:40]), Sentence("Write it as 2026-09-01.")
        ) from error


def _home(request: Visit, collaboration_id: int | None, campaign_id: int) -> HttpResponse:
    if collaboration_id is not None:
        return redirect("campaigns:collaboration", request.workspace.slug, collaboration_id)
    return redirect("campaigns:pipeline", request.workspace.slug, campaign_id)


@require_POST
@page(Right.CAMPAIGN)
def done(request: Visit, reminder_id: int) -> HttpResponse:
    """`back=mine` comes back to one's own page."""
    reminder = finish_reminder(reminder_id=reminder_id, actor=request.actor, now=timezone.now())
    if request.POST.get("back") == "mine":
        return redirect("campaigns:mine", request.workspace.slug)
    return _home(request, _number(request, "collaboration"), reminder.campaign_id)
