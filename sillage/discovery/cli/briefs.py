"""Commands for briefs, their shortlists and decisions on candidates."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.discovery import actions, queries
from sillage.discovery.cli.brief_file import read_source
from sillage.discovery.export import FORMATS, exported
from sillage.discovery.models import Brief
from sillage.discovery.shown import show_shortlist
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor


@click.group()
def brief() -> None:
    """Write briefs and get explained shortlists."""


@brief.command("open")
@click.argument("source")
@operator
@json_option
def brief_open(actor: Actor, source: str, as_json: bool) -> None:
    """Keep a brief: a brief.toml, - for standard input, or the words in quotes. Shows what was read in it."""
    said = read_source(source)
    with said.placing():
        made = actions.open_brief(given=said.given, actor=actor, now=timezone.now())
    _show_brief(made, as_json)


def _show_brief(made: Brief, as_json: bool) -> None:
    if as_json:
        return show_json({"id": made.pk, **queries.as_given(made)})
    rows = [(name, value) for name, value in queries.as_given(made).items() if value not in (None, "", [], {})]
    return show_table(f"Brief {made.pk}" if made.pk else "Nothing is kept", ["field", "value"], rows)


@brief.command("list")
@click.option("--archived", is_flag=True, help="Those put away instead of those in use.")
@operator
@json_option
def brief_list(actor: Actor, archived: bool, as_json: bool) -> None:
    """List briefs."""
    found = queries.list_briefs(actor.workspace_id, archived=archived)
    rows = [(b.pk, b.title, ", ".join(b.themes), b.changed_at) for b in found]
    columns = ["id", "title", "themes", "changed_at"]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, [(i, t, th, f"{at:%Y-%m-%d %H:%M}") for i, t, th, at in rows], right=["id"])


@brief.command("show")
@click.argument("brief_id", type=int)
@operator
@json_option
def brief_show(actor: Actor, brief_id: int, as_json: bool) -> None:
    """Show a brief as it is understood."""
    _show_brief(queries.get_brief(actor.workspace_id, brief_id), as_json)


@brief.command("archive")
@click.argument("brief_id", type=int)
@operator
def brief_archive(actor: Actor, brief_id: int) -> None:
    """Put a brief away; its shortlists stay."""
    made = actions.archive_brief(brief_id=brief_id, actor=actor, now=timezone.now())
    click.echo(f"“{made.title}” is put away.")


@brief.command("restore")
@click.argument("brief_id", type=int)
@operator
def brief_restore(actor: Actor, brief_id: int) -> None:
    """Bring back a brief that was put away."""
    made = actions.restore_brief(brief_id=brief_id, actor=actor, now=timezone.now())
    click.echo(f"“{made.title}” is in use again.")


@brief.command("shortlist")
@click.argument("source")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--format", "fmt", type=click.Choice(FORMATS), help="Write the shortlist in this format to --output.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File for --format.")
@click.option("--dry-run", is_flag=True, help="Read the brief and show it; keep nothing.")
@operator
@json_option
def brief_shortlist(
    actor: Actor, source: str, limit: int, fmt: str | None, output: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Rank creators for a brief: its number, a brief.toml, - or the words in quotes."""
    now = timezone.now()
    if dry_run:
        said = read_source(source)
        with said.placing():
            read = queries.unsaved_brief(actor.workspace_id, said.given, now)
        return _show_brief(read, as_json)
    if source.isdigit():
        made = queries.get_brief(actor.workspace_id, int(source))
    else:
        said = read_source(source)
        with said.placing():
            made = actions.open_brief(given=said.given, actor=actor, now=now)
    found = actions.shortlist(brief_id=made.pk, limit=limit, actor=actor, now=now)
    if fmt and output:
        output.write_bytes(exported(found, fmt))
        say(f"Written to {output}.")
    if as_json:
        return click.echo(exported(found, "json").decode())
    return show_shortlist(found, limit)


@brief.command("why")
@click.argument("brief_id", type=int)
@click.argument("account")
@operator
@json_option
def brief_why(actor: Actor, brief_id: int, account: str, as_json: bool) -> None:
    """Why is ACCOUNT (network:handle) not in the shortlist, or where does it stand?"""
    made = queries.get_brief(actor.workspace_id, brief_id)
    answer = queries.why_not(made, account, queries.find_shortlist(made), timezone.now())
    if as_json:
        line = answer.line
        return show_json(
            {
                "account": str(answer.account),
                "rank": line.rank if line else None,
                "score": line.score if line else None,
                "points": line.points if line else None,
                "considered": answer.considered,
                "last_score": answer.last_score,
                "failed_filters": answer.failed,
                "decision": answer.decision.kind if answer.decision else None,
                "is_excluded": answer.is_excluded,
            }
        )
    for sentence in answer.sentences():
        click.echo(sentence)
    if answer.line:
        rows = [(n, f"{p:+.1f}", answer.line.parts[n]) for n, p in answer.line.points.items()]
        show_table("", ["reason", "points", "part"], rows, right=["points", "part"])
    return None


@brief.command("pin")
@click.argument("brief_id", type=int)
@click.argument("accounts", nargs=-1, required=True)
@click.option("--reason", default="")
@operator
def brief_pin(actor: Actor, brief_id: int, accounts: tuple[str, ...], reason: str) -> None:
    """Keep accounts in this brief's shortlists; several are one decision."""
    _decide(actor, brief_id, accounts, "pinned", reason)
    click.echo(f"{accounts[0]} is pinned." if len(accounts) == 1 else f"{len(accounts)} accounts are pinned.")


@brief.command("dismiss")
@click.argument("brief_id", type=int)
@click.argument("accounts", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why they do not fit, for whoever reads the brief next.")
@operator
def brief_dismiss(actor: Actor, brief_id: int, accounts: tuple[str, ...], reason: str) -> None:
    """Leave accounts out of this brief's shortlists; several are one decision."""
    _decide(actor, brief_id, accounts, "dismissed", reason)
    click.echo(f"{accounts[0]} is dismissed." if len(accounts) == 1 else f"{len(accounts)} accounts are dismissed.")


@brief.command("withdraw")
@click.argument("brief_id", type=int)
@click.argument("accounts", nargs=-1, required=True)
@operator
def brief_withdraw(actor: Actor, brief_id: int, accounts: tuple[str, ...]) -> None:
    """Take back pins or dismissals; several are one decision."""
    _decide(actor, brief_id, accounts, "withdrawn", "")
    about = accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts"
    click.echo(f"Nothing is decided about {about} any more.")


def _decide(actor: Actor, brief_id: int, accounts: tuple[str, ...], kind: str, reason: str) -> None:
    now = timezone.now()
    if len(accounts) > 1:
        actions.decide_many(brief_id=brief_id, accounts=accounts, kind=kind, reason=reason, actor=actor, now=now)
    elif kind == "pinned":
        actions.pin(brief_id=brief_id, account=accounts[0], reason=reason, actor=actor, now=now)
    elif kind == "dismissed":
        actions.dismiss(brief_id=brief_id, account=accounts[0], reason=reason, actor=actor, now=now)
    else:
        actions.withdraw(brief_id=brief_id, account=accounts[0], actor=actor, now=now)
