"""Looking at whether the numbers of accounts fit together, account by account.

Committed in chunks, so that a run that is killed goes on where it stopped; the ledger entry closes a run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.understanding.actions.account_signals import Found, keep_account_signals
from sillage.understanding.engine.authenticity import VERSION, AccountSeen, Authenticity, authenticity
from sillage.understanding.engine.statements import digest_of
from sillage.understanding.queries.account_signals import AUTHENTICITY, judgeable_accounts
from sillage.understanding.queries.authenticity import cohorts_of, seen_of

CHUNK = 200


def measure_authenticity(
    *, actor: Actor, now: datetime, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Look at every account of the workspace. Returns of how many something new is said."""
    require(actor, Right.CATALOGUE)
    cohorts, due, changed = cohorts_of(actor.workspace_id), judgeable_accounts(actor.workspace_id), 0
    for start in range(0, len(due), CHUNK):
        accounts = catalogue.list_accounts(actor.workspace_id, due[start : start + CHUNK])
        found = [_found(pk, seen) for pk, seen in seen_of(accounts, cohorts).items()]
        changed += keep_account_signals(AUTHENTICITY, VERSION, found, now)
        on_progress(min(start + CHUNK, len(due)), len(due))
    if changed:
        governance.record(
            verb="understanding.authenticity_measured",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"accounts": len(due), "changed": changed, "version": VERSION},
        )
    return changed


def _found(account_id: int, seen: AccountSeen) -> Found:
    result = authenticity(seen)
    return Found(account_id, digest_of(_made_from(seen)), _value(result), round(result.known, 3), _evidence(result))


def _made_from(seen: AccountSeen) -> list[Any]:
    """Everything that it was made from. The place among others is rounded: it moves a little with every account added."""
    place = seen.place
    return [
        *(seen.followers, seen.following, seen.posts_published, sorted(seen.languages)),
        [[at, n] for at, n in seen.follower_counts],
        [[p.at, p.interactions] for p in seen.posts],
        [[c.post_id, c.text, c.author, c.language] for c in seen.comments],
        [round(place.distance, 1), round(place.percentile, 2), place.n // 10] if place else None,
    ]


def _value(result: Authenticity) -> dict[str, Any]:
    return {
        "low": None if result.low is None else round(result.low, 3),
        "high": None if result.high is None else round(result.high, 3),
        "known": round(result.known, 3),
        "parts": [
            {"name": p.name, "weight": p.weight, "known": round(p.known, 3), "sign": round(p.sign, 3)}
            for p in result.parts
        ],
    }


def _evidence(result: Authenticity) -> list[dict[str, Any]]:
    return [{"part": part.name, **s.as_json()} for part in result.parts for s in part.statements]
