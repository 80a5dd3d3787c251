"""`sillage studio`: originality, inspiration, palettes, and the board of ideas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.studio import found_shapes as shapes
from sillage.studio.actions import ideas as actions
from sillage.studio.actions.palettes import BRAND, SOURCES, colours_of, make_palette
from sillage.studio.engine.ideas import Column
from sillage.studio.engine.palette import Colour, Pair, pairs_of
from sillage.studio.engine.picture_pixels import pixels_of
from sillage.studio.engine.placing import Measure
from sillage.studio.engine.rising import Rise
from sillage.studio.models import Idea
from sillage.studio.queries.ideas import list_ideas
from sillage.studio.queries.inspiration import Inspiration, creators_of, inspiration_of
from sillage.studio.queries.originality import Originality, originality_of, wanted_by


@click.command()
@click.argument("text", type=click.File(encoding="utf8"))
@click.option("--campaign", "campaign_id", type=int, help="Its texts, its brand's archive, its brief's themes.")
@click.option("--voice", "voice_id", type=int, help="Its brand's archive.")
@click.option("--theme", default="", help="Instead of the campaign's, or of those read in the text.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="As the text seems, unless it is said.")
@operator
@json_option
def originality(
    actor: Actor, text: Any, campaign_id: int | None, voice_id: int | None, theme: str, language: str, as_json: bool
) -> None:
    """How close the text in the file TEXT (- for stdin) comes to what was said before. No verdict; nothing is stored."""
    workspace = actor.workspace_id
    wanted = wanted_by(
        workspace, text.read(), language=language or "", campaign_id=campaign_id, voice_id=voice_id, theme=theme
    )
    found = originality_of(workspace, wanted)
    if as_json:
        return show_json(shapes.originality(found))
    return _show_originality(found)


def _show_originality(found: Originality) -> None:
    lines = [
        (g.kind, g.placement.n, *_measured(g.placement.words), *_measured(g.placement.meaning)) for g in found.groups
    ]
    columns = ("compared with", "texts", "by words", "closer than", "by meaning", "closer than ")
    show_table("", columns, lines, right=columns[1:])
    nearest = [
        (g.kind, f"{q.near.distance:.2f}", q.who, " ".join(q.text.split())[:90]) for g in found.groups for q in g.quotes
    ]
    show_table("Nearest", ("group", "distance", "who", "text"), nearest, right=("distance",))
    common = [(g.kind, p.text, f"{p.n} of {p.of}") for g in found.groups for p in g.placement.common]
    show_table("Common", ("group", "words", "texts"), common, right=("texts",))
    if found.missing:
        say(f"Could not be had: {', '.join(found.missing)}.")
    say("Only this catalogue and this language are compared; closeness is no verdict.")


def _measured(measure: Measure | None) -> tuple[str | None, str | None]:
    if measure is None:
        return None, None
    return f"{measure.mean:.2f}", None if measure.percentile is None else f"{measure.percentile:.0%} of {measure.n}"


@click.command()
@click.option("--campaign", "campaign_id", type=int, help="The creators of this campaign.")
@click.option("--shortlist", "shortlist_id", type=int, help="Those of this shortlist.")
@click.option("--theme", default="", help="All accounts of this theme.")
@click.option("--days", type=click.IntRange(7, 365), default=30, show_default=True, help="Of each window.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="Of questions, and of what competitors say.")
@operator
@json_option
def inspiration(
    actor: Actor,
    campaign_id: int | None,
    shortlist_id: int | None,
    theme: str,
    days: int,
    language: str | None,
    as_json: bool,
) -> None:
    """What rises, what people ask and what competitors leave unsaid, in one set of creators."""
    workspace = actor.workspace_id
    creators = creators_of(workspace, campaign_id=campaign_id, shortlist_id=shortlist_id, theme=theme)
    found = inspiration_of(workspace, creators, until=timezone.localdate(), days=days, language=language or "")
    if as_json:
        return show_json(shapes.inspiration(found))
    return _show_inspiration(found)


def _show_inspiration(found: Inspiration) -> None:
    for title, rise in (("Rising themes", found.themes), ("Rising hashtags", found.hashtags)):
        _show_rise(title, rise)
    asked = [(g.group.n, g.group.accounts, g.group.text[:100]) for g in found.asked.groups]
    show_table("Questions", ("times", "accounts", "question"), asked, right=("times", "accounts"))
    say(f"{found.asked.n:,} questions among {found.asked.comments:,} comments that were read.")
    if found.unsaid is None:
        say("No competitor is named: choose a campaign that names some.")
        return
    lines = [(d.term, f"{d.contrast.n} of {d.contrast.of}", d.contrast.other_n) for d in found.unsaid.words]
    show_table(f"Unsaid by {', '.join(found.competitors)}", ("words", "here", "there"), lines, right=("here", "there"))


def _show_rise(title: str, rise: Rise) -> None:
    if not rise.windows.are_enough:
        say(f"{title}: too few posts ({rise.windows.n_before} and {rise.windows.n_after}); each window needs twenty.")
        return
    lines = [
        (r.subject, r.before, r.after, r.creators, f"{r.change.low:+.1%} to {r.change.high:+.1%}") for r in rise.rising
    ]
    columns = ("subject", "before", "after", "creators", "change of share")
    show_table(title, columns, lines, right=columns[1:])
    say(f"{rise.compared} compared, {rise.windows.n_before} posts before and {rise.windows.n_after} after.")


@click.command()
@click.argument("pictures", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep", "name", help="Keep it in the workspace under this name.")
@click.option("--source", type=click.Choice([s for s in SOURCES if s != "drafts"]), default=BRAND, show_default=True)
@operator
@json_option
def palette(actor: Actor, pictures: tuple[Path, ...], name: str | None, source: str, as_json: bool) -> None:
    """The colours of PICTURES, and which can be read on which. Only with --keep is anything stored."""
    files = [(path.name, path.read_bytes()) for path in pictures]
    if name:
        kept = make_palette(name=name, source=source, files=files, actor=actor, now=timezone.now())
        colours = [Colour(*_rgb(c["code"]), share=c["share"]) for c in kept.colours]
    else:
        colours = colours_of([pixels_of(data, said) for said, data in files])
    pairs = pairs_of(colours)
    if as_json:
        return show_json({"colours": [{"code": c.code, "share": c.share} for c in colours], "pairs": _pairs(pairs)})
    show_table("", ("colour", "share"), [(c.code, f"{c.share:.0%}") for c in colours], right=("share",))
    lines = [(p.text.code, p.ground.code, f"{p.contrast:.2f}", _worth(p)) for p in pairs]
    return show_table("Contrast", ("text", "on", "ratio", "WCAG"), lines, right=("ratio",))


def _rgb(code: str) -> tuple[int, int, int]:
    colour = Colour.of(code)
    return colour.red, colour.green, colour.blue


def _worth(pair: Pair) -> str:
    if pair.is_very_readable:
        return "AAA"
    return "AA" if pair.is_readable else "AA for large text" if pair.is_readable_large else "fails"


def _pairs(pairs: list[Pair]) -> list[dict[str, Any]]:
    return [{"text": p.text.code, "ground": p.ground.code, "contrast": p.contrast, "wcag": _worth(p)} for p in pairs]


@click.group()
def idea() -> None:
    """The board of ideas: a person's, and what rules found."""


COLUMN = click.Choice([c.value for c in Column])


@idea.command("list")
@click.option("--campaign", "campaign_id", type=int, help="Only this campaign's.")
@click.option("--column", type=COLUMN, help="Only this column.")
@operator
@json_option
def idea_list(actor: Actor, campaign_id: int | None, column: str | None, as_json: bool) -> None:
    """Ideas on the board, pinned ones first."""
    found = list_ideas(actor.workspace_id, campaign_id=campaign_id, place=column or "")
    columns = ("id", "column", "mark", "idea", "pinned", "version")
    lines = [(i.pk, i.place, _mark(i), str(i), i.pinned_at is not None, i.version) for i in found]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=("id", "version"))


def _mark(row: Idea) -> str:
    if row.interview_id is not None:
        return f"quote of interview {row.interview_id}"
    return f"rule {row.rule} {row.rule_version}" if row.rule else f"person {row.who}"


@idea.command("write")
@click.argument("text")
@click.option("--campaign", "campaign_id", type=int)
@operator
def idea_write(actor: Actor, text: str, campaign_id: int | None) -> None:
    """Put an idea on the board, in your words."""
    made = actions.write_idea(text=text, campaign_id=campaign_id, actor=actor, now=timezone.now())
    click.echo(f"Idea {made.pk} is on the board.")


@idea.command("move")
@click.argument("idea_id", type=int)
@click.argument("to", type=COLUMN)
@operator
def idea_move(actor: Actor, idea_id: int, to: str) -> None:
    """Move an idea to a column; only a person's can be chosen for a brief."""
    moved = actions.move_idea(idea_id=idea_id, to=to, actor=actor, now=timezone.now())
    click.echo(f"Idea {moved.pk} stands in {moved.place}.")


@idea.command("rewrite")
@click.argument("idea_id", type=int)
@click.argument("text")
@operator
def idea_rewrite(actor: Actor, idea_id: int, text: str) -> None:
    """Say an idea in your own words."""
    made = actions.rewrite_idea(idea_id=idea_id, text=text, actor=actor, now=timezone.now())
    click.echo(f"Idea {made.pk} stands in {made.place}, in your words.")
