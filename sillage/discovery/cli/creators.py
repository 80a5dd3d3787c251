"""Commands for creators: list, show, compare and forget them."""

from __future__ import annotations

from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.discovery import queries
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.governance import queries as governance
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.text import folded


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
