"""Members as campaigns see them: who may own, be mentioned, be reminded, and what awaits one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sillage.campaigns.engine.mentions import called, marker
from sillage.campaigns.models import Collaboration, Note, Reminder
from sillage.governance.models import Member
from sillage.governance.queries import list_members
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

MENTIONS_SHOWN = 50


def get_member(workspace_id: int, member_id: int) -> Member:
    """A member of the workspace, with the person."""
    found = Member.objects.select_related("person").filter(workspace_id=workspace_id, pk=member_id).first()
    if found is None:
        raise NotFound(
            Sentence("No member %(member_id)s in this workspace.", member_id=member_id),
            Sentence("See them on the members page."),
        )
    return found


def names_of_members(members: Sequence[Member]) -> dict[int, tuple[str, ...]]:
    """How each may be called after “@”."""
    return {m.pk: called(m.person.name, m.person.email) for m in members}


def list_callable(workspace_id: int) -> list[tuple[Member, str]]:
    """The members, each with the shortest way to mention them in a note."""
    members = list_members(workspace_id)
    names = names_of_members(members)
    return [(member, marker(names[member.pk], names)) for member in members]


def list_mentions(workspace_id: int, member_id: int) -> list[Note]:
    """Notes that mention a member, the newest first."""
    notes = Note.objects.filter(collaboration__workspace_id=workspace_id, mentioned=member_id)
    return list(notes.select_related("collaboration__campaign", "member__person").order_by("-pk")[:MENTIONS_SHOWN])


def list_reminders(
    workspace_id: int,
    *,
    member_id: int | None = None,
    campaign_id: int | None = None,
    collaboration_id: int | None = None,
    until: date | None = None,
    limit: int = 100,
) -> list[Reminder]:
    """What is still to be done, the earliest first; of a member, of a campaign, up to a day."""
    rows = Reminder.objects.filter(campaign__workspace_id=workspace_id, campaign__archived_at=None, done_at=None)
    if member_id is not None:
        rows = rows.filter(for_member_id=member_id)
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    if collaboration_id is not None:
        rows = rows.filter(collaboration_id=collaboration_id)
    if until is not None:
        rows = rows.filter(due_on__lte=until)
    return list(rows.select_related("campaign", "collaboration", "for_member__person").order_by("due_on", "pk")[:limit])


def list_owned(workspace_id: int, member_id: int, stages: Sequence[str], limit: int = 50) -> list[Collaboration]:
    """Collaborations that a member looks after, those that wait longest first."""
    rows = Collaboration.objects.filter(
        workspace_id=workspace_id, owner_id=member_id, stage__in=stages, campaign__archived_at=None
    )
    return list(rows.select_related("campaign").order_by("stage_since", "pk")[:limit])
