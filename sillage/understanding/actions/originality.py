"""Looking for what was published before, and for how far accounts' words lie from those of their theme.

All posts of a workspace are compared at once; what was found is committed in chunks of accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.understanding.actions.account_signals import Found, keep_account_signals
from sillage.understanding.engine.echoes import Echo, Echoes, echoes
from sillage.understanding.engine.originality import VERSION, alike
from sillage.understanding.engine.statements import Number, Statement, digest_of
from sillage.understanding.queries.account_signals import ORIGINALITY, judgeable_accounts
from sillage.understanding.queries.originality import OwnWords, list_written, own_words

CHUNK = 500
FAR, NEAR = 0.9, 0.1  # percentiles within the theme, beyond which words are told as far from it or near to it


def measure_originality(
    *, actor: Actor, now: datetime, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Compare what all accounts published. Returns of how many something new is said."""
    require(actor, Right.CATALOGUE)
    due = judgeable_accounts(actor.workspace_id)
    texts = list_written(actor.workspace_id, len(due))
    found, words = echoes(texts, alike([t.text for t in texts])), own_words(actor.workspace_id)
    changed = 0
    for start in range(0, len(due), CHUNK):
        rows = [
            _found(account, found.get(account, Echoes()), words.get(account)) for account in due[start : start + CHUNK]
        ]
        changed += keep_account_signals(ORIGINALITY, VERSION, rows, now)
        on_progress(min(start + CHUNK, len(due)), len(due))
    if changed:
        governance.record(
            verb="understanding.originality_measured",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"accounts": len(due), "texts": len(texts), "changed": changed, "version": VERSION},
        )
    return changed


def _found(account_id: int, own: Echoes, words: OwnWords | None) -> Found:
    value = {
        "read": own.read,
        "own": own.own,
        "others": own.others,
        "archive": own.archive,
        "followed": own.followed,
        "uniqueness": _uniqueness(words),
        "examples": [_example(echo) for echo in own.examples],
    }
    evidence = [s.as_json() for s in (*_echo_statements(own), *_word_statements(words))]
    return Found(account_id, digest_of([value, evidence]), value, round(own.read / (own.read + 10), 3), evidence)


def _uniqueness(words: OwnWords | None) -> dict[str, Any] | None:
    if words is None or words.found is None:
        return None
    found = words.found
    return {
        "distance": found.distance,
        "percentile": found.percentile,
        "others": found.n,
        "theme": words.theme,
        "language": words.language,
    }


def _example(echo: Echo) -> dict[str, Any]:
    """Ids only: texts are read from their posts when they are shown, and are gone when those are."""
    return {
        "post": str(echo.post),
        "kind": echo.kind,
        "of_account": None if echo.of.account is None else str(echo.of.account),
        "of_post": None if echo.of.post is None else str(echo.of.post),
        "brand": echo.of.brand,
        "similarity": echo.similarity,
        "days": echo.days,
    }


def _echo_statements(own: Echoes) -> list[Statement]:
    if not own.read:
        return [Statement("originality.unknown")]
    found = [
        Statement("originality.others", {"posts": own.others, "read": own.read, "accounts": len(own.sources)}, False),
        Statement("originality.own", {"posts": own.own, "read": own.read}, False),
        Statement("originality.archive", {"posts": own.archive, "brands": ", ".join(sorted(own.brands))}, False),
        Statement("originality.followed", {"posts": own.followed, "accounts": len(own.followers)}, True),
    ]
    told = [s for s in found if s.numbers["posts"]]
    return told or [Statement("originality.none", {"read": own.read}, True)]


def _word_statements(words: OwnWords | None) -> list[Statement]:
    if words is None:
        return []
    if words.found is None:
        return [Statement("originality.few_others", {"theme": words.theme, "language": words.language})]
    numbers: dict[str, Number] = {
        "percentile": words.found.percentile,
        "others": words.found.n,
        "theme": words.theme,
        "language": words.language,
    }
    percentile = words.found.percentile
    name = "far" if percentile >= FAR else "near" if percentile <= NEAR else "between"
    return [Statement(f"originality.{name}", numbers, True if name == "far" else None)]
