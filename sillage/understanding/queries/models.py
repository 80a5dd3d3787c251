"""What reads in a workspace: each enricher that people correct, with its figures, its corrections and its candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sillage.understanding.engine.agreement import Agreement
from sillage.understanding.engine.chain import Themes
from sillage.understanding.engine.corrections import correctable
from sillage.understanding.engine.intents import Intents
from sillage.understanding.engine.learning import LEARNERS
from sillage.understanding.engine.tone import Tone
from sillage.understanding.models import Head
from sillage.understanding.queries.corrections import Read, agreement, count_corrections, get_reads, tag_enricher
from sillage.understanding.queries.learning import CURRENT, RETIRED, SHADOW, list_heads, versions_seen
from sillage.understanding.queries.tags import list_tags

_SHIPPED = {"themes": Themes, "tone": Tone, "intent": Intents}


@dataclass(frozen=True, slots=True)
class Reading:
    """An enricher as it reads. `kind` is rule or model; `version` "" where nothing reads yet.

    `figures` are those that were measured when its head was trained; none for what ships.
    """

    enricher: str
    name: str  # of a tag; "" for the enrichers that ship
    learns: bool
    kind: str
    version: str
    current: Head | None
    candidate: Head | None
    before: int  # heads that could read again
    corrections: int
    agreement: Agreement

    @property
    def figures(self) -> list[Mapping[str, Any]]:
        return list(self.current.figures.get("measured", [])) if self.current else []


def list_reading(workspace_id: int) -> list[Reading]:
    """The enrichers that ship, then the workspace's tags."""
    heads: dict[str, list[Head]] = {}
    for head in list_heads(workspace_id):
        heads.setdefault(head.enricher, []).append(head)
    counts = count_corrections(workspace_id)
    names = {tag_enricher(tag.key): tag.name for tag in list_tags(workspace_id)}
    return [
        _reading(workspace_id, enricher, names.get(enricher, ""), heads.get(enricher, []), counts.get(enricher, 0))
        for enricher in (*correctable(), *names)
    ]


def _reading(workspace_id: int, enricher: str, name: str, heads: list[Head], corrections: int) -> Reading:
    current = next((head for head in heads if head.state == CURRENT), None)
    return Reading(
        enricher=enricher,
        name=name,
        learns=bool(name) or enricher in LEARNERS,
        kind="model" if current else "rule",
        version=current.version if current else _shipped_version(workspace_id, enricher, name),
        current=current,
        candidate=next((head for head in heads if head.state == SHADOW), None),
        before=sum(head.state == RETIRED and head.decided_at is not None for head in heads),
        corrections=corrections,
        agreement=agreement(workspace_id, enricher),
    )


def _shipped_version(workspace_id: int, enricher: str, name: str) -> str:
    """Of what ships; of enrichers made elsewhere, the version that left most signals."""
    if name:
        return ""
    if enricher in _SHIPPED:
        return str(_SHIPPED[enricher]().version)
    seen = versions_seen(workspace_id, enricher)
    return max(seen, key=lambda version: seen[version]) if seen else ""


def differences_shown(workspace_id: int, head: Head, most: int = 20) -> list[tuple[Mapping[str, Any], Read]]:
    """Where a candidate differs from what reads today, with the text as it stands now."""
    wanted = [(d["kind"], int(d["account_id"]), int(d["subject_id"])) for d in head.differences[:most]]
    reads = get_reads(workspace_id, wanted)
    return [(d, reads[w]) for d, w in zip(head.differences[:most], wanted, strict=False) if w in reads]
