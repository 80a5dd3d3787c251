"""Commands of policies: what machines may do by themselves, and the switch that stops all of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.governance import actions, queries
from sillage.governance.access import operator
from sillage.governance.cli.approvals import Amount
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.policy_limits import Limits


@click.group()
def policy() -> None:
    """What machines may do by themselves."""


@policy.command("list")
@operator
@json_option
def policy_list(actor: Actor, as_json: bool) -> None:
    """Policies, the live ones first."""
    now = timezone.now()
    stopped = queries.policies_stopped(actor.workspace_id)
    rows = [
        (
            s.policy.pk,
            s.policy.verb,
            "stopped" if s.is_live and stopped else "live" if s.is_live else "ended",
            "; ".join(f"{field}: {', '.join(map(str, values))}" for field, values in s.policy.scope.items())
            or "anything",
            s.policy.threshold,
            f"{s.today} of {s.policy.per_day}",
            s.uses,
            f"{s.right} right, {s.wrong} wrong",
            s.undone,
            f"{s.policy.expires_at:%Y-%m-%d}",
        )
        for s in queries.list_policies(actor.workspace_id, now)
    ]
    columns = ("id", "act", "state", "scope", "confidence from", "today", "uses", "looked at", "undone", "until")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["id", "uses", "undone"])


def _scope(given: tuple[str, ...]) -> dict[str, list[str]]:
    scope: dict[str, list[str]] = {}
    for one in given:
        field, separator, value = one.partition("=")
        if not separator:
            raise click.BadParameter(f"“{one}” is not FIELD=VALUE", param_hint="--scope")
        scope.setdefault(field, []).append(value)
    return scope


@policy.command("allow")
@click.argument("verb")
@click.option("--scope", "scopes", multiple=True, help="FIELD=VALUE that it may touch; may be repeated.")
@click.option("--threshold", type=Amount(), help="Least confidence, from 0 to 1.")
@click.option("--per-day", required=True, type=click.IntRange(1), help="Uses per day, in UTC.")
@click.option("--amount-per-day", type=Amount())
@click.option("--currency", default="EUR", show_default=True)
@click.option("--sample", "sample_percent", type=click.IntRange(0, 100), default=10, show_default=True)
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True)
@click.option("--reason", required=True)
@operator
def policy_allow(
    actor: Actor,
    verb: str,
    scopes: tuple[str, ...],
    days: int,
    sample_percent: int,
    reason: str,
    amount_per_day: Decimal | None,
    currency: str,
    **given: Any,
) -> None:
    """Let machines do one kind of thing within limits, until a day."""
    now = timezone.now()
    limits = Limits(
        scope=_scope(scopes),
        amount_per_day=amount_per_day,
        currency="" if amount_per_day is None else currency,
        expires_at=now + timedelta(days=days),
        **given,
    )
    made = actions.allow_policy(
        verb=verb, limits=limits, sample_percent=sample_percent, reason=reason, actor=actor, now=now
    )
    click.echo(f"Policy {made.pk} is live until {made.expires_at:%Y-%m-%d}.")


@policy.command("stop")
@click.option("--reason", default="")
@operator
def policy_stop(actor: Actor, reason: str) -> None:
    """Stop every policy of the workspace at once."""
    actions.stop_policies(reason=reason, actor=actor, now=timezone.now())
    click.echo("Every policy is stopped: machines do nothing by themselves.")


@policy.command("resume")
@click.option("--reason", default="")
@operator
def policy_resume(actor: Actor, reason: str) -> None:
    """Let the policies go on."""
    actions.resume_policies(reason=reason, actor=actor, now=timezone.now())
    click.echo("The policies go on, within their limits.")


@policy.command("end")
@click.argument("policy_id", type=int)
@operator
def policy_end(actor: Actor, policy_id: int) -> None:
    """End one policy."""
    actions.end_policy(policy_id=policy_id, actor=actor, now=timezone.now())
    click.echo(f"Policy {policy_id} is ended.")


@policy.command("uses")
@click.option("--policy", "policy_id", type=int)
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 200))
@operator
@json_option
def policy_uses(actor: Actor, policy_id: int | None, limit: int, as_json: bool) -> None:
    """What machines did, the newest first."""
    rows = [
        (
            u.pk,
            u.policy_id,
            u.policy.verb,
            f"{u.subject_kind} {u.subject_id}",
            f"{u.machine_kind} {u.machine_name} {u.machine_version}".strip(),
            u.score,
            f"{u.used_at:%Y-%m-%d %H:%M}",
            "undone" if u.undone_at else u.verdict or ("to look at" if u.is_sampled else None),
        )
        for u in queries.list_uses(actor.workspace_id, policy_id=policy_id, limit=limit).items
    ]
    columns = ("id", "policy", "act", "of", "machine", "confidence", "at (UTC)", "state")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["id", "policy"])


@policy.command("undo")
@click.argument("use_id", type=int)
@click.option("--reason", default="")
@operator
def policy_undo(actor: Actor, use_id: int, reason: str) -> None:
    """Undo what a machine did."""
    actions.undo_use(use_id=use_id, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"Use {use_id} is undone.")
