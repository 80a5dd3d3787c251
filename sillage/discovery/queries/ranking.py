"""Answers that keep nothing: other weights on a shortlist, "why not X?", and creators like these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account, Card
from sillage.catalogue.queries import get_account, list_accounts, matching_accounts
from sillage.discovery.engine import score as s
from sillage.discovery.engine.score import Column, Scored, most_diverse, scored
from sillage.discovery.models import Brief, Candidate, Decision, Shortlist
from sillage.discovery.queries.briefs import decisions_of, excluded_accounts
from sillage.discovery.queries.pool import card_vectors, pool_of
from sillage.discovery.queries.wanted import wanted_by, wanted_like
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence


class NothingToResemble(Refusal):
    """Of the accounts to resemble no post has been read."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a list that was not kept. `points` are per reason and penalty, and add up to `score`."""

    account_id: int
    rank: int
    score: float
    points: dict[str, float]
    parts: dict[str, float | None]


def reranked(shortlist: Shortlist, weights: Mapping[str, float], diversity: float, limit: int) -> list[Ranked]:
    """The shortlist's pool under other weights: nothing is measured again, so sliders answer at once."""
    candidates = list(
        Candidate.objects.filter(shortlist=shortlist).order_by("-score").values_list("account_id", "parts")
    )
    parts = {
        name: np.array([np.nan if p[name] is None else p[name] for _, p in candidates], dtype=float)
        for name in (*s.REASONS, *s.PENALTIES)
    }
    ids = [account for account, _ in candidates]
    result = scored(parts, weights)
    vectors = card_vectors(ids) if diversity > 0 else np.zeros((len(ids), 1), dtype=np.float32)
    places = most_diverse(result.score, vectors, limit, diversity)
    return [_line(ids[i], rank, i, parts, result) for rank, i in enumerate(places, 1)]


def _line(account_id: int, rank: int, at: int, parts: Mapping[str, Column], result: Scored) -> Ranked:
    return Ranked(
        account_id,
        rank,
        float(result.score[at]),
        {name: float(column[at]) for name, column in result.points.items()},
        {name: None if np.isnan(column[at]) else float(column[at]) for name, column in parts.items()},
    )


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an account is not in a shortlist. `rank` is where it stands among all; `failed` names the filters it fails."""

    account: Account
    line: Ranked | None
    considered: int
    last_score: float | None  # of the last account in the shortlist
    failed: list[str]
    decision: Decision | None
    is_excluded: bool
    has_profile: bool

    def sentences(self) -> list[str]:
        """The answer in words, most decisive first."""
        said = []
        if self.decision is not None:
            said.append(
                f"{self.account} was {self.decision.kind} for this brief: {self.decision.reason or 'no reason given'}."
            )
        if self.is_excluded:
            said.append(f"{self.account} is on an exclusion list.")
        if self.failed:
            said.append(f"It does not pass these filters: {', '.join(self.failed)}.")
        if self.line is None:
            return [*said, f"Nothing that {self.account} posted has been read yet."]
        said.append(
            f"It would have {self.line.score:.1f} points, place {self.line.rank} of {self.considered} without filters."
        )
        if self.last_score is not None and self.line.score < self.last_score:
            said.append(f"The last one in the shortlist has {self.last_score:.1f}.")
        return said


def why_not(brief: Brief, key: str, shortlist: Shortlist | None, now: datetime) -> WhyNot:
    """Measure one account for a brief as if no filter stood in its way, and say which ones do."""
    account = get_account(brief.workspace_id, key)
    wanted = wanted_by(brief)
    pool = pool_of(brief.workspace_id, wanted, CardFilters(), brief.weights, now, [account.pk])
    line = None
    if account.pk in pool.account_ids:
        result = scored(pool.parts, brief.weights)
        at = pool.account_ids.index(account.pk)
        rank = int((result.score > result.score[at]).sum()) + 1
        line = _line(account.pk, rank, at, pool.parts, result)
    return WhyNot(
        account=account,
        line=line,
        considered=pool.considered,
        last_score=_last_score(shortlist),
        failed=_failed_filters(brief, account.pk),
        decision=decisions_of(brief, [account.pk]).get(account.pk),
        is_excluded=account.pk in excluded_accounts(brief.workspace_id),
        has_profile=account.pk in pool.account_ids,
    )


def _last_score(shortlist: Shortlist | None) -> float | None:
    if shortlist is None:
        return None
    ranked = Candidate.objects.filter(shortlist=shortlist, rank__isnull=False)
    return ranked.order_by("-rank").values_list("score", flat=True).first()


def _failed_filters(brief: Brief, account_id: int) -> list[str]:
    """Each filter tried alone on this one account."""
    others = Card.objects.filter(workspace_id=brief.workspace_id, account_id=account_id)
    if not others.exists():
        return []
    failed = []
    for name, value in brief.filters.items():
        alone = CardFilters.parse({name: value})
        if not matching_accounts(workspace_id=brief.workspace_id, filters=alone, limit=1, among=[account_id]):
            failed.append(name)
    return failed


def lookalikes(
    workspace_id: int,
    keys: Sequence[str],
    filters: CardFilters,
    weights: Mapping[str, float],
    limit: int,
    now: datetime,
) -> list[Ranked]:
    """Accounts that talk about what these talk about. The creators themselves and excluded accounts are left out."""
    like = [get_account(workspace_id, key) for key in keys]
    if not like:
        raise NotFound(Sentence("There is nobody to resemble."), Sentence("Name at least one account."))
    without = sorted(excluded_accounts(workspace_id) | set(filters.without_accounts))
    own = {a.creator_id for a in like} | set(filters.without_creators)
    given: dict[str, Any] = {**filters.as_mapping(), "without_accounts": without, "without_creators": sorted(own)}
    wanted = wanted_like(workspace_id, like)
    if not (wanted.themes or wanted.text or wanted.meanings):
        raise NothingToResemble(
            Sentence("Nothing that %(accounts)s posted has been read yet.", accounts=", ".join(map(str, like))),
            Sentence("Bring in posts of theirs and run `sillage enrich`, or name other accounts."),
        )
    pool = pool_of(workspace_id, wanted, CardFilters.parse(given), weights, now)
    result = scored(pool.parts, weights)
    places = [i for i in most_diverse(result.score, pool.vectors, limit, 0.0) if result.score[i] > 0]
    return [_line(pool.account_ids[i], rank, i, pool.parts, result) for rank, i in enumerate(places, 1)]


def accounts_of(workspace_id: int, lines: Sequence[Ranked]) -> dict[int, Account]:
    return list_accounts(workspace_id, [line.account_id for line in lines])
