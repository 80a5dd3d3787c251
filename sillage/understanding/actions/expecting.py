"""Expecting the results of accounts' next posts: one model per measure and workspace, then account by account.

Committed in chunks, so that a run that is killed goes on where it stopped; the ledger entry closes a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.account_signals import Found, keep_account_signals
from sillage.understanding.engine.boosting import can_grow
from sillage.understanding.engine.expecting import (
    COVERAGE,
    FEWEST_HISTORY,
    FEWEST_ROWS,
    VERSION,
    Forecaster,
    train,
)
from sillage.understanding.engine.history import Past, PostDone, PostMade, codes_of, row_table, table_of
from sillage.understanding.engine.next_post import formats_used, next_post
from sillage.understanding.engine.statements import Number, Statement, digest_of
from sillage.understanding.models import FittedModel
from sillage.understanding.queries.account_signals import EXPECTED, judgeable_accounts
from sillage.understanding.queries.expecting import INTERACTIONS, VIEWS, by_account, posts_done

CHUNK = 500
MEASURES = (VIEWS, INTERACTIONS)


class ForecastUnavailable(Refusal):
    """LightGBM cannot run on this machine."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """One measure of a workspace: each account's posts, and the model, None where there are too few posts."""

    posts: Mapping[int, Sequence[PostDone]]
    rows: int
    model: Forecaster | None


def expect_results(
    *, actor: Actor, now: datetime, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Train where posts changed, and say what a next post may come to. Returns of how many accounts something is new."""
    require(actor, Right.CATALOGUE)
    if not can_grow():
        raise ForecastUnavailable(
            Sentence("LightGBM cannot run here: it does not find OpenMP."),
            Sentence("Install libgomp1 (Debian, Ubuntu) or libomp (macOS)."),
        )
    due = judgeable_accounts(actor.workspace_id)
    measured = {measure: _measured(actor.workspace_id, measure, now) for measure in MEASURES}
    changed = 0
    for start in range(0, len(due), CHUNK):
        found = [_found(account, measured) for account in due[start : start + CHUNK]]
        changed += keep_account_signals(EXPECTED, VERSION, found, now)
        on_progress(min(start + CHUNK, len(due)), len(due))
    if changed:
        models = {name: m.model.version for name, m in measured.items() if m.model}
        governance.record(
            verb="understanding.results_expected",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"accounts": len(due), "changed": changed, "models": models},
        )
    return changed


@transaction.atomic
def _measured(workspace_id: int, measure: str, now: datetime) -> _Measured:
    """The model that was trained on exactly these posts is used again."""
    posts = posts_done(workspace_id, measure)
    digest = digest_of([VERSION, *([p.made.account, p.made.at, p.made.format, p.count] for p in posts)])
    name, version = f"{EXPECTED}_{measure}", f"{digest:x}"
    kept = FittedModel.objects.filter(workspace_id=workspace_id, name=name, version=version).first()
    if kept is not None:
        return _Measured(by_account(posts), len(posts), Forecaster.from_bytes(bytes(kept.body)))
    codes = codes_of([p.made for p in posts])
    model = train(table_of(posts, codes), codes) if len(posts) >= FEWEST_ROWS else None
    if model is not None:
        FittedModel.objects.update_or_create(
            workspace_id=workspace_id,
            name=name,
            version=version,
            defaults={"body": model.to_bytes(), "n": model.trained + model.calibrated, "fitted_at": now},
        )
        FittedModel.objects.filter(workspace_id=workspace_id, name=name).exclude(version=version).delete()
    return _Measured(by_account(posts), len(posts), model)


def _found(account_id: int, measured: Mapping[str, _Measured]) -> Found:
    value: dict[str, Any] = {}
    told: list[Statement] = []
    for measure, known in measured.items():
        posts = known.posts.get(account_id, ())
        if known.model is None or len(posts) < FEWEST_HISTORY:
            told.append(_why_not(measure, len(posts), known))
            continue
        value[measure] = _by_format(posts, known.model)
        numbers: dict[str, Number] = {"measure": measure, "posts": len(posts), "calibrated": known.model.calibrated}
        told.append(Statement("expected.history", numbers, True))
    evidence = [s.as_json() for s in told]
    return Found(account_id, digest_of([value, evidence]), value, COVERAGE if value else 0.0, evidence)


def _why_not(measure: str, posts: int, known: _Measured) -> Statement:
    if known.model is None and posts:
        return Statement("expected.few_rows", {"measure": measure, "rows": known.rows, "needed": FEWEST_ROWS})
    return Statement("expected.no_history", {"measure": measure, "posts": posts, "needed": FEWEST_HISTORY})


def _by_format(posts: Sequence[PostDone], model: Forecaster) -> dict[str, Any]:
    """{format: interval} of the formats in use; formats that are not known stand under ""."""
    past = Past(posts)
    wanted: list[PostMade] = [next_post(posts, form) for form in formats_used(posts)]
    table = row_table([past.row(post, model.codes) for post in wanted], len(posts))
    expected = model.expect(table)
    return {
        post.format or "": {
            "low": round(e.low),
            "point": round(e.point),
            "high": round(e.high),
            "posts": sum(p.made.format == post.format for p in posts),
        }
        for post, e in zip(wanted, expected, strict=True)
    }
