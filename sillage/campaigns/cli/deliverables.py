"""Commands of deliverables, drafts and live posts."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.campaigns.actions import drafts, live, reviewing
from sillage.campaigns.actions.deliverables import add_deliverable
from sillage.campaigns.actions.uploads import keep_files
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import Draft
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.deliverables import get_deliverable, list_deliverables
from sillage.campaigns.queries.drafts import files_of, get_draft, last_check, threads_on, verdicts_of
from sillage.campaigns.queries.live import list_matches
from sillage.catalogue.engine.records import NETWORKS
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.law import FORMATS

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def deliverable() -> None:
    """What creators make."""


@deliverable.command("list")
@click.argument("campaign_id", type=int)
@click.option("--state", type=click.Choice([s.value for s in DeliverableState]), default=None)
@click.option("--late", is_flag=True, help="Only what is late.")
@operator
@json_option
def deliverable_list(actor: Actor, campaign_id: int, state: str | None, late: bool, as_json: bool) -> None:
    """List a campaign's deliverables by the day on which they are due."""
    campaign = get_campaign(actor.workspace_id, campaign_id)
    lines = list_deliverables(campaign, timezone.now().date(), state=state or "", late=late)
    columns = ("id", "creator", "name", "network", "format", "state", "draft due", "late", "drafts", "open threads")
    table = [
        (
            *(x.deliverable.pk, str(x.deliverable.collaboration), x.deliverable.name, x.deliverable.network),
            *(x.deliverable.format, x.deliverable.state, x.deliverable.draft_due_on, "late" if x.is_late else ""),
            *(x.drafts, x.open_threads),
        )
        for x in lines
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in table])
    return show_table("", columns, table, right=("id", "drafts", "open threads"))


@deliverable.command("add")
@click.argument("collaboration_id", type=int)
@click.option("--network", type=click.Choice(NETWORKS), required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--name", default="", help="What to call it.")
@click.option("--brief", default="", help="What the creator is told.")
@click.option("--draft-due", type=DAY, help="Day on which the draft is due.")
@click.option("--from", "publish_from", type=DAY, help="First day on which it may be published.")
@click.option("--until", "publish_until", type=DAY, help="Last day.")
@click.option("--say", multiple=True, help="Words that must stand in it; may be repeated.")
@click.option("--never-say", multiple=True, help="Words that block it; may be repeated.")
@click.option("--code", default="", help="The creator's own code.")
@click.option("--client", "needs_client", is_flag=True, help="The brand's client approves as well.")
@operator
def deliverable_add(actor: Actor, collaboration_id: int, form: str, draft_due: datetime | None, **said: Any) -> None:
    """Ask a collaboration for something."""
    given = {
        **{name: said[name] for name in ("network", "name", "brief", "publish_from", "publish_until", "code")},
        **{name: list(said[name]) for name in ("say", "never_say")},
        "format": form,
        "draft_due_on": draft_due,
        "needs_client": said["needs_client"],
    }
    made = add_deliverable(collaboration_id=collaboration_id, given=given, actor=actor, now=timezone.now())
    click.echo(made.pk)


@click.group()
def draft() -> None:
    """Drafts: entered, shown, approved."""


@draft.command("submit")
@click.argument("deliverable_id", type=int)
@click.option("--text", default="", help="The text as it will be published; “-” reads it from stdin.")
@click.option("--title", default="", help="Of a video or article.")
@click.option(
    "--file",
    "paths",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="May be repeated.",
)
@operator
@json_option
def draft_submit(
    actor: Actor, deliverable_id: int, text: str, title: str, paths: tuple[Path, ...], as_json: bool
) -> None:
    """Enter the next version of a deliverable's draft. Pictures and films are checked and cleaned."""
    get_deliverable(actor.workspace_id, deliverable_id)
    said = sys.stdin.read() if text == "-" else text
    with ExitStack() as stack:
        files = keep_files(actor.workspace_id, [(p.name, stack.enter_context(p.open("rb"))) for p in paths])
    made = drafts.submit_draft(
        deliverable_id=deliverable_id, text=said, title=title, files=files, actor=actor, now=timezone.now()
    )
    _show(made, as_json=as_json)


@draft.command("show")
@click.argument("draft_id", type=int)
@operator
@json_option
def draft_show(actor: Actor, draft_id: int, as_json: bool) -> None:
    """A draft with what law packs, rules and people say of it."""
    _show(get_draft(actor.workspace_id, draft_id), as_json=as_json)


def _show(found: Draft, *, as_json: bool) -> None:
    check = last_check(found)
    told = {
        "id": found.pk,
        "deliverable": found.deliverable_id,
        "version": found.number,
        "state": found.deliverable.state,
        "text": found.text,
        "digest": bytes(found.digest).hex(),
        "files": [{"name": f.name, "sha256": f.sha256, "removed": f.removed} for f in files_of(found)],
        "verdict": check.verdict if check else None,
        "packs": check.packs if check else "",
        "findings": check.findings if check else [],
        "rules": check.rules if check else [],
        "said": [{"who": v.who, "word": v.word, "reason": v.reason} for v in verdicts_of(found)],
        "open_threads": sum(one.thread.resolved_at is None for one in threads_on(found)),
    }
    if as_json:
        return show_json(told)
    console = out()
    console.print(f"draft {found.pk}: version {found.number} of “{found.deliverable}”, {told['state']}", markup=False)
    console.print(found.text, markup=False, highlight=False)
    said = [(f["verdict"], f["rule"], f["seen"]) for f in told["findings"] if f["verdict"] not in ("pass", "info")]
    said += [(r["verdict"], r["kind"], r["wanted"]) for r in told["rules"] if r["verdict"] != "pass"]
    return show_table("", ("verdict", "rule", "words"), said)


@draft.command("approve")
@click.argument("draft_id", type=int)
@click.option("--reason", default="", help="Needed where rules ask or warn.")
@operator
def draft_approve(actor: Actor, draft_id: int, reason: str) -> None:
    """Say yes to exactly these words and files. Refused while a rule blocks."""
    found = reviewing.approve_draft(draft_id=draft_id, reason=reason, actor=actor, now=timezone.now())
    click.echo(get_deliverable(actor.workspace_id, found.deliverable_id).state)


@click.group("live")
def live_posts() -> None:
    """Posts that went out: found, watched."""


@live_posts.command("match")
@click.argument("campaign_id", type=int)
@operator
@json_option
def live_match(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """Look for the deliverables' posts in the catalogue; suggestions await a person."""
    live.match_live(campaign_id=campaign_id, actor=actor, now=timezone.now())
    columns = ("match", "deliverable", "standing", "score", "reasons", "url")
    table = [
        (m.pk, m.deliverable_id, m.standing, f"{m.score:.2f}", ", ".join(r["kind"] for r in m.reasons), m.url)
        for m in list_matches(get_campaign(actor.workspace_id, campaign_id))
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in table])
    return show_table("", columns, table, right=("match", "deliverable", "score"))


@live_posts.command("watch")
@click.option("--campaign", "campaign_id", type=int, default=None, help="Only this campaign's posts.")
@operator
@json_option
def live_watch(actor: Actor, campaign_id: int | None, as_json: bool) -> None:
    """Look at confirmed posts again, as the catalogue has them: edits and removals are kept as evidence."""
    seen = live.watch_live(campaign_id=campaign_id, actor=actor, now=timezone.now())
    if as_json:
        return show_json(seen)
    return show_table("", ("seen", "posts"), sorted(seen.items()), right=("posts",))
