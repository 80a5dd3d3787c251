"""`sillage studio brief` and `run`: writing briefs as files go in and out; kept runs of variants are listed and read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.toml import read_toml, syntax_error_of
from sillage.studio.actions import briefs as actions
from sillage.studio.engine.brief import Kind, WritingBrief, WritingBriefMalformed, as_toml, writing_brief
from sillage.studio.engine.runs import Narrow
from sillage.studio.gallery_words import family_name
from sillage.studio.models import StoredBrief
from sillage.studio.queries import briefs as queries
from sillage.studio.queries.runs import gallery_of, get_run, list_runs, rows_of, said_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)


def read_fields(path: Path) -> dict[str, Any]:
    """The fields of a brief's file; “-” is standard input. Raises WritingBriefMalformed with the place."""
    with click.open_file(str(path), encoding="utf8", errors="replace") as opened:
        text = opened.read()
    try:
        return read_toml(text)
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        raise WritingBriefMalformed(
            f"The brief is not TOML: {reason}.", "Write name = value, one per line.", f"{path}:{line}:{column}"
        ) from error


def read_brief(path: Path) -> WritingBrief:
    return writing_brief(read_fields(path))


@click.group()
def brief() -> None:
    """Write, list, copy and put away writing briefs."""


@brief.command("new")
@click.argument("file", type=FILE)
@click.option("--campaign", "campaign_id", type=int, help="Its campaign fills in what the file leaves out.")
@click.option("--voice", "voice_id", type=int, help="The voice that it is written in.")
@operator
@json_option
def brief_new(actor: Actor, file: Path, campaign_id: int | None, voice_id: int | None, as_json: bool) -> None:
    """Keep the writing brief FILE (TOML). The idea and the facts are a person's."""
    given = {**read_fields(file), "campaign_id": campaign_id, "voice_id": voice_id}
    if campaign_id is not None:
        proposed = queries.proposed_for(actor.workspace_id, campaign_id, str(given.get("language", "fr")))
        given = {**proposed, **given}
    _show(actions.write_brief(given=given, actor=actor, now=timezone.now()), as_json)


@brief.command("change")
@click.argument("brief_id", type=int)
@click.argument("file", type=FILE)
@click.option("--version", "seen", type=int, help="The version that was looked at: refused if somebody changed it.")
@operator
@json_option
def brief_change(actor: Actor, brief_id: int, file: Path, seen: int | None, as_json: bool) -> None:
    """Change the fields that FILE (TOML) names; the others stay."""
    given = read_fields(file)
    _show(actions.change_brief(brief_id=brief_id, given=given, seen=seen, actor=actor, now=timezone.now()), as_json)


@brief.command("list")
@click.option("--state", type=click.Choice(queries.STATES), default="open")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), default=None)
@click.option("--campaign", "campaign_id", type=int, help="Only those of this campaign.")
@click.option("--words", default="", help="In title, idea or brand.")
@operator
@json_option
def brief_list(actor: Actor, state: str, kind: str | None, campaign_id: int | None, words: str, as_json: bool) -> None:
    """List writing briefs, the newest first."""
    found = queries.list_briefs(
        actor.workspace_id, state=state, kind=kind or "", campaign_id=campaign_id, words=words, limit=200
    ).items
    if as_json:
        return show_json([_told(one) for one in found])
    rows = [(one.pk, one.title, one.kind, one.language, one.campaign, one.version) for one in found]
    return show_table("", ["id", "title", "kind", "language", "campaign", "version"], rows, right=["id", "version"])


@brief.command("show")
@click.argument("brief_id", type=int)
@click.option("--toml", "as_file", is_flag=True, help="Print it as a file that `brief new` reads.")
@operator
@json_option
def brief_show(actor: Actor, brief_id: int, as_file: bool, as_json: bool) -> None:
    """Show a writing brief."""
    found = queries.get_brief(actor.workspace_id, brief_id)
    if as_file:
        return click.echo(as_toml(queries.content_of(found)), nl=False)
    return _show(found, as_json)


@brief.command("duplicate")
@click.argument("brief_id", type=int)
@click.argument("title")
@operator
@json_option
def brief_duplicate(actor: Actor, brief_id: int, title: str, as_json: bool) -> None:
    """Another brief with the same words, under its own title."""
    _show(actions.duplicate_brief(brief_id=brief_id, title=title, actor=actor, now=timezone.now()), as_json)


@brief.command("archive")
@click.argument("brief_id", type=int)
@click.option("--back", is_flag=True, help="Bring it back instead.")
@operator
def brief_archive(actor: Actor, brief_id: int, back: bool) -> None:
    """Put a writing brief away."""
    act = actions.restore_brief if back else actions.archive_brief
    found = act(brief_id=brief_id, actor=actor, now=timezone.now())
    click.echo(f"“{found.title}” is {'back' if back else 'put away'}.")


def _told(found: StoredBrief) -> dict[str, Any]:
    return {
        "id": found.pk,
        "version": found.version,
        "campaign_id": found.campaign_id,
        "voice_id": found.voice_id,
        **found.content,
    }


def _show(found: StoredBrief, as_json: bool) -> None:
    if as_json:
        return show_json(_told(found))
    rows = [(name, value) for name, value in _told(found).items() if name != "facts" and value is not None]
    rows += [
        ("fact", f"{fact['text']}{' (' + fact['source'] + ')' if fact['source'] else ''}")
        for fact in found.content["facts"]
    ]
    return show_table(f"Writing brief {found.pk}", ["field", "value"], rows)


@click.group()
def run() -> None:
    """List kept runs of variants, and read one."""


@run.command("list")
@click.option("--brief", "brief_id", type=int, help="Only those of this brief.")
@operator
@json_option
def run_list(actor: Actor, brief_id: int | None, as_json: bool) -> None:
    """List runs, the newest first."""
    found = list_runs(actor.workspace_id, brief_id=brief_id, limit=200).items
    names = ("id", "brief_id", "brief_version", "made", "possible", "most_alike", "made_at")
    if as_json:
        return show_json([{name: getattr(one, name) for name in names} for one in found])
    rows = [(one.pk, one.brief.title, one.brief_version, f"{one.made:,}", one.made_at) for one in found]
    return show_table("", ["id", "brief", "version", "made", "when"], rows, right=["id", "version", "made"])


@run.command("show")
@click.argument("run_id", type=int)
@click.option("--family", default="", help="Only texts that begin in this way.")
@click.option("--words", default="", help="Only texts that hold these words.")
@click.option("--favourites", is_flag=True, help="Only favourites.")
@click.option("--limit", type=click.IntRange(1, 50_000), default=12, show_default=True)
@operator
@json_option
def run_show(actor: Actor, run_id: int, family: str, words: str, favourites: bool, limit: int, as_json: bool) -> None:
    """Read a run's variants, the best first."""
    stored = get_run(actor.workspace_id, run_id)
    gallery, said = gallery_of(stored), said_of(stored)
    only = said.marks.favourites if favourites else None
    rows = rows_of(gallery, said, Narrow(family=family, words=words, only=only))[:limit]
    families, texts = gallery.run.families(), gallery.run.texts(rows)
    told: list[dict[str, Any]] = [
        {"row": row, "fit": round(float(gallery.overall[row]), 4), "family": str(families[row]), "text": text}
        for row, text in zip(rows, texts, strict=True)
    ]
    if as_json:
        return show_json(told)
    lines = [(one["row"], f"{one['fit']:.2f}", family_name(one["family"]), one["text"]) for one in told]
    return show_table("", ["row", "fit", "family", "text"], lines, right=["row", "fit"])
