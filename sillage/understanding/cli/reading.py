"""Commands of understanding: read posts, list themes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import click
from django.conf import settings
from django.utils import timezone

from sillage.adapters.clusters import LOCAL
from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed
from sillage.understanding import actions
from sillage.understanding.engine.port import ENRICHERS
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.progress import reporting

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class SpanMalformed(Malformed):
    """Not a span of time."""

    title = "Malformed span"


def since_of(text: str | None, now: datetime) -> datetime | None:
    """The instant that a span such as 12h, 2d or 3w before `now` begins."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,4})([hdw])", text)
    if found is None:
        raise SpanMalformed(f"“{text}” is not a span of time.", "Write 12h, 2d or 3w.")
    return now - timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.command()
@click.option("--since", help="Only posts published within this span: 12h, 2d, 3w.")
@click.option("--only", multiple=True, type=click.Choice(ENRICHERS), help="Only this enricher; may be repeated.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; by default SILLAGE_WORKERS.")
@click.option(
    "--engine",
    type=click.Choice(["processes", "ray"]),
    default="processes",
    help="Where posts are read: processes of this machine, or a Ray cluster (pip install 'sillage[ray]').",
)
@click.option(
    "--ray-address",
    help="host:port of the cluster's head, or auto for the one running here; by default one is started on this machine.",
)
@click.option("--refit", is_flag=True, help="Fit the models on the corpus again, though it has not outgrown them.")
@operator
@json_option
def enrich(
    actor: Actor,
    since: str | None,
    only: tuple[str, ...],
    workers: int | None,
    engine: str,
    ray_address: str | None,
    refit: bool,
    as_json: bool,
) -> None:
    """Read what has not been read, and bring profiles and search up to date. Killed, it goes on where it stopped."""
    if ray_address and engine != "ray":
        raise click.UsageError("--ray-address is for --engine ray.")
    now = timezone.now()
    with reporting() as on_progress:
        done = actions.bring_up_to_date(
            actor=actor,
            now=now,
            since=since_of(since, now),
            only=only,
            workers=workers or settings.SILLAGE.workers,
            cluster=(ray_address or LOCAL) if engine == "ray" else None,
            refit=refit,
            on_progress=on_progress,
        )
    if as_json:
        return show_json({"posts": done.posts, "signals": done.signals, "versions": done.versions})
    if not done.posts:
        click.echo("Everything has been read already.")
        return None
    rows = [(name, count, done.versions[name]) for name, count in done.signals.items()]
    return show_table(f"{done.posts} posts read", ["enricher", "new", "version"], rows, right=["new"])


@click.group()
def themes() -> None:
    """The themes that Sillage knows."""


@themes.command("list")
@click.option("--language", default="en", type=click.Choice(["fr", "en", "es", "de", "it"]))
@json_option
def themes_list(language: str, as_json: bool) -> None:
    """List themes with their names and IAB Content Taxonomy 3.1 ids."""
    rows = [(t.id, theme_set().name(t.id, language), t.iab) for t in theme_set().themes]
    if as_json:
        return show_json([{"id": i, "name": n, "iab": b} for i, n, b in rows])
    return show_table(f"version {theme_set().version}", ["id", "name", "IAB 3.1"], rows)
