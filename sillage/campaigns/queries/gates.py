"""The facts that gates of the pipeline ask for, gathered for many collaborations at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from sillage.campaigns.engine.contract_duty import Duty
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.engine.pipeline import Facts
from sillage.campaigns.models import Collaboration, Deliverable
from sillage.campaigns.queries.contracts import contract_verdicts, signed_versions
from sillage.discovery.queries import list_exclusion_lists
from sillage.governance.queries.privacy import restricted

READY = (DeliverableState.APPROVED.value, DeliverableState.LIVE.value, DeliverableState.REFUSED.value)


def facts_of(collaborations: Sequence[Collaboration], now: datetime) -> dict[int, Facts]:
    """Facts by collaboration's id. The campaigns must be selected with them; all are of one workspace."""
    if not collaborations:
        return {}
    workspace = collaborations[0].workspace_id
    lists = [(one.name, frozenset(one.account_ids)) for one in list_exclusion_lists(workspace) if one.is_on]
    creators = {row.creator_id for row in collaborations if row.creator_id is not None}
    asked_not = restricted(workspace, "creator", creators)
    signed = signed_versions(collaborations)
    verdicts = contract_verdicts(collaborations, now.date(), signed)
    waiting = drafts_waiting(collaborations)
    return {
        row.pk: Facts(
            is_at_rest=row.campaign.archived_at is not None or row.campaign.is_template,
            is_erased=row.is_erased,
            is_restricted=row.creator_id in asked_not,
            kept_off=tuple(name for name, accounts in lists if row.account_id in accounts),
            contract_needed=verdicts[row.pk].duty is Duty.REQUIRED,
            contract_unknown=verdicts[row.pk].duty is Duty.ASK,
            contract_total=verdicts[row.pk].running.total or Decimal(0),
            contract_signed=row.pk in signed,
            drafts_waiting=waiting.get(row.pk, 0),
        )
        for row in collaborations
    }


def drafts_waiting(collaborations: Sequence[Collaboration]) -> Mapping[int, int]:
    """How many deliverables have no approved draft, by collaboration's id; what was refused is not awaited any more."""
    rows = Deliverable.objects.filter(collaboration__in=[row.pk for row in collaborations]).exclude(state__in=READY)
    return dict(rows.order_by().values_list("collaboration_id").annotate(n=Count("pk")))
