"""Keeping what was found about accounts: parts of the actions that found it, whose ledger entry covers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.understanding.models import AccountSignal
from sillage.understanding.queries.account_signals import digests_of


@dataclass(frozen=True, slots=True)
class Found:
    """What an enricher says of one account; `digest` is of everything that it was made from."""

    account_id: int
    digest: int
    value: dict[str, Any]
    confidence: float
    evidence: list[dict[str, Any]]


@transaction.atomic
def keep_account_signals(enricher: str, version: str, found: Sequence[Found], now: datetime) -> int:
    """Store those of which the version or the digest is new, as part of a run. Returns how many."""
    known = digests_of([f.account_id for f in found], enricher)
    rows = [
        AccountSignal(
            account_id=f.account_id,
            enricher=enricher,
            version=version,
            content_hash=f.digest,
            value=f.value,
            confidence=f.confidence,
            evidence=f.evidence,
            made_at=now,
        )
        for f in found
        if known.get(f.account_id) != (version, f.digest)
    ]
    changing = ["version", "content_hash", "value", "confidence", "evidence", "made_at"]
    AccountSignal.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account", "enricher"], update_fields=changing
    )
    return len(rows)
