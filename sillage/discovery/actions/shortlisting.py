"""From a brief to a shortlist: retrieve, measure, add up, keep the best with their reasons and receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from sillage import __version__
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Card
from sillage.discovery.engine import score as s
from sillage.discovery.engine.exposure import Place, exposure
from sillage.discovery.engine.metrics import AFFINITY
from sillage.discovery.engine.score import Scored, most_diverse, scored
from sillage.discovery.engine.wanted import Wanted
from sillage.discovery.models import Brief, Candidate, Shortlist
from sillage.discovery.queries.briefs import decisions_of, excluded_accounts, get_brief
from sillage.discovery.queries.evidence import evidence_of
from sillage.discovery.queries.pool import Pool, pool_of
from sillage.discovery.queries.wanted import wanted_by
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.receipts import Input, Receipt, receipt_of
from sillage.lib.sentences import Sentence
from sillage.understanding.lens import lens_of
from sillage.understanding.queries import current_versions, profiles_of

KEPT = 500  # of the pool: enough for sliders to re-rank without computing again
LONGEST = 200


class BriefHasNoThemes(Refusal):
    """No theme was recognised in the brief, and nobody chose one."""

    def __init__(self, brief: Brief) -> None:
        super().__init__(
            Sentence(
                "No theme was recognised in the brief “%(brief)s”, so there is nothing to rank creators by.",
                brief=brief.title,
            ),
            Sentence("Name subjects that creators talk about, or choose themes from the list."),
        )


class NobodyPasses(Refusal):
    """The filters leave no account."""


@transaction.atomic
def shortlist(*, brief_id: int, limit: int, actor: Actor, now: datetime) -> Shortlist:
    """Rank the workspace's accounts by affinity to a brief and keep the best, each with its reasons and evidence.

    Accounts that a person dismissed for this brief or that stand on an exclusion list are left out; pinned ones stay in.
    """
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    if not brief.themes:
        raise BriefHasNoThemes(brief)
    wanted = wanted_by(brief)
    decisions = decisions_of(brief)
    pinned = [a for a, d in decisions.items() if d.kind == "pinned"]
    filters = _filters(brief, {a for a, d in decisions.items() if d.kind == "dismissed"})
    pool = pool_of(actor.workspace_id, wanted, filters, brief.weights, now, pinned)
    if not pool.account_ids:
        raise NobodyPasses(
            Sentence("No account with posts passes the filters of “%(brief)s”.", brief=brief.title),
            Sentence("Widen the countries, languages or follower range, or import more creators."),
        )
    made = _keep(brief, wanted, pool, set(pinned), max(1, min(limit, LONGEST)), actor, now)
    governance.record(
        verb="discovery.shortlisted",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"shortlist": made.pk, "considered": pool.considered, "kept": limit, "versions": pool.versions},
    )
    return made


def _filters(brief: Brief, dismissed: set[int]) -> CardFilters:
    without = dismissed | excluded_accounts(brief.workspace_id) | set(brief.filters.get("without_accounts", []))
    return CardFilters.parse({**brief.filters, "without_accounts": sorted(without)})


def _keep(
    brief: Brief, wanted: Wanted, pool: Pool, pinned: set[int], limit: int, actor: Actor, now: datetime
) -> Shortlist:
    result = scored(pool.parts, brief.weights)
    ranked = ranked_places(pool, result, pinned, limit, brief.diversity)
    made = Shortlist.objects.create(
        brief=brief,
        weights=brief.weights,
        diversity=brief.diversity,
        versions=pool.versions,
        considered=pool.considered,
        pool=len(pool.account_ids),
        limit=limit,
        exposure=_exposure(pool, ranked),
        computed_at=now,
    )
    reasons = reasons_for(wanted, pool.account_ids, pool.cards, pool.parts, result, ranked, brief.workspace_id)
    proofs = {i: _proof(pool.account_ids[i], result, i, now) for i in ranked}
    rank_of = {i: rank for rank, i in enumerate(ranked, 1)}
    best = [int(i) for i in np.argsort(-result.score, kind="stable")[:KEPT]]
    Candidate.objects.bulk_create(
        [
            Candidate(
                shortlist=made,
                account_id=pool.account_ids[i],
                rank=rank_of.get(i),
                score=float(result.score[i]),
                parts={name: _or_none(column[i]) for name, column in pool.parts.items()},
                reasons=reasons.get(i, []),
                receipt_key=proofs[i].key if i in proofs else "",
            )
            for i in dict.fromkeys([*ranked, *best])
        ],
        batch_size=500,
    )
    governance.keep_receipts(workspace_id=brief.workspace_id, proven=proofs.values())
    return made


def ranked_places(pool: Pool, result: Scored, pinned: set[int], limit: int, diversity: float) -> list[int]:
    """Places in the pool, best first: as diversity asks, with pinned accounts that would not make it put at the end."""
    chosen = most_diverse(result.score, pool.vectors, limit, diversity)
    missing = [i for i, a in enumerate(pool.account_ids) if a in pinned and i not in chosen]
    missing.sort(key=lambda i: -result.score[i])
    return [*chosen[: max(0, limit - len(missing))], *missing]


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _proof(account_id: int, result: Scored, at: int, now: datetime) -> Receipt:
    points = {name: round(float(column[at]), 6) for name, column in result.points.items()}
    inputs = {"points": Input([points[name] for name in (*s.REASONS, *s.PENALTIES)])}
    subject = f"account:{account_id}"
    return receipt_of(AFFINITY, inputs, subject=subject, n=len(points), computed_at=now, code_version=__version__)


def _exposure(pool: Pool, ranked: Sequence[int]) -> dict[str, Any]:
    places = [Place(c.followers, c.country, c.languages[0] if c.languages else None) for c in pool.cards]
    by_reach = sorted(range(len(places)), key=lambda i: -(places[i].followers or -1))[: len(ranked)]
    return exposure([places[i] for i in ranked], [places[i] for i in by_reach], places)


def reasons_for(
    wanted: Wanted,
    account_ids: Sequence[int],
    cards: Sequence[Card],
    parts: Mapping[str, s.Column],
    result: Scored,
    shown: Sequence[int],
    workspace_id: int,
) -> dict[int, list[dict[str, Any]]]:
    """Per shown place: every reason with its points, its part, what it counted, and up to three posts."""
    ids = [account_ids[i] for i in shown]
    languages = {account_ids[i]: (cards[i].languages[0] if cards[i].languages else None) for i in shown}
    lens = lens_of(workspace_id)
    evidence = evidence_of(wanted, ids, languages, lens, current_versions(workspace_id))
    profiles = profiles_of(ids)
    return {
        i: [
            {
                "reason": name,
                "points": round(float(result.points[name][i]), 6),
                "part": _or_none(parts[name][i]),
                "detail": _detail(name, wanted, cards[i], profiles[account_ids[i]].themes),
                "posts": evidence[account_ids[i]].get(name, []),
            }
            for name in (*s.REASONS, *s.PENALTIES)
            if _is_told(name, parts[name][i])
        ]
        for i in shown
    }


def _is_told(name: str, part: float) -> bool:
    """Every reason is told, also an unmeasured one; a penalty only where it bites."""
    return name in s.REASONS or bool(part > 0)


def _detail(name: str, wanted: Wanted, card: Card, themes: Mapping[str, float]) -> dict[str, Any]:
    match name:
        case s.THEMES:
            return {"shares": {t: round(themes.get(t, 0.0), 4) for t in wanted.themes}}
        case s.UNWANTED_THEMES:
            return {"shares": {t: round(themes[t], 4) for t in sorted(wanted.unwanted_themes) if t in themes}}
        case s.ENGAGEMENT:
            return {"rate": card.engagement_rate, "percentile": card.engagement_percentile}
        case s.RHYTHM:
            last = card.last_post_on.isoformat() if card.last_post_on else None
            return {"posts_per_week": card.posts_per_week, "last_post_on": last}
        case s.BRANDS:
            return {"brands": sorted(wanted.brands & set(card.brands))}
        case s.WARNINGS:
            return {"warnings": card.warnings}
        case s.SATURATION:
            return {"sponsored_share": card.sponsored_share}
    return {}
