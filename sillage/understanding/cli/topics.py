"""Commands of topic maps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.late import Late
from sillage.understanding.actions.topics import drop_topic_map, map_topics
from sillage.understanding.engine.topic_scope import KINDS, Scope
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.topics import get_topic_map, list_topic_maps, shown_result

if TYPE_CHECKING:
    from sillage.governance import shapes
else:
    shapes = Late("sillage.governance.shapes")

DAY = click.DateTime(formats=["%Y-%m-%d"])
LANGUAGE = click.Choice(["fr", "en", "es", "de", "it"])


@click.group()
def topics() -> None:
    """What a set of posts or comments talks about."""


@topics.command("map")
@click.option("--account", "accounts", multiple=True, help="Account (network:handle); may be repeated. Default: all.")
@click.option("--comments", "kind", flag_value="comments", help="Comments instead of posts.")
@click.option("--brand", default="", help="Only posts that mention this brand (its key).")
@click.option("--theme", default="", help="Only posts about this theme or its sub-themes.")
@click.option("--language", type=LANGUAGE, help="Only texts in this language.")
@click.option("--since", type=DAY, help="From this day on (2026-03-01).")
@click.option("--until", type=DAY, help="Up to this day.")
@click.option("--against-account", "others", multiple=True, help="Compare with these accounts; may be repeated.")
@click.option("--against-since", type=DAY, help="Compare with the period from this day on.")
@click.option("--against-until", type=DAY, help="Compare with the period up to this day.")
@click.option("--topics", "number", type=int, help="How many topics; by default chosen from the size of the set.")
@click.option("--name", default="", help="What the map is called.")
@click.option("--with-model", is_flag=True, help="Have the language model write too: quoted texts are sent to it.")
@operator
@json_option
def topics_map(actor: Actor, as_json: bool, number: int | None, name: str, with_model: bool, **given: Any) -> None:
    """Find the topics of a set and keep them.

    A second set, given by --against-…, has the other conditions of the first.
    """
    scope = _scope(actor.workspace_id, given, given["accounts"], given["since"], given["until"])
    compares = given["others"] or given["against_since"] or given["against_until"]
    against = given["others"] or given["accounts"], given["against_since"], given["against_until"]
    made = map_topics(
        scope=scope,
        compare_with=_scope(actor.workspace_id, given, *against) if compares else None,
        name=name,
        topics=number,
        with_model=with_model,
        actor=actor,
        now=timezone.now(),
    )
    _show(made, as_json)


def _scope(
    workspace_id: int, given: dict[str, Any], accounts: tuple[str, ...], since: datetime | None, until: datetime | None
) -> Scope:
    return Scope(
        kind=next(kind for kind in KINDS if kind == (given["kind"] or "posts")),
        accounts=tuple(sorted({catalogue.get_account(workspace_id, key).pk for key in accounts})),
        brand=given["brand"],
        theme=given["theme"],
        language=given["language"] or "",
        since=since.date() if since else None,
        until=until.date() if until else None,
    )


@topics.command("list")
@operator
@json_option
def topics_list(actor: Actor, as_json: bool) -> None:
    """List topic maps, the newest first."""
    maps = list_topic_maps(actor.workspace_id)
    if as_json:
        return show_json([{"id": m.pk, "name": m.name, "texts": m.texts, "made_at": m.made_at} for m in maps])
    return show_table("", ["id", "name", "texts", "made"], [(m.pk, m.name, m.texts, m.made_at) for m in maps])


@topics.command("show")
@click.argument("map_id", type=int)
@operator
@json_option
def topics_show(actor: Actor, map_id: int, as_json: bool) -> None:
    """Show a topic map with its summary."""
    _show(get_topic_map(actor.workspace_id, map_id), as_json)


@topics.command("drop")
@click.argument("map_id", type=int)
@operator
def topics_drop(actor: Actor, map_id: int) -> None:
    """Remove a topic map."""
    drop_topic_map(map_id=map_id, actor=actor, now=timezone.now())
    click.echo(f"Removed topic map {map_id}.")


def _show(found: TopicMap, as_json: bool) -> None:
    result = shown_result(found)
    if as_json:
        return show_json({"id": found.pk, "name": found.name, "scope": found.scope, "result": shapes.exact(result)})
    compares = found.scope["compare_with"] is not None
    rows = [
        (
            ", ".join(topic["words"]),
            *(f"{share:.0%}" for share in topic["shares"][: 2 if compares else 1]),
            *([_interval(topic["comparison"])] if compares else []),
            topic["texts"][0],
        )
        for topic in result["topics"]
    ]
    columns = ["topic", "share", *(["other set", "difference"] if compares else []), "texts"]
    show_table(f"Topic map {found.pk}: {found.texts} texts, {found.version}", columns, rows, right=columns[1:])
    for summary in result["summaries"]:
        for count in summary["counts"]:
            click.echo(f"{count['n']} of {count['of']}: {count['rule']}")
        for sentence in summary["sentences"]:
            click.echo(f"“{sentence['text']}” ({sentence['ref']})")
    written = result["written"] or {}
    for sentence in written.get("sentences", ()):
        click.echo(f"{sentence['text']} ({', '.join(sentence['refs'])})")
    if written.get("failure"):
        say(f"The language model wrote no summary. {written['failure']} {written.get('hint', '')}".rstrip())
    return None


def _interval(found: dict[str, Any] | None) -> str:
    if found is None:
        return "-"
    return f"{100 * found['difference']:+.0f} [{100 * found['low']:+.0f}; {100 * found['high']:+.0f}]"
