"""The names of what ledger entries are about, looked up for a whole list at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sillage.campaigns.models import Campaign
from sillage.catalogue.models import Creator
from sillage.catalogue.queries import list_accounts
from sillage.discovery.models import Brief

Subject = tuple[str, str]  # kind and id, as an entry has them
LARGEST_ID = 2**63


def names_of(workspace_id: int, subjects: Iterable[Subject]) -> dict[Subject, str]:
    """By subject. What is gone, erased, of another workspace or of a kind without names is left out."""
    ids: dict[str, set[int]] = {}
    for kind, key in subjects:
        if key.isdecimal() and int(key) < LARGEST_ID:
            ids.setdefault(kind, set()).add(int(key))
    found = {kind: _named(kind, workspace_id, ids[kind]) for kind in ids}
    return {(kind, str(pk)): name for kind, names in found.items() for pk, name in names.items() if name}


def campaign_names(workspace_id: int) -> dict[str, str]:
    """Every campaign's name by its id as text."""
    return {str(pk): name for pk, name in Campaign.objects.filter(workspace_id=workspace_id).values_list("pk", "name")}


def _named(kind: str, workspace_id: int, ids: set[int]) -> Mapping[int, str]:
    if kind == "account":
        return {pk: a.name or f"@{a.handle}" for pk, a in list_accounts(workspace_id, ids).items()}
    if kind == "creator":
        return dict(Creator.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", "name"))
    if kind == "brief":
        return dict(Brief.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", "title"))
    if kind == "campaign":
        return dict(Campaign.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", "name"))
    return {}
