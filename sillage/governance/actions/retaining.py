"""Retention: what has been kept long enough goes, rule by rule, in portions; a killed run goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.retention import RetentionRule, retention_rules
from sillage.governance.models import RetentionRun
from sillage.governance.queries.personal_data import model_of

PORTION = 1_000

Count = Callable[[int, datetime], int]  # of a workspace, from before an instant
Remove = Callable[[int, datetime, datetime, int], int]  # workspace, before, now, most
_special: dict[str, tuple[Count, Remove]] = {}


def retain_with(rule_id: str, count: Count, remove: Remove) -> None:
    """Let a room carry out a rule that takes more than deleting rows: named once, in `front/wiring.py`."""
    _special[rule_id] = (count, remove)


def count_retained(workspace_id: int, now: datetime) -> dict[str, int]:
    """{rule: rows that a run would remove now}."""
    return {rule.id: _count(rule, workspace_id, now) for rule in retention_rules()}


def _rows(rule: RetentionRule, workspace_id: int, now: datetime) -> QuerySet[Model]:
    wanted = {rule.workspace: workspace_id, f"{rule.since}__lt": rule.before(now)}
    return model_of(rule.table)._default_manager.filter(**wanted)


def _count(rule: RetentionRule, workspace_id: int, now: datetime) -> int:
    if rule.special:
        return _special[rule.id][0](workspace_id, rule.before(now))
    return _rows(rule, workspace_id, now).count()


def retain(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Remove what has been kept long enough: {rule: rows}. Committed in portions, one ledger entry at the end.

    A run that was killed is taken up where it stopped, and its entry counts both.
    """
    require(actor, Right.ERASE)
    run = _begun(actor.workspace_id, now)
    for rule in retention_rules():
        while rule.id not in run.rules_done:
            _portion(run, rule, now)
    _finish(run, actor, now)
    return {rule: n for rule, n in run.removed.items() if n}


@transaction.atomic
def _begun(workspace_id: int, now: datetime) -> RetentionRun:
    run, _ = RetentionRun.objects.select_for_update().get_or_create(
        workspace_id=workspace_id, finished_at=None, defaults={"started_at": now}
    )
    return run


@transaction.atomic
def _portion(run: RetentionRun, rule: RetentionRule, now: datetime) -> None:
    """One portion with its count in one transaction; a rule that gave less than a portion is done."""
    locked = RetentionRun.objects.select_for_update().get(pk=run.pk)
    run.rules_done, run.removed = locked.rules_done, locked.removed
    if rule.id in run.rules_done:
        return
    gone = _remove(rule, run.workspace_id, now)
    run.removed = {**run.removed, rule.id: run.removed.get(rule.id, 0) + gone}
    if gone < PORTION:
        run.rules_done = [*run.rules_done, rule.id]
    run.save(update_fields=["rules_done", "removed"])


def _remove(rule: RetentionRule, workspace_id: int, now: datetime) -> int:
    if rule.special:
        return _special[rule.id][1](workspace_id, rule.before(now), now, PORTION)
    rows = _rows(rule, workspace_id, now)
    ids = list(rows.values_list("pk", flat=True)[:PORTION])
    rows.model._default_manager.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def _finish(run: RetentionRun, actor: Actor, now: datetime) -> None:
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    record(
        verb="governance.retained",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"removed": run.removed, "run": run.pk, "started_at": run.started_at.isoformat()},
    )
