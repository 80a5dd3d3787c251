"""The evidence file of a collaboration: collected, signed, handed over once asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from sillage.campaigns.engine.evidence_zip import evidence_zip
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.evidence_file import evidence_members
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The bytes of a ZIP and the name under which to keep it."""

    name: str
    content: bytes


@transaction.atomic
def export_evidence(*, collaboration_id: int, actor: Actor, now: datetime) -> EvidenceFile:
    """Everything about a collaboration in one file that proves itself (engine/evidence_check.py), without the database."""
    require(actor, Right.CAMPAIGN)
    collaboration = get_collaboration(actor.workspace_id, collaboration_id)
    _, pair = governance.signing_key(actor.workspace_id, now)
    members, keys = evidence_members(collaboration, now)
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    about = {
        "workspace": collaboration.workspace.slug,
        "campaign": collaboration.campaign.name,
        "collaboration": collaboration.pk,
        "exported_at": at,
    }
    content = evidence_zip(members, about=about, keys=keys, pair=pair, at=at)
    governance.record(
        verb="campaigns.evidence_exported",
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        actor=actor,
        now=now,
        facts={"sha256": hashlib.sha256(content).hexdigest(), "members": len(members), "key": pair.name},
    )
    return EvidenceFile(f"evidence-{collaboration.pk}-{now:%Y-%m-%d}.zip", content)
