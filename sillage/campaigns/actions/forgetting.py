"""What campaigns let go when a creator is erased."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from sillage.campaigns.models import ERASED, Collaboration, Move, Note, Reminder
from sillage.campaigns.queries.contracts import signed_versions


def forget_collaborations(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Blank whom collaborations were with, and what was written about them, as part of an erasure.

    The collaboration stays, for its money and dates are the workspace's own. Where a signed contract must be kept by law it
    keeps the name that the contract has, and nothing else.
    """
    rows = Collaboration.objects.select_for_update().filter(workspace_id=workspace_id, account_id__in=account_ids)
    theirs = list(rows)
    ids = [row.pk for row in theirs]
    kept = list(signed_versions(theirs))
    notes = Note.objects.filter(collaboration_id__in=ids).delete()[1].get("campaigns.Note", 0)
    reminders = Reminder.objects.filter(collaboration_id__in=ids).delete()[0]
    Move.objects.filter(collaboration_id__in=ids).update(reason="")
    mine = Collaboration.objects.filter(pk__in=ids)
    mine.update(creator_id=None, handle="", closed_because="", version=F("version") + 1)
    mine.exclude(pk__in=kept).update(name=ERASED)
    return {"collaboration": len(ids), "note": notes, "reminder": reminders}
