"""Commands of approvals: what awaits a word, the word itself, rules, keys, and files that prove themselves."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.governance import actions, queries
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor, Role
from sillage.governance.engine.acts import Verdict
from sillage.governance.engine.approval_file import FileCheck, check_approval_file
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import Malformed, Refusal


class ApprovalFileBroken(Refusal):
    """An approval file says something else than what was signed."""


class NotADecimal(Malformed):
    """An amount is a decimal number."""


class Amount(click.ParamType[Decimal]):
    """A decimal number."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise NotADecimal(f"“{value}” is no amount.", "Write it as 1200 or 1200.50.") from error


@click.group()
def approval() -> None:
    """What people approve before it leaves the house."""


def _row(request: ApprovalRequest, standing: str) -> dict[str, Any]:
    return {
        "id": request.pk,
        "standing": standing,
        "act": request.verb,
        "of": f"{request.subject_kind} {request.subject_id}",
        "summary": request.summary,
        "amount": None if request.amount is None else f"{request.amount:.2f} {request.currency}",
        "asked by": request.asked_by_name,
        "expires": f"{request.expires_at:%Y-%m-%d %H:%M}",
    }


@approval.command("list")
@click.option("--all", "everything", is_flag=True, help="All that was asked, not only what awaits you.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 200), help="With --all.")
@operator
@json_option
def approval_list(actor: Actor, everything: bool, limit: int, as_json: bool) -> None:
    """What awaits your word."""
    now = timezone.now()
    if everything:
        found = [_row(a.request, a.standing) for a in queries.list_requests(actor.workspace_id, now, limit=limit).items]
    else:
        found = [_row(request, "waiting") for request in queries.list_awaiting(actor, now)]
    if as_json:
        return show_json(found)
    columns = ("id", "standing", "act", "of", "summary", "amount", "asked by", "expires")
    return show_table("", columns, [tuple(row.values()) for row in found], right=["id", "amount"])


@approval.command("show")
@click.argument("request_id", type=int)
@operator
@json_option
def approval_show(actor: Actor, request_id: int, as_json: bool) -> None:
    """Exactly what would be done, and what changed since it was last approved."""
    reading = queries.read_request(request_id, actor, timezone.now())
    words = list(reading.request.approvals.order_by("decided_at"))
    if as_json:
        return show_json(
            {
                **_row(reading.request, reading.standing),
                "digest": bytes(reading.request.digest).hex(),
                "people_needed": reading.request.needed,
                "lines": reading.lines,
                "changed_since": reading.before.pk if reading.before else None,
                "changes": {c.field: [c.before, c.after] for c in reading.changes},
                "may_approve": [member.person.email for member in reading.approvers],
                "words": [{"verdict": w.verdict, "person": w.person_name, "reason": w.reason} for w in words],
            }
        )
    for name, value in {**_row(reading.request, reading.standing), **reading.lines}.items():
        out().print(f"{name}: {'-' if value is None else value}", markup=False)
    for change in reading.changes:
        marks = {"same": "", "gone": "[-", "new": "{+"}
        ends = {"same": "", "gone": "-]", "new": "+}"}
        told = "".join(f"{marks[p.kind]}{p.text}{ends[p.kind]}" for p in change.pieces)
        out().print(f"changed {change.field}: {told}", markup=False)
    for word in words:
        out().print(f"{word.verdict} by {word.person_name}: {word.reason or '-'}", markup=False)
    return None


def _decide(actor: Actor, request_id: int, verdict: Verdict, reason: str) -> None:
    now = timezone.now()
    request = actions.decide_approval(request_id=request_id, verdict=verdict, reason=reason, actor=actor, now=now)
    click.echo(f"Approval {request_id} is {queries.standing(request, now).value}.")


@approval.command("approve")
@click.argument("request_id", type=int)
@click.option("--reason", default="")
@operator
def approval_approve(actor: Actor, request_id: int, reason: str) -> None:
    """Say yes to exactly what the request holds."""
    _decide(actor, request_id, Verdict.APPROVED, reason)


@approval.command("refuse")
@click.argument("request_id", type=int)
@click.option("--reason", required=True, help="What has to change.")
@operator
def approval_refuse(actor: Actor, request_id: int, reason: str) -> None:
    """Say no, and why."""
    _decide(actor, request_id, Verdict.REFUSED, reason)


@approval.command("withdraw")
@click.argument("request_id", type=int)
@operator
def approval_withdraw(actor: Actor, request_id: int) -> None:
    """Take back what you asked for."""
    actions.withdraw_approval(request_id=request_id, actor=actor, now=timezone.now())
    click.echo(f"Approval {request_id} is withdrawn.")


@approval.command("keys")
@operator
@json_option
def approval_keys(actor: Actor, as_json: bool) -> None:
    """The public keys with which this workspace signs; the first one signs now."""
    rows = [
        (k.name, bytes(k.public).hex(), f"{k.made_at:%Y-%m-%d}", k.retired_at and f"{k.retired_at:%Y-%m-%d}")
        for k in queries.list_signing_keys(actor.workspace_id)
    ]
    columns = ("key", "public", "since", "retired")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@approval.command("rotate-key")
@operator
def approval_rotate_key(actor: Actor) -> None:
    """Sign with a new key from now on."""
    made = actions.rotate_signing_key(actor=actor, now=timezone.now())
    click.echo(f"Key {made.name} signs from now on.")


@approval.command("export")
@click.argument("request_id", type=int)
@operator
def approval_export(actor: Actor, request_id: int) -> None:
    """Write a request with everybody's signed word to stdout."""
    sys.stdout.buffer.write(queries.approval_file(actor.workspace_id, request_id, timezone.now()))


@approval.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key you trust: its name or its public half. May be repeated.")
@json_option
def approval_verify(path: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Check an exported approval, without the database and without Sillage's server."""
    check = check_approval_file(path.read_bytes(), keys)
    if as_json:
        show_json({"holds": check.holds, "wrong": {w.group: w.sentence for w in check.wrong}, "keys": check.file.keys})
    if not check.holds:
        told = " ".join(f"{wrong.group}: {wrong.sentence}" for wrong in check.wrong)
        raise ApprovalFileBroken(f"{path.name} does not hold. {told}", "Ask for the file again, and for how it came.")
    if not as_json:
        _tell(check, path.name)


def _tell(check: FileCheck, name: str) -> None:
    console, act = out(), check.file.act
    console.print(
        f"{name} holds: {act['verb']} of {' '.join(act['subject'])}, {check.file.state['standing']}.", markup=False
    )
    for said in check.file.words:
        console.print(f"  {said.verdict} by {said.person} at {said.at}: {said.reason or '-'}", markup=False)
    names = ", ".join(check.file.keys)
    if check.is_pinned:
        console.print(f"  Checked against the key that you gave ({names}).", markup=False)
    else:
        console.print(
            f"  Checked against the key in the file ({names}). That proves that the file is whole, not whose it is:"
            " compare the key with the workspace's page of keys, or give it with --key.",
            markup=False,
        )


@approval.group("rules")
def rules() -> None:
    """Who may approve what."""


@rules.command("list")
@operator
@json_option
def rules_list(actor: Actor, as_json: bool) -> None:
    """The rules; without any, everybody with the right to approve may approve everything."""
    rows = [
        (
            r.pk,
            r.verb or "every act",
            ", ".join(r.roles) or None,
            ", ".join(map(str, r.members)) or None,
            r.up_to,
            r.two_from,
            "yes" if r.always_two else None,
            r.currency,
        )
        for r in queries.list_approval_rules(actor.workspace_id)
    ]
    columns = ("id", "act", "roles", "members", "up to", "two from", "always two", "currency")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["up to", "two from"])


@rules.command("add")
@click.option("--act", "verb", default="", help="Such as campaigns.pay; without it every act.")
@click.option("--role", "roles", multiple=True, type=click.Choice([Role.MANAGER.value, Role.OWNER.value]))
@click.option("--member", "members", multiple=True, type=int, help="Id of a member; may be repeated.")
@click.option("--up-to", type=Amount())
@click.option("--two-from", type=Amount(), help="Two people from this amount on.")
@click.option("--always-two", is_flag=True)
@click.option("--currency", default="EUR", show_default=True)
@operator
def rules_add(actor: Actor, roles: tuple[str, ...], members: tuple[int, ...], **given: Any) -> None:
    """Add a rule."""
    row = actions.add_approval_rule(
        roles=[Role(role) for role in roles], members=members, **given, actor=actor, now=timezone.now()
    )
    click.echo(f"Rule {row.pk} holds for what is asked from now on.")


@rules.command("remove")
@click.argument("rule_id", type=int)
@operator
def rules_remove(actor: Actor, rule_id: int) -> None:
    """Take a rule away."""
    actions.remove_approval_rule(rule_id=rule_id, actor=actor, now=timezone.now())
    click.echo(f"Rule {rule_id} is removed.")
