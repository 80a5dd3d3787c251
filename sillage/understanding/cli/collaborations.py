"""Commands of brands, collaborations and disclosure."""

from __future__ import annotations

from typing import Any

import click

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.law_words import NOT_ADVICE, as_told, change_of
from sillage.lib.text import shortened
from sillage.understanding.engine.collaborations import CONFLICT_MONTHS, Share
from sillage.understanding.queries.collaborations import (
    ASKING,
    PostJudged,
    brands_section,
    disclosure_section,
    list_objected,
)


@click.group()
def collaborations() -> None:
    """Brands that creators speak of, unpaid or paid, over time."""


@collaborations.command("show")
@click.argument("account")
@click.option("--months", default=CONFLICT_MONTHS, show_default=True, type=click.IntRange(1, 36), help="Rivals within.")
@operator
@json_option
def collaborations_show(actor: Actor, account: str, months: int, as_json: bool) -> None:
    """Collaborations, rival brands and shares of one account (network:id)."""
    seen = brands_section(catalogue.get_account(actor.workspace_id, account), months)
    names = seen.names
    rows = [
        (names.get(c.brand, c.brand), c.standing, c.first_on, c.last_on, len(c.posts), f"{c.confidence:.2f}")
        for c in seen.collaborations
    ]
    columns = ("brand", "class", "first", "last", "posts", "confidence")
    if as_json:
        told = [
            dict(zip(columns, (n, s, f.isoformat(), u.isoformat(), p, c), strict=True)) for n, s, f, u, p, c in rows
        ]
        rivals = [
            {"sector": c.sector, "brands": [c.earlier.brand, c.later.brand], "days": c.days} for c in seen.conflicts
        ]
        return show_json({"posts": seen.posts, "collaborations": told, "conflicts": rivals, "paid": _share(seen.paid)})
    show_table(f"{seen.posts} posts", columns, rows, right=["posts", "confidence"])
    for one in seen.conflicts:
        click.echo(f"Rivals in {one.sector}: {one.earlier.brand} and {one.later.brand}, {one.days} days apart.")
    if seen.paid.share is not None:
        low, high = seen.paid.low or 0.0, seen.paid.high or 0.0
        click.echo(f"Declared or likely paid: {seen.paid.k} of {seen.paid.n} posts ({low:.0%} to {high:.0%}).")
    return None


def _share(share: Share) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, "share": share.share, "low": share.low, "high": share.high}


@click.group()
def disclosure() -> None:
    """Whether commercial posts say so as the law of their country asks."""


@disclosure.command("list")
@click.option("--severity", type=click.Choice(ASKING), help="Only these; by default both.")
@click.option("--rule", default="", help="Only posts to which this rule objects, e.g. FR-DISC-01.")
@click.option("--country", default="")
@click.option("--network", default="")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@operator
@json_option
def disclosure_list(
    actor: Actor, severity: str | None, rule: str, country: str, network: str, limit: int, as_json: bool
) -> None:
    """Posts that the law packs object to, the newest first."""
    found = list_objected(
        actor.workspace_id,
        severities=(severity,) if severity else ASKING,
        rule=rule,
        country=country,
        network=network,
        limit=limit,
    )
    return _show(found.items, as_json)


@disclosure.command("show")
@click.argument("account")
@operator
@json_option
def disclosure_show(actor: Actor, account: str, as_json: bool) -> None:
    """The commercial posts of one account (network:id) before the law of its country."""
    return _show(disclosure_section(catalogue.get_account(actor.workspace_id, account)).judged, as_json)


def _show(judged: list[PostJudged], as_json: bool) -> None:
    if as_json:
        return show_json([_as_json(one) for one in judged])
    rows = [
        (
            f"{one.post.published_at:%Y-%m-%d}",
            str(one.account),
            one.severity or "-",
            one.asking[0].rule if one.asking else "-",
            change_of(one.asking[0]) if one.asking else "-",
            shortened(one.post.text or one.post.title, 60),
        )
        for one in judged
    ]
    show_table(f"{len(judged)} posts", ["on", "account", "severity", "rule", "change", "post"], rows)
    out().print(NOT_ADVICE, style="dim", highlight=False)
    return None


def _as_json(one: PostJudged) -> dict[str, Any]:
    return {
        "account": one.account.key,
        "post": str(one.post.id),
        "published_at": one.post.published_at.isoformat(),
        "severity": one.severity,
        "corrected": one.standing is not None,
        "version": one.signal.version,
        "findings": [as_told(finding) for finding in one.findings],
    }
