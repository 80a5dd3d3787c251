"""Creators as campaigns hold them: who is in a collaboration, and what one of them may read about theirs."""

from __future__ import annotations

from collections.abc import Iterable

from sillage.campaigns.models import Collaboration


def creators_in_collaborations(workspace_id: int, creator_ids: Iterable[int]) -> frozenset[int]:
    """Those of the given creators with whom there was or is a collaboration."""
    found = Collaboration.objects.filter(workspace_id=workspace_id, creator_id__in=list(creator_ids))
    return frozenset(i for i in found.values_list("creator_id", flat=True) if i is not None)


def collaborations_of_creator(workspace_id: int, creator_id: int) -> list[Collaboration]:
    """A creator's collaborations with their campaigns, the newest first."""
    found = Collaboration.objects.select_related("campaign").filter(workspace_id=workspace_id, creator_id=creator_id)
    return list(found.order_by("-created_at", "-pk"))
