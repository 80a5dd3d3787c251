"""Commands for exclusion lists and saved searches."""

from __future__ import annotations

from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.discovery import actions, queries
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import NotFound


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


@exclusions.command("drop")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
@operator
def exclusions_drop(actor: Actor, name: str, dry_run: bool) -> None:
    """Remove a list: shortlists may show its accounts again."""
    if dry_run:
        held = {one.name: len(one.account_ids) for one in queries.list_exclusion_lists(actor.workspace_id)}
        if name not in held:
            raise NotFound(f"No exclusion list “{name}”.", "See the lists with `sillage exclusions list`.")
        return click.echo(f"Would drop {name}, which holds {held[name]} accounts.")
    actions.drop_list(name=name, actor=actor, now=timezone.now())
    return click.echo(f"Dropped {name}.")


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


@searches.command("rename")
@click.argument("name")
@click.argument("to")
@operator
def searches_rename(actor: Actor, name: str, to: str) -> None:
    """Give a saved search another name."""
    actions.rename_search(name=name, to=to, actor=actor, now=timezone.now())
    click.echo(f"{name} is called {to} now.")


@searches.command("drop")
@click.argument("name")
@operator
def searches_drop(actor: Actor, name: str) -> None:
    """Drop a saved search."""
    actions.drop_search(name=name, actor=actor, now=timezone.now())
    click.echo(f"Dropped {name}.")
