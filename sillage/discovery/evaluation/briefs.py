"""The brief test: briefs with known answers over the invented sample world, against reach ranking and full-text search.

What is relevant comes from the world's own truth, which Sillage never reads. Weights were chosen on the briefs marked
"tune"; figures are reported for both halves, and only those of "test" count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.catalogue.queries import list_accounts, matching_accounts, posts_of
from sillage.catalogue.sample.world import World
from sillage.discovery.engine.score import DEFAULT_WEIGHTS, scored
from sillage.discovery.evaluation.full_text import bm25
from sillage.discovery.evaluation.ranking_quality import Mean, bootstrap_mean, ndcg
from sillage.discovery.evaluation.relevance import EvaluationBrief, graded_relevance, load_briefs
from sillage.discovery.queries.pool import Pool, pool_of
from sillage.discovery.queries.reading import unsaved_brief
from sillage.discovery.queries.wanted import wanted_by

AT = 10
SEED = 7
SYSTEMS = ("Sillage", "full-text search (BM25)", "reach ranking")


@dataclass(frozen=True, slots=True)
class BriefRow:
    """nDCG@10 of each system for one brief."""

    brief: EvaluationBrief
    relevant: int
    ndcg: Mapping[str, float]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefEvaluation:
    rows: tuple[BriefRow, ...]

    def mean(self, system: str, rows: Sequence[BriefRow]) -> Mean:
        return bootstrap_mean([r.ndcg[system] for r in rows], SEED)

    def groups(self) -> dict[str, list[BriefRow]]:
        """The rows of each group that is reported."""
        test = [r for r in self.rows if r.brief.split == "test"]
        return {
            "tune": [r for r in self.rows if r.brief.split == "tune"],
            "test": test,
            "test, French briefs": [r for r in test if r.brief.language == "fr"],
            "test, English briefs": [r for r in test if r.brief.language == "en"],
            "test, across languages": [r for r in test if r.brief.crosses_languages],
        }


def evaluate_briefs(workspace_id: int, world: World, now: datetime) -> BriefEvaluation:
    """Run every brief over a workspace that holds the world."""
    texts = _texts(workspace_id)
    return BriefEvaluation(tuple(_row(workspace_id, brief, world, texts, now) for brief in load_briefs()))


def _row(workspace_id: int, brief: EvaluationBrief, world: World, texts: Mapping[int, str], now: datetime) -> BriefRow:
    grades = graded_relevance(brief, world)
    given = filters_of(brief)
    pool, themes = measured(workspace_id, brief, now)
    result = scored(pool.parts, DEFAULT_WEIGHTS)
    ours = [pool.account_ids[i] for i in (-result.score).argsort(kind="stable")]
    passing = matching_accounts(workspace_id=workspace_id, filters=CardFilters.parse(given), limit=100_000)
    accounts = list_accounts(workspace_id, {*passing, *ours})
    rankings = {
        SYSTEMS[0]: ours,
        SYSTEMS[1]: _by_text(brief, passing, texts),
        SYSTEMS[2]: sorted(passing, key=lambda a: -(accounts[a].card.followers or -1)),
    }
    scores = {name: ndcg(_creators(ranked, accounts), grades, AT) for name, ranked in rankings.items()}
    return BriefRow(brief, len(grades), scores, themes)


def measured(workspace_id: int, brief: EvaluationBrief, now: datetime) -> tuple[Pool, tuple[str, ...]]:
    """The brief's pool with its parts, and the themes that were read in it."""
    kept = unsaved_brief(
        workspace_id, {"text": brief.text, "language": brief.language, "filters": filters_of(brief)}, now
    )
    filters = CardFilters.parse(kept.filters)
    return pool_of(workspace_id, wanted_by(kept), filters, DEFAULT_WEIGHTS, now), tuple(kept.themes)


def filters_of(brief: EvaluationBrief) -> dict[str, object]:
    """The filters that the brief's author set beside the text."""
    given = {
        "countries": list(brief.countries),
        "networks": list(brief.networks),
        "languages": list(brief.languages),
        "min_followers": brief.min_followers,
        "max_followers": brief.max_followers,
    }
    return {name: value for name, value in given.items() if value}


def _texts(workspace_id: int) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    ids = Account.objects.filter(workspace_id=workspace_id).values_list("pk", flat=True)
    for post in posts_of(list(ids)):
        found.setdefault(post.account_id, []).append(f"{post.title} {post.text} {' '.join(post.hashtags)}")
    return {account: " ".join(words) for account, words in found.items()}


def _by_text(brief: EvaluationBrief, passing: Sequence[int], texts: Mapping[int, str]) -> list[int]:
    known = [a for a in passing if texts.get(a, "").strip()]
    if not known:
        return []
    scores = bm25([brief.text], [texts[a] for a in known])[0]
    return [known[i] for i in (-scores).argsort(kind="stable") if scores[i] > 0]


def _creators(ranked: Sequence[int], accounts: Mapping[int, Account]) -> list[str]:
    """Creators in the order of their best account."""
    return list(dict.fromkeys(accounts[a].creator.key for a in ranked if a in accounts))


def as_markdown(evaluation: BriefEvaluation) -> str:
    lines = [f"| briefs | n | {' | '.join(SYSTEMS)} |", f"|---|---:|{'---|' * len(SYSTEMS)}"]
    for name, rows in evaluation.groups().items():
        if rows:
            figures = " | ".join(str(evaluation.mean(system, rows)) for system in SYSTEMS)
            lines.append(f"| {name} | {len(rows)} | {figures} |")
    return "\n".join(lines) + "\n"
