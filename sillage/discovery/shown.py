"""Shortlists on the terminal: each line with the reasons that add up to its score, and a post that proves it."""

from __future__ import annotations

from typing import Any

import click
from rich.markup import escape

from sillage.adapters.terminal import out, show_table
from sillage.catalogue.models import Post
from sillage.catalogue.queries import list_posts_by_id
from sillage.discovery.models import Candidate, Shortlist
from sillage.discovery.queries.briefs import list_candidates
from sillage.lib.text import shortened
from sillage.understanding.engine.themes import theme_set


def show_shortlist(shortlist: Shortlist, limit: int = 20) -> None:
    """Print the brief's reading, then each candidate with its reasons and its best post."""
    brief = shortlist.brief
    console = out()
    console.print(f"\n[bold]{escape(brief.title)}[/]")
    themes = ", ".join(f"{theme_set().name(t, brief.language)} {w:.2f}" for t, w in brief.themes.items())
    console.print(f"[dim]themes[/] {themes}")
    if brief.unwanted_themes:
        unwanted = ", ".join(theme_set().name(t, brief.language) for t in brief.unwanted_themes)
        console.print(f"[dim]not[/]    {unwanted}")
    kept = ", ".join(f"{name} {value}" for name, value in brief.filters.items())
    console.print(f"[dim]keep[/]   {escape(kept) or 'everybody'}")
    console.print(f"[dim]{shortlist.considered} accounts considered; ranked by editorial affinity, not by reach.[/]\n")
    candidates = list_candidates(shortlist)[:limit]
    posts = list_posts_by_id(
        (c.account_id, int(p["post"])) for c in candidates for r in c.reasons for p in r["posts"][:1]
    )
    for candidate in candidates:
        _show_candidate(candidate, posts)
    _show_exposure(shortlist)


def _show_candidate(candidate: Candidate, posts: dict[tuple[int, int], Post]) -> None:
    account, card = candidate.account, candidate.account.card
    followers = "-" if card.followers is None else f"{card.followers:,}".replace(",", " ")
    console = out()
    console.print(
        f"[bold]{candidate.rank:>3}. {escape(account.name or account.handle)}[/]  {account.network}"
        f"  {account.country or '-'}  {'/'.join(card.languages) or '-'}  {followers} followers"
        f"  [bold]{candidate.score:.1f}[/] points"
    )
    points = "  ".join(f"{r['reason']} {r['points']:+.1f}" for r in candidate.reasons if r["part"] is not None)
    unknown = [r["reason"] for r in candidate.reasons if r["part"] is None]
    console.print(f"     {points}" + (f"  [dim](not measured: {', '.join(unknown)})[/]" if unknown else ""))
    shown = next((p for r in candidate.reasons for p in r["posts"][:1]), None)
    if shown is not None and (candidate.account_id, int(shown["post"])) in posts:
        post = posts[candidate.account_id, int(shown["post"])]
        words = shortened(f"{post.title} {post.text}", 110)
        console.print(f"     [dim]{post.published_at:%Y-%m-%d}[/] “{escape(words)}”")
    console.print(f"     [dim]receipt {candidate.receipt_key}[/]")


def _show_exposure(shortlist: Shortlist) -> None:
    sizes: dict[str, Any] = shortlist.exposure.get("size", {})
    bands = sorted({band for shares in sizes.values() for band in shares})
    rows = [
        [band, *(f"{sizes[name].get(band, 0):.0%}" for name in ("shown", "by_reach", "considered"))] for band in bands
    ]
    click.echo()
    columns = ["size", "this list", "by reach", "all considered"]
    show_table("Who is shown", columns, rows, right=columns[1:])
