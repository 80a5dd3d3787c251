"""Letters of people who were erased, as part of their erasure: the words and the address go, that there was one stays."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, F, Value, When

from sillage.campaigns.engine.invitations import InvitationState
from sillage.campaigns.models import Invitation


def forget_letters(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Empty the letters to these accounts, as part of an erasure; one that has not gone out is given up."""
    open_ones = [state.value for state in InvitationState if state.is_open]
    letters = Invitation.objects.filter(workspace_id=workspace_id, collaboration__account_id__in=list(account_ids))
    emptied = letters.update(
        subject="",
        body="",
        notice="",
        address="",
        failure="",
        failure_said=None,
        sealed_text=None,
        state=Case(When(state__in=open_ones, then=Value(InvitationState.DROPPED.value)), default=F("state")),
    )
    return {"invitation": emptied}
