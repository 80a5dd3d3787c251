"""Receipts of numbers: kept, and let go with what they rest on, as parts of other actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sillage.governance.models import Receipt
from sillage.lib import receipts


def keep_receipts(*, workspace_id: int, proven: Iterable[receipts.Receipt]) -> None:
    """Store receipts as part of another action, whose own ledger entry covers them. The same receipt twice is one."""
    rows = [
        Receipt(
            workspace_id=workspace_id,
            key=r.key,
            metric=r.metric,
            version=r.version,
            subject_kind=r.subject.partition(":")[0],
            subject_id=r.subject.partition(":")[2],
            value=r.value,
            inputs=receipts.inputs_as_json(r.inputs),
            source_class=r.source_class,
            n=r.n,
            computed_at=r.computed_at,
            code_version=r.code_version,
            hash=r.hash,
        )
        for r in proven
    ]
    Receipt.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def forget_receipts(workspace_id: int, subject_kind: str, subject_ids: Iterable[str | int]) -> dict[str, int]:
    """Remove receipts of things that are being erased, as part of that erasure."""
    ids = [str(subject_id) for subject_id in subject_ids]
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=ids)
    return {"receipt": rows.delete()[0]}


def forget_receipts_citing(workspace_id: int, subject_kind: str, subject_id: str | int, refs: Iterable[str]) -> int:
    """Remove receipts of a thing that rest on any of these sources, as part of the sources' removal. Returns how many."""
    gone = frozenset(refs)
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id=str(subject_id))
    citing = [
        pk
        for pk, inputs in rows.values_list("pk", "inputs")
        if any(not gone.isdisjoint(given["refs"]) for given in inputs.values())
    ]
    return Receipt.objects.filter(pk__in=citing).delete()[0]


def forget_receipts_before(
    workspace_id: int, subject_kind: str, subject_ids: Iterable[str | int], limit: datetime
) -> int:
    """Remove older receipts of things whose sources may be kept only so long, as part of removing them. Returns how many."""
    ids = [str(subject_id) for subject_id in subject_ids]
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=ids)
    return rows.filter(computed_at__lt=limit).delete()[0]
