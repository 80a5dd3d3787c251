"""Commands of campaigns and of their pipeline."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.campaigns.actions import campaigns as actions
from sillage.campaigns.actions import moving
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.notes import write_note
from sillage.campaigns.engine.pipeline import Stage, moves_from
from sillage.campaigns.models import Campaign
from sillage.campaigns.queries import campaigns as queries
from sillage.campaigns.queries.pipeline import Card, Wanted, list_cards
from sillage.catalogue.queries import get_account
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed
from sillage.lib.toml import read_toml, syntax_error_of

STAGE = click.Choice([stage.value for stage in Stage])


class CampaignFileMalformed(Malformed):
    """The campaign's file is not TOML."""

    title = "Malformed campaign file"


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        return read_toml(text)
    except UnicodeDecodeError as error:
        raise CampaignFileMalformed(f"{path} is not UTF-8: byte {error.start}.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        hint = 'Write name = "…", objective = "…" and brand = "…", a line each.'
        raise CampaignFileMalformed(f"This is not TOML: {reason}.", hint, f"{path}:{line}:{column}") from error


@click.group()
def campaign() -> None:
    """Open, list, copy and put away campaigns."""


@campaign.command("open")
@click.argument("name")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Fields, as TOML.")
@click.option("--objective", help="What it should bring about.")
@click.option("--brand", help="The brand's name.")
@click.option("--country", "countries", multiple=True, help="Two letters; may be repeated.")
@click.option("--from", "source", type=int, help="Id of a campaign or template whose words it has.")
@click.option("--shortlist", "shortlist_id", type=int, help="Id of a shortlist from which creators come.")
@click.option("--first", type=click.IntRange(1, 200), help="With --shortlist: the first places, instead of the pinned.")
@click.option("--template", "is_template", is_flag=True, help="Write a template.")
@operator
@json_option
def campaign_open(actor: Actor, name: str, as_json: bool, path: Path | None, source: int | None, **said: Any) -> None:
    """Begin a campaign. Law packs that are not named are those of its countries."""
    given: dict[str, Any] = _read(path) if path else {}
    if source is not None:
        given = {**queries.as_given(queries.get_campaign(actor.workspace_id, source)), **given}
    shortlist = said["shortlist_id"]
    named = {field: said[field] for field in ("objective", "brand") if said[field]}
    given |= {"name": name, **named, **({"countries": list(said["countries"])} if said["countries"] else {})}
    take = said["first"] or "pinned"
    accounts = queries.accounts_of_shortlist_id(actor.workspace_id, shortlist, take) if shortlist else []
    made = actions.open_campaign(
        given=given,
        is_template=said["is_template"],
        accounts=accounts,
        shortlist_id=shortlist,
        actor=actor,
        now=timezone.now(),
    )
    _show(made, as_json)


@campaign.command("list")
@click.option("--state", type=click.Choice(queries.STATES), default="running")
@click.option("--words", default="", help="In name, brand or objective.")
@operator
@json_option
def campaign_list(actor: Actor, state: str, words: str, as_json: bool) -> None:
    """List campaigns, the newest first."""
    found = queries.list_campaigns(actor.workspace_id, state=state, words=words, limit=200).items
    counts = queries.stage_counts([one.pk for one in found])
    if as_json:
        return show_json([{"id": c.pk, **queries.as_given(c), "stages": counts.get(c.pk, {})} for c in found])
    rows = [(c.pk, c.name, c.brand, sum(counts.get(c.pk, {}).values()), c.starts_on, c.ends_on) for c in found]
    return show_table("", ["id", "name", "brand", "creators", "from", "until"], rows, right=["id", "creators"])


@campaign.command("show")
@click.argument("campaign_id", type=int)
@operator
@json_option
def campaign_show(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """Show a campaign."""
    _show(queries.get_campaign(actor.workspace_id, campaign_id), as_json)


@campaign.command("duplicate")
@click.argument("campaign_id", type=int)
@click.argument("name")
@click.option("--template", "is_template", is_flag=True, help="Keep its words as a template.")
@operator
@json_option
def campaign_duplicate(actor: Actor, campaign_id: int, name: str, is_template: bool, as_json: bool) -> None:
    """Open another campaign with the same words; creators are not copied."""
    made = actions.duplicate_campaign(
        campaign_id=campaign_id, name=name, is_template=is_template, actor=actor, now=timezone.now()
    )
    _show(made, as_json)


@campaign.command("archive")
@click.argument("campaign_id", type=int)
@click.option("--back", is_flag=True, help="Bring it back instead.")
@operator
def campaign_archive(actor: Actor, campaign_id: int, back: bool) -> None:
    """Put a campaign away."""
    if back:
        found = actions.restore_campaign(campaign_id=campaign_id, actor=actor, now=timezone.now())
        click.echo(f"“{found.name}” is back.")
    else:
        found = actions.archive_campaign(campaign_id=campaign_id, actor=actor, now=timezone.now())
        click.echo(f"“{found.name}” is put away.")


def _show(found: Campaign, as_json: bool) -> None:
    counts = queries.stage_counts([found.pk]).get(found.pk, {})
    if as_json:
        return show_json({"id": found.pk, **queries.as_given(found), "stages": counts})
    rows = [(name, value) for name, value in queries.as_given(found).items() if value not in (None, "", [], {})]
    rows += [(stage.value, counts[stage.value]) for stage in Stage if stage.value in counts]
    return show_table(f"Campaign {found.pk}", ["field", "value"], rows)


@click.group()
def collaboration() -> None:
    """Bring creators into a campaign, move them along, write about them."""


@collaboration.command("add")
@click.argument("campaign_id", type=int)
@click.argument("accounts", nargs=-1, required=True)
@operator
def collaboration_add(actor: Actor, campaign_id: int, accounts: tuple[str, ...]) -> None:
    """Bring accounts (network:handle) into a campaign."""
    ids = [get_account(actor.workspace_id, key).pk for key in accounts]
    added = add_collaborations(campaign_id=campaign_id, accounts=ids, actor=actor, now=timezone.now())
    click.echo(f"{len(added)} came in: {', '.join(f'{row.pk} {row.name}' for row in added) or '-'}.")


@collaboration.command("list")
@click.argument("campaign_id", type=int)
@click.option("--stage", "stages", type=STAGE, multiple=True, help="Only this stage; may be repeated.")
@operator
@json_option
def collaboration_list(actor: Actor, campaign_id: int, stages: tuple[str, ...], as_json: bool) -> None:
    """List who is in a campaign, with conflicts."""
    found = queries.get_campaign(actor.workspace_id, campaign_id)
    cards, _ = list_cards(found, Wanted(stages=stages), timezone.now(), limit=500)
    if as_json:
        return show_json([_card(card) for card in cards])
    rows = [(c.row.pk, c.row.name, c.row.stage, ", ".join(x.kind for x in c.conflicts) or "-") for c in cards]
    return show_table("", ["id", "creator", "stage", "conflicts"], rows, right=["id"])


def _card(card: Card) -> dict[str, Any]:
    row = card.row
    return {
        "id": row.pk,
        "name": row.name,
        "network": row.network,
        "handle": row.handle,
        "stage": row.stage,
        "stage_since": row.stage_since,
        "version": row.version,
        "conflicts": [{"kind": c.kind.value, **c.about} for c in card.conflicts],
    }


@collaboration.command("move")
@click.argument("collaboration_id", type=int)
@click.argument("to", type=STAGE, required=False)
@click.option("--version", type=int, help="The version that was looked at: refused if somebody moved it since.")
@click.option("--reason", default="", help="Needed to close before the report.")
@click.option("--undo", is_flag=True, help="Take the last move back instead.")
@operator
def collaboration_move(
    actor: Actor, collaboration_id: int, to: str | None, version: int | None, reason: str, undo: bool
) -> None:
    """Move a collaboration to another stage; without a stage, say which moves there are."""
    found = queries.get_collaboration(actor.workspace_id, collaboration_id)
    if undo:
        found = moving.undo_move(collaboration_id=found.pk, version=version, actor=actor, now=timezone.now())
    elif to is not None:
        found = moving.move_collaboration(
            collaboration_id=found.pk, to=Stage(to), version=version, reason=reason, actor=actor, now=timezone.now()
        )
    ways = ", ".join(moves_from(Stage(found.stage)))
    click.echo(f"{found.name} is {found.stage} (version {found.version}). From there: {ways}.")


@collaboration.command("note")
@click.argument("collaboration_id", type=int)
@click.argument("text")
@operator
def collaboration_note(actor: Actor, collaboration_id: int, text: str) -> None:
    """Write about a collaboration; “@ada” mentions a member."""
    note = write_note(collaboration_id=collaboration_id, text=text, actor=actor, now=timezone.now())
    called = ", ".join(str(member.person) for member in note.mentioned.select_related("person"))
    click.echo(f"Written{f', for {called}' if called else ''}.")
