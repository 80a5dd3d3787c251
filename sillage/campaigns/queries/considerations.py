"""Reading what creators get, one collaboration's and all of the workspace's that add up with it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from sillage.campaigns.engine.considerations import (
    COMMITTED,
    Granted,
    Key,
    Kind,
    Running,
    objective_key,
    running_totals,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration, Consideration, Move
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


def get_consideration(workspace_id: int, consideration_id: int) -> Consideration:
    """One that stands or was withdrawn, with its collaboration and campaign."""
    rows = Consideration.objects.select_related("collaboration__campaign")
    found = rows.filter(collaboration__workspace_id=workspace_id, pk=consideration_id).first()
    if found is None:
        raise NotFound(
            Sentence("No consideration %(consideration_id)s in this workspace.", consideration_id=consideration_id),
            Sentence("See the collaboration’s page."),
        )
    return found


def list_considerations(collaboration: Collaboration) -> list[Consideration]:
    """What stands, in the order in which it was entered."""
    return list(collaboration.considerations.filter(withdrawn_at=None).order_by("pk"))


def were_agreed() -> Exists:
    """Whether the outer collaboration's creator ever agreed: one that is closed may have been closed before."""
    return Exists(
        Move.objects.filter(collaboration=OuterRef("collaboration"), to_stage__in=[*COMMITTED], undone_by=None)
    )


def that_count() -> QuerySet[Consideration]:
    """What counts for the law and in budgets: it stands, and the collaboration was not closed before it was agreed."""
    standing = Consideration.objects.filter(withdrawn_at=None, collaboration__campaign__is_template=False)
    return standing.annotate(was_agreed=were_agreed()).filter(
        ~Q(collaboration__stage=Stage.CLOSED.value) | Q(was_agreed=True)
    )


def creator_of(collaboration_id: int, creator_id: int | None, account_id: int | None) -> str:
    """Who is behind a collaboration, as a key: the person with all accounts, or after an erasure this collaboration alone."""
    if creator_id is not None:
        return f"creator:{creator_id}"
    return f"account:{account_id}" if account_id is not None else f"collaboration:{collaboration_id}"


def running_of(collaborations: Sequence[Collaboration]) -> dict[Key, Running]:
    """Running totals of these collaborations' creators over all campaigns of the workspace, in two queries.

    All collaborations are of one workspace, with their campaigns.
    """
    if not collaborations:
        return {}
    same = Q(pk__in=[c.pk for c in collaborations])
    same |= Q(creator_id__in={c.creator_id for c in collaborations if c.creator_id is not None})
    same |= Q(account_id__in={c.account_id for c in collaborations if c.account_id is not None})
    # Their ids first: over the join the database would read every consideration of the workspace.
    theirs = Collaboration.objects.filter(same, workspace_id=collaborations[0].workspace_id).values_list(
        "pk", flat=True
    )
    rows = that_count().filter(collaboration__in=list(theirs))
    return running_totals(
        Granted(
            collaboration_id=collaboration,
            key=Key(creator_of(collaboration, creator, account), brand, objective_key(objective), granted_on.year),
            kind=Kind(kind),
            euros=euros,
            is_estimate=is_estimate,
        )
        for collaboration, creator, account, brand, objective, granted_on, kind, euros, is_estimate in rows.values_list(
            "collaboration_id",
            "collaboration__creator_id",
            "collaboration__account_id",
            "collaboration__campaign__brand_key",
            "collaboration__campaign__objective",
            "granted_on",
            "kind",
            "euros",
            "is_estimate",
        )
    )


def keys_of(collaboration: Collaboration, running: Container[Key], years: Iterable[int], on: date) -> list[Key]:
    """The running totals in which a collaboration counts, and that of the day's year, the newest first.

    `years` are those in which there may be one.
    """
    own = Key(
        creator_of(collaboration.pk, collaboration.creator_id, collaboration.account_id),
        collaboration.campaign.brand_key,
        objective_key(collaboration.campaign.objective),
        on.year,
    )
    found = (replace(own, year=year) for year in years)
    return sorted({own, *(key for key in found if key in running)}, key=lambda key: -key.year)
