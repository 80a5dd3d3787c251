"""Commands of comments: read them, list what they want."""

from __future__ import annotations

import click
from django.conf import settings
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.text import shortened
from sillage.understanding.actions.reading_comments import read_comments
from sillage.understanding.cli.reading import since_of
from sillage.understanding.engine.cultural_check import FLAGS
from sillage.understanding.engine.tone import SENTIMENTS
from sillage.understanding.progress import reporting
from sillage.understanding.queries.inbox import AWAITS, EVERYTHING, VIEWS, InboxFilters, InboxLine, list_inbox

_TEXT = 70


@click.group()
def comments() -> None:
    """What readers ask, want to buy, complain about and praise."""


@comments.command("read")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; by default SILLAGE_WORKERS.")
@operator
@json_option
def comments_read(actor: Actor, workers: int | None, as_json: bool) -> None:
    """Read comments that have not been read. `sillage enrich` does it too."""
    with reporting() as on_progress:
        done = read_comments(
            actor=actor,
            now=timezone.now(),
            workers=workers or settings.SILLAGE.workers,
            on_progress=lambda n, total: on_progress("comments", n, total),
        )
    if as_json:
        return show_json({"comments": done.comments, "signals": done.signals, "versions": done.versions})
    if not done.comments:
        click.echo("Every comment has been read already.")
        return None
    rows = [(name, count, done.versions[name]) for name, count in done.signals.items()]
    return show_table(f"{done.comments} comments read", ["enricher", "new", "version"], rows, right=["new"])


@comments.command("list")
@click.option("--intent", type=click.Choice(VIEWS), default=AWAITS, show_default=True, help="What they want.")
@click.option("--account", help="Only under the posts of this account: id or network:handle.")
@click.option("--brand", default="", help="Only under posts that mention the brand of this key.")
@click.option("--language", default="", help="ISO 639-1 code of the comment.")
@click.option("--tone", type=click.Choice(SENTIMENTS), help="Negative, neutral or positive.")
@click.option("--flag", type=click.Choice(FLAGS), help="A flag of the cultural check.")
@click.option("--since", help="Only those of this span: 12h, 2d, 3w.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--cursor", help="Where to go on, as --json gives it.")
@operator
@json_option
def comments_list(
    actor: Actor,
    intent: str,
    account: str | None,
    brand: str,
    language: str,
    tone: str | None,
    flag: str | None,
    since: str | None,
    limit: int,
    cursor: str | None,
    as_json: bool,
) -> None:
    """List comments by what they want; by default those that await an answer. The newest first."""
    of = catalogue.get_account(actor.workspace_id, account).pk if account else None
    filters = InboxFilters(
        intent=intent,
        account_id=of,
        brand=brand,
        language=language,
        tone=tone or "",
        flag=flag or "",
        since=since_of(since, timezone.now()),
    )
    page = list_inbox(actor.workspace_id, filters, cursor=cursor, limit=limit)
    if as_json:
        return show_json({"items": [_as_json(line) for line in page.items], "next_cursor": page.next_cursor})
    if not page.items:
        click.echo("No comment is like that. Comments are read by `sillage enrich`.")
        return None
    title = {AWAITS: "comments that await an answer", EVERYTHING: "comments"}.get(intent, f"comments: {intent}")
    rows = [_row(line) for line in page.items]
    return show_table(title, ["when", "account", "intents", "tone", "sure", "text"], rows, right=["sure"])


def _as_json(line: InboxLine) -> dict[str, object]:
    comment = line.comment
    return {
        "id": str(comment.id),
        "account": str(comment.account),
        "text": comment.text,
        "published_at": comment.published_at,
        "awaits": line.awaits,
        "signals": {
            name: {"value": s.value, "confidence": s.confidence, "evidence": s.evidence, "version": s.version}
            for name, s in line.signals.items()
        },
        "corrected": {name: standing.value for name, standing in line.standing.items()},
    }


def _row(line: InboxLine) -> tuple[str, ...]:
    """Where a person said something, it stands, with a star."""
    intent, tone = line.signals.get("intent"), line.signals.get("tone")
    said, felt = line.standing.get("intent"), line.standing.get("tone")
    wants = said.value["intents"] if said else intent.value.get("intents", {}) if intent else {}
    sounds = felt.value["tone"] if felt else tone.value.get("tone", "-") if tone else "-"
    return (
        line.comment.published_at.date().isoformat(),
        str(line.comment.account),
        (", ".join(wants) or "-") + ("*" if said else ""),
        sounds + ("*" if felt else ""),
        f"{intent.confidence:.2f}" if intent else "-",
        shortened(line.comment.text, _TEXT),
    )
