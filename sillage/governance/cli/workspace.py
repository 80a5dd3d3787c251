"""Commands of governance: workspaces, members, tokens, the ledger and receipts."""

from __future__ import annotations

from datetime import timedelta

import click
from django.db import transaction
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.governance import actions, queries
from sillage.governance.access import operator
from sillage.governance.engine.actors import SCOPES, Actor, ActorKind, Right, Role
from sillage.lib.errors import Refusal


class ProofFailed(Refusal):
    """A check of the ledger or of a receipt did not hold."""


@click.group()
def workspace() -> None:
    """Open and list workspaces."""


def _free(_context: click.Context, _parameter: click.Parameter, slug: str) -> str:
    """Looked at before a password is asked for."""
    if any(known.slug == slug for known in queries.list_workspaces()):
        raise actions.SlugTaken(f"A workspace “{slug}” exists already.", "Choose another slug.")
    return slug


@workspace.command("open")
@click.argument("slug", callback=_free)
@click.option("--name", help="Name shown to people; by default the slug.")
@click.option("--owner", required=True, help="E-mail address of the first owner.")
@click.password_option(envvar="SILLAGE_PASSWORD", help="The owner's password, if they are new to Sillage.")
def workspace_open(slug: str, name: str | None, owner: str, password: str) -> None:
    """Open an empty workspace with its first owner."""
    now = timezone.now()
    installer = Actor(ActorKind.AUTOMATION, "command line", 0, frozenset(Right))
    with transaction.atomic():  # no workspace without an owner
        opened = actions.open_workspace(slug=slug, name=name or slug, actor=installer, now=now)
        founder = Actor(ActorKind.AUTOMATION, "command line", opened.pk, frozenset(Right))
        actions.add_member(email=owner, role=Role.OWNER, password=password, actor=founder, now=now)
    click.echo(f"Opened {slug}; {owner} owns it.")


@workspace.command("list")
@json_option
def workspace_list(as_json: bool) -> None:
    """List workspaces."""
    found = queries.list_workspaces()
    if as_json:
        return show_json([{"slug": w.slug, "name": w.name, "is_sample": w.is_sample} for w in found])
    return show_table("", ["slug", "name", "sample"], [(w.slug, w.name, "yes" if w.is_sample else "") for w in found])


@click.group()
def members() -> None:
    """People of a workspace and their roles."""


@members.command("list")
@operator
@json_option
def members_list(actor: Actor, as_json: bool) -> None:
    """List members."""
    rows = [(m.pk, m.person.email, m.person.name, m.role) for m in queries.list_members(actor.workspace_id)]
    if as_json:
        return show_json([dict(zip(("id", "email", "name", "role"), row, strict=True)) for row in rows])
    return show_table("", ["id", "email", "name", "role"], rows)


@members.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.READER.value, show_default=True)
@click.option("--name", default="")
@click.password_option(envvar="SILLAGE_PASSWORD", help="Their password, if they are new to Sillage.")
@operator
def members_add(actor: Actor, email: str, role: str, name: str, password: str) -> None:
    """Let a person in."""
    actions.add_member(email=email, name=name, role=Role(role), password=password, actor=actor, now=timezone.now())
    click.echo(f"{email} is now {role}.")


@members.command("password")
@click.argument("email")
@click.password_option(envvar="SILLAGE_PASSWORD", help="The new one.")
@operator
def members_password(actor: Actor, email: str, password: str) -> None:
    """Give a member a new password, say because they forgot theirs. It is asked for, never shown."""
    actions.set_password(email=email, password=password, actor=actor, now=timezone.now())
    click.echo(f"{email} has a new password.")


@members.command("role")
@click.argument("member_id", type=int)
@click.argument("role", type=click.Choice([r.value for r in Role]))
@operator
def members_role(actor: Actor, member_id: int, role: str) -> None:
    """Change a member's role."""
    actions.change_role(member_id=member_id, role=Role(role), actor=actor, now=timezone.now())
    click.echo(f"Member {member_id} is now {role}.")


@members.command("remove")
@click.argument("member_id", type=int)
@operator
def members_remove(actor: Actor, member_id: int) -> None:
    """End a membership."""
    actions.remove_member(member_id=member_id, actor=actor, now=timezone.now())
    click.echo(f"Member {member_id} is no longer in this workspace.")


@click.group()
def tokens() -> None:
    """Keys for programs."""


@tokens.command("list")
@operator
@json_option
def tokens_list(actor: Actor, as_json: bool) -> None:
    """List tokens; their secrets are never shown again."""
    rows = [
        (t.pk, t.name, t.prefix + "…", ", ".join(t.scopes), t.expires_at, t.revoked_at)
        for t in queries.list_tokens(actor)
    ]
    columns = ("id", "name", "starts", "scopes", "expires_at", "revoked_at")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@tokens.command("issue")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice([r.value for r in SCOPES]), default=["read"])
@click.option("--days", type=click.IntRange(1, 36_500), help="Days until it expires; by default it does not.")
@operator
def tokens_issue(actor: Actor, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token and print its secret once."""
    now = timezone.now()
    _, secret = actions.issue_token(
        name=name,
        scopes=frozenset(Right(s) for s in scopes),
        expires_at=now + timedelta(days=days) if days else None,
        actor=actor,
        now=now,
    )
    click.echo(secret)


@tokens.command("revoke")
@click.argument("token_id", type=int)
@operator
def tokens_revoke(actor: Actor, token_id: int) -> None:
    """End a token."""
    actions.revoke_token(token_id=token_id, actor=actor, now=timezone.now())
    click.echo(f"Token {token_id} is revoked.")


@click.group()
def ledger() -> None:
    """Who did what, and the proof that nobody changed it."""


@ledger.command("list")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000))
@click.option("--verb", default="")
@operator
@json_option
def ledger_list(actor: Actor, limit: int, verb: str, as_json: bool) -> None:
    """The newest entries first."""
    entries = queries.list_entries(actor.workspace_id, limit=limit, verb=verb).items
    if as_json:
        return show_json(
            [
                {
                    "number": e.number,
                    "at": e.at.isoformat(),
                    "actor": {"kind": e.actor_kind, "name": e.actor_name, "version": e.actor_version},
                    "verb": e.verb,
                    "subject": {"kind": e.subject_kind, "id": e.subject_id},
                    "facts": e.facts,
                    "hash": bytes(e.hash).hex(),
                }
                for e in entries
            ]
        )
    rows = [
        (
            e.number,
            f"{e.at:%Y-%m-%d %H:%M}",
            f"{e.actor_kind} {e.actor_name}",
            e.verb,
            f"{e.subject_kind} {e.subject_id}",
        )
        for e in entries
    ]
    return show_table("", ["no.", "at (UTC)", "who", "verb", "subject"], rows, right=["no."])


@ledger.command("verify")
@click.option("--seal", default="", help="The seal that an earlier run printed: also finds a cut end and a new chain.")
@operator
def ledger_verify(actor: Actor, seal: str) -> None:
    """Recompute the whole chain."""
    count, broken, newest = queries.verify_ledger(actor.workspace_id, seal=seal)
    if broken is not None:
        raise ProofFailed(
            f"The ledger is broken at entry {broken.number}: {broken.reason}.",
            "Compare with a backup from before that entry, and find out who has access to the database.",
        )
    click.echo(f"The ledger holds: {count} entries, each continuing the one before it.")
    click.echo(f"Seal, to note outside this machine: {newest}")


@click.group()
def receipt() -> None:
    """Show and verify what proves a number."""


@receipt.command("show")
@click.argument("key")
@operator
def receipt_show(actor: Actor, key: str) -> None:
    """Print a receipt as JSON."""
    r = queries.get_receipt(actor.workspace_id, key)
    fields = ("key", "metric", "version", "subject_kind", "subject_id", "value", "source_class", "n", "inputs")
    shown = {name: getattr(r, name) for name in fields}
    show_json({**shown, "computed_at": r.computed_at.isoformat(), "code_version": r.code_version})


@receipt.command("verify")
@click.argument("key")
@operator
def receipt_verify(actor: Actor, key: str) -> None:
    """Recompute a receipt, check its hash and read its sources again."""
    found = queries.verify_receipt(actor.workspace_id, key)
    if not found.holds:
        said = "its hash does not match" if not found.is_intact else f"its formula now gives {found.recomputed}"
        if found.changed:
            said = f"{len(found.changed)} of its sources changed or are gone ({', '.join(found.changed[:3])})"
        raise ProofFailed(f"Receipt {key} does not hold: {said}.", "Compute the number again with `sillage enrich`.")
    out().print(
        f"Receipt {key} holds: {found.receipt.metric} version {found.receipt.version} = {found.recomputed}"
        f" (n = {found.receipt.n}, {found.receipt.source_class})."
    )
