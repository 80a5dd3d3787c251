"""Commands of discovery: briefs, shortlists, creators, lists."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.discovery import actions, queries
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.discovery.export import FORMATS, exported
from sillage.discovery.models import Brief
from sillage.discovery.shown import show_shortlist
from sillage.governance import queries as governance
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.text import folded
from sillage.lib.toml import syntax_error_of


class BriefFileMalformed(Malformed):
    """The brief's file is not TOML."""

    title = "Malformed brief file"


class BriefFileMissing(NotFound):
    """There is no such file."""


def _given(source: str) -> dict[str, Any]:
    """A brief from a TOML file, from - for standard input, or the words themselves."""
    if source != "-" and not source.endswith(".toml"):
        return {"text": source}
    text, name = (sys.stdin.read(), "standard input") if source == "-" else (_read(Path(source)), source)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        place = f"{name}:{line}:{column}"
        hint = "See docs/reference/brief.md for the fields."
        raise BriefFileMalformed(f"This is not TOML: {reason}.", hint, place) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8."
        raise BriefFileMalformed(f"{path} is not UTF-8: byte {error.start}.", hint, str(path)) from error
    except OSError as error:
        raise BriefFileMissing(
            f"{path} cannot be read: {error.strerror}.", "Name a TOML file, or give the brief's words in quotes."
        ) from error


@click.group()
def brief() -> None:
    """Write briefs and get explained shortlists."""


@brief.command("open")
@click.argument("source")
@operator
@json_option
def brief_open(actor: Actor, source: str, as_json: bool) -> None:
    """Keep a brief: a brief.toml, - for standard input, or the words in quotes. Shows what was read in it."""
    made = actions.open_brief(given=_given(source), actor=actor, now=timezone.now())
    _show_brief(made, as_json)


def _show_brief(made: Brief, as_json: bool) -> None:
    if as_json:
        return show_json({"id": made.pk, **queries.as_given(made)})
    rows = [(name, value) for name, value in queries.as_given(made).items() if value not in (None, "", [], {})]
    return show_table(f"Brief {made.pk}" if made.pk else "Nothing is kept", ["field", "value"], rows)


@brief.command("list")
@operator
@json_option
def brief_list(actor: Actor, as_json: bool) -> None:
    """List briefs."""
    rows = [(b.pk, b.title, ", ".join(b.themes), b.changed_at) for b in queries.list_briefs(actor.workspace_id)]
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
        return _show_brief(queries.unsaved_brief(actor.workspace_id, _given(source), now), as_json)
    if source.isdigit():
        made = queries.get_brief(actor.workspace_id, int(source))
    else:
        made = actions.open_brief(given=_given(source), actor=actor, now=now)
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
@click.argument("account")
@click.option("--reason", default="")
@operator
def brief_pin(actor: Actor, brief_id: int, account: str, reason: str) -> None:
    """Keep an account in this brief's shortlists."""
    actions.pin(brief_id=brief_id, account=account, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"{account} is pinned.")


@brief.command("dismiss")
@click.argument("brief_id", type=int)
@click.argument("account")
@click.option("--reason", required=True, help="Why it does not fit: what the weights will learn from.")
@operator
def brief_dismiss(actor: Actor, brief_id: int, account: str, reason: str) -> None:
    """Leave an account out of this brief's shortlists."""
    actions.dismiss(brief_id=brief_id, account=account, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"{account} is dismissed.")


@brief.command("withdraw")
@click.argument("brief_id", type=int)
@click.argument("account")
@operator
def brief_withdraw(actor: Actor, brief_id: int, account: str) -> None:
    """Take back a pin or a dismissal."""
    actions.withdraw(brief_id=brief_id, account=account, actor=actor, now=timezone.now())
    click.echo(f"Nothing is decided about {account} any more.")


@click.group()
def creators() -> None:
    """List, show, compare and forget creators."""


@creators.command("list")
@click.option("--words", help="Names, handles, or words in posts.")
@click.option("--network", "networks", multiple=True)
@click.option("--country", "countries", multiple=True)
@click.option("--language", "languages", multiple=True)
@click.option("--theme", "themes_any", multiple=True)
@click.option("--brand", "brands_any", multiple=True)
@click.option("--min-followers", type=int)
@click.option("--max-followers", type=int)
@click.option("--search", "search_name", help="A saved search instead of filters.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000))
@operator
@json_option
def creators_list(
    actor: Actor, words: str | None, search_name: str | None, limit: int, as_json: bool, **given: Any
) -> None:
    """List accounts that pass the filters, the best match or the largest first."""
    if search_name:
        search = queries.get_search(actor.workspace_id, search_name)
        given, words = search.filters, search.words or words
    filters = CardFilters.parse({name: value for name, value in given.items() if value})
    if words:
        found = catalogue.search_cards(
            workspace_id=actor.workspace_id, filters=filters, words=folded(words), limit=limit
        )
        ids = [f.account_id for f in found]
    else:
        ids = catalogue.list_cards(
            workspace_id=actor.workspace_id, filters=filters, sort="followers", descending=True, limit=limit
        ).items
    accounts = catalogue.list_accounts(actor.workspace_id, ids)
    _show_accounts([accounts[i] for i in ids if i in accounts], as_json)


def _show_accounts(accounts: list[Account], as_json: bool) -> None:
    columns = ["account", "name", "country", "languages", "followers", "themes"]
    rows = [
        (
            str(a),
            a.name,
            a.country,
            "/".join(a.card.languages),
            a.card.followers,
            ", ".join(a.card.themes[:3]),
        )
        for a in accounts
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["followers"])


@creators.command("show")
@click.argument("account")
@operator
@json_option
def creators_show(actor: Actor, account: str, as_json: bool) -> None:
    """Show an account's numbers, each with its receipt, and what it talks about."""
    found = catalogue.get_account(actor.workspace_id, account)
    numbers = governance.latest_receipts(actor.workspace_id, "account", [str(found.pk)]).get(str(found.pk), {})
    rows = [(m, r.value, r.source_class, r.n, r.key) for m, r in sorted(numbers.items()) if m.startswith("account.")]
    if as_json:
        card = getattr(found, "card", None)
        return show_json(
            {
                "account": str(found),
                "creator": found.creator.key,
                "name": found.name,
                "country": found.country,
                "themes": card.themes if card else [],
                "numbers": [dict(zip(("metric", "value", "source", "n", "receipt"), r, strict=True)) for r in rows],
            }
        )
    shown = [(m, None if v is None else f"{v:,.2f}", s, n, k) for m, v, s, n, k in rows]
    return show_table(str(found), ["metric", "value", "source", "n", "receipt"], shown, right=["value", "n"])


@creators.command("like")
@click.argument("accounts", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@operator
@json_option
def creators_like(actor: Actor, accounts: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Creators who talk about what these talk about."""
    lines = queries.lookalikes(actor.workspace_id, accounts, CardFilters(), DEFAULT_WEIGHTS, limit, timezone.now())
    found = queries.accounts_of(actor.workspace_id, lines)
    rows = [(line.rank, str(found[line.account_id]), f"{line.score:.1f}") for line in lines]
    if as_json:
        return show_json([{"rank": r, "account": a, "score": float(s)} for r, a, s in rows])
    return show_table("", ["rank", "account", "points"], rows, right=["rank", "points"])


@creators.command("forget")
@click.argument("key")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say who would be forgotten; remove nothing.")
@operator
def creators_forget(actor: Actor, key: str, yes: bool, dry_run: bool) -> None:
    """Remove a person everywhere, for good. No import brings them back."""
    creator = catalogue.get_creator(actor.workspace_id, key)
    accounts = ", ".join(str(a) for a in catalogue.list_accounts_of(creator))
    if dry_run:
        return click.echo(f"Would forget {creator} ({accounts}).")
    if not yes:
        click.confirm(f"Forget {creator} ({accounts}) and everything made from their posts?", abort=True, err=True)
    forgotten = forget(key=key, actor=actor, now=timezone.now())
    return show_table("Removed", ["what", "rows"], forgotten.removed.items(), right=["rows"])


@click.group()
def exclusions() -> None:
    """Accounts that no shortlist shows."""


@exclusions.command("list")
@operator
@json_option
def exclusions_list(actor: Actor, as_json: bool) -> None:
    """List exclusion lists."""
    rows = [(e.name, len(e.account_ids), e.is_on) for e in queries.list_exclusion_lists(actor.workspace_id)]
    if as_json:
        return show_json([dict(zip(("name", "accounts", "is_on"), r, strict=True)) for r in rows])
    return show_table("", ["name", "accounts", "on"], [(n, c, "yes" if o else "no") for n, c, o in rows])


@exclusions.command("add")
@click.argument("name")
@click.argument("accounts", nargs=-1, required=True)
@operator
def exclusions_add(actor: Actor, name: str, accounts: tuple[str, ...]) -> None:
    """Add accounts to a list."""
    ids = [catalogue.get_account(actor.workspace_id, a).pk for a in accounts]
    listed = actions.exclude(name=name, account_ids=ids, actor=actor, now=timezone.now())
    click.echo(f"{name} holds {len(listed.account_ids)} accounts.")


@exclusions.command("remove")
@click.argument("name")
@click.argument("accounts", nargs=-1, required=True)
@operator
def exclusions_remove(actor: Actor, name: str, accounts: tuple[str, ...]) -> None:
    """Take accounts off a list."""
    ids = [catalogue.get_account(actor.workspace_id, a).pk for a in accounts]
    listed = actions.include_again(name=name, account_ids=ids, actor=actor, now=timezone.now())
    click.echo(f"{name} holds {len(listed.account_ids)} accounts.")


@click.group()
def searches() -> None:
    """Saved searches."""


@searches.command("list")
@operator
@json_option
def searches_list(actor: Actor, as_json: bool) -> None:
    """List saved searches."""
    rows = [(s.name, s.words, s.filters) for s in queries.list_searches(actor.workspace_id)]
    if as_json:
        return show_json([dict(zip(("name", "words", "filters"), r, strict=True)) for r in rows])
    return show_table("", ["name", "words", "filters"], rows)


@searches.command("save")
@click.argument("name")
@click.option("--words", default="")
@click.option("--filter", "filters", multiple=True, help="name=value; may be repeated.")
@operator
def searches_save(actor: Actor, name: str, words: str, filters: tuple[str, ...]) -> None:
    """Keep filters and words under a name."""
    given: dict[str, Any] = {}
    for text in filters:
        key, _, value = text.partition("=")
        given[key] = [*given.get(key, []), value]
    plain = {k: v if len(v) > 1 else v[0] for k, v in given.items()}
    actions.save_search(name=name, filters=plain, words=words, actor=actor, now=timezone.now())
    click.echo(f"Saved: `sillage creators list --search {name}`.")


@searches.command("drop")
@click.argument("name")
@operator
def searches_drop(actor: Actor, name: str) -> None:
    """Drop a saved search."""
    actions.drop_search(name=name, actor=actor, now=timezone.now())
    click.echo(f"Dropped {name}.")
