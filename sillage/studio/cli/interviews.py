"""`sillage studio interview`: interviews from a file or a sound, to turns, quotes and files."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.db import transaction
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.studio.actions import interview_quotes, interview_sound, interview_stages
from sillage.studio.actions import interviews as actions
from sillage.studio.actions.interview_sound import NoTranscriber
from sillage.studio.engine.interview_export import FORMATS
from sillage.studio.engine.transcripts import clock_of
from sillage.studio.queries import interviews as queries
from sillage.studio.queries.interview_files import exported

FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def interview() -> None:
    """Interviews: brought in, cleaned, summed up in quotes, exported."""


@interview.command("add")
@click.argument("file", type=FILE, required=False)
@click.option("--title", default="", help="What it is about; the file's name if not given.")
@click.option("--person", default="", help="Who was interviewed.")
@click.option("--creator", default="", help="Their key in the catalogue.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--on", "held_on", type=DAY, help="The day of the interview.")
@operator
@json_option
def interview_add(actor: Actor, file: Path | None, held_on: datetime | None, as_json: bool, **said: Any) -> None:
    """Add an interview with the transcript FILE: text, SRT, WebVTT or JSON; “-” is standard input.

    A transcript that cannot be read adds nothing. Without FILE, bring the sound in with `interview sound`.
    """
    name = "" if file is None or str(file) == "-" else file.name
    given = {**said, "title": said["title"] or Path(name).stem, "held_on": held_on.date() if held_on else None}
    data = b"" if file is None else _bytes_of(file)
    now = timezone.now()
    with transaction.atomic():
        row = actions.add_interview(given=given, actor=actor, now=now)
        if file is not None:
            interview_stages.add_transcript(interview_id=row.pk, name=str(file), data=data, actor=actor, now=now)
    if as_json:
        return show_json({"id": row.pk})
    return click.echo(row.pk)


def _bytes_of(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


@interview.command("list")
@click.option("--words", default="", help="In title or person.")
@operator
@json_option
def interview_list(actor: Actor, words: str, as_json: bool) -> None:
    """Interviews, the last one added first."""
    columns = ("id", "title", "person", "held on", "sound", "transcription", "confirmed")
    lines = [
        (r.pk, r.title, r.person, r.held_on, "yes" if r.has_audio else "no", r.job, r.confirmed_at)
        for r in queries.list_interviews(actor.workspace_id, words=words, limit=200).items
    ]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=("id",))


@interview.command("show")
@click.argument("interview_id", type=int)
@click.option("--stage", type=int, help="An older stage; the newest if not given.")
@operator
@json_option
def interview_show(actor: Actor, interview_id: int, stage: int | None, as_json: bool) -> None:
    """An interview's stages, and the words of one of them."""
    row = queries.get_interview(actor.workspace_id, interview_id)
    stages = queries.stages_of(row)
    shown = queries.get_stage(row, stage) if stage is not None else (stages[-1] if stages else None)
    made = [(s.number, s.kind, s.actor, f"{s.actor_name} {s.actor_version}".strip(), s.of, s.made_at) for s in stages]
    columns = ("stage", "kind", "made by", "name", "of", "at")
    if as_json:
        told = [dict(zip(columns, line, strict=True)) for line in made]
        return show_json(
            {"id": row.pk, "title": row.title, "stages": told, "content": shown.content if shown else None}
        )
    show_table(row.title, columns, made, right=("stage", "of"))
    quotes, aside = queries.quotes_in(shown) if shown else ((), ())
    turns = queries.told_turns(row, shown) if shown else ()
    lines = [(q.starts, q.speaker, f"{n}. “{q.text}”") for n, q in enumerate(quotes, 1)]
    lines = lines or [(t.starts, t.speaker, t.text) for t in turns]
    for starts, speaker, text in lines:
        at = f"{clock_of(starts)} " if starts is not None else ""
        out().print(f"{at}{speaker or '-'}: {text}", markup=False, highlight=False)
    return say(f"{len(aside)} sentences are set aside for a person.") if aside else None


@interview.command("export")
@click.argument("interview_id", type=int)
@click.option("--format", "form", type=click.Choice(FORMATS), default="md", show_default=True)
@click.option("--stage", type=int, help="An older stage; the newest words if not given.")
@operator
def interview_export(actor: Actor, interview_id: int, form: str, stage: int | None) -> None:
    """Print an interview's words as text, Markdown with its quotes, or subtitles."""
    row = queries.get_interview(actor.workspace_id, interview_id)
    click.echo(exported(row, form, queries.get_stage(row, stage) if stage is not None else None), nl=False)


@interview.command("clean")
@click.argument("interview_id", type=int)
@operator
def interview_clean(actor: Actor, interview_id: int) -> None:
    """Take fillers, words said twice and false starts out, by rule: a new stage; the one before stays."""
    made = interview_stages.clean_interview(interview_id=interview_id, actor=actor, now=timezone.now())
    gone = ", ".join(f"{reason.replace('_', ' ')} {n}" for reason, n in made.facts["gone"].items())
    click.echo(f"Stage {made.number}: words that went: {gone}.")


@interview.command("summarise")
@click.argument("interview_id", type=int)
@operator
def interview_summarise(actor: Actor, interview_id: int) -> None:
    """Sum an interview up in sentences of its own, each with its time."""
    made = interview_stages.summarise_interview(interview_id=interview_id, actor=actor, now=timezone.now())
    click.echo(f"Stage {made.number}: {len(made.content['quotes'])} quotes, {len(made.content['aside'])} set aside.")


@interview.command("quote")
@click.argument("interview_id", type=int)
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--brief", "brief_id", type=int, help="Make it a fact of this writing brief; without it, an idea on the board."
)
@operator
def interview_quote(actor: Actor, interview_id: int, number: int, brief_id: int | None) -> None:
    """Send quote NUMBER of the newest summary to the board of ideas, or to a writing brief. Consent has to be written down."""
    said: dict[str, Any] = {"interview_id": interview_id, "place": number - 1, "actor": actor, "now": timezone.now()}
    if brief_id is None:
        return click.echo(f"Idea {interview_quotes.send_quote_to_ideas(**said).pk} is on the board, as a quote.")
    changed = interview_quotes.send_quote_to_brief(**said, brief_id=brief_id)
    return click.echo(f"Brief {changed.pk} is version {changed.version}: {changed.content['facts'][-1]['source']}.")


@interview.command("consent")
@click.argument("interview_id", type=int)
@click.option("--who", required=True, help="Who agreed to be recorded.")
@click.option("--on", required=True, type=DAY, help="On which day.")
@click.option("--for", "purpose", required=True, help="For what.")
@operator
def interview_consent(actor: Actor, interview_id: int, who: str, on: datetime, purpose: str) -> None:
    """Write down that the person agreed to be recorded: no sound is kept without it."""
    actions.keep_consent(
        interview_id=interview_id, who=who, on=on.date(), purpose=purpose, actor=actor, now=timezone.now()
    )
    click.echo("Written down.")


@interview.command("sound")
@click.argument("interview_id", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@operator
def interview_sound_command(actor: Actor, interview_id: int, file: Path) -> None:
    """Keep the sound FILE of an interview, sealed."""
    with file.open("rb") as sound:
        row = interview_sound.add_sound(
            interview_id=interview_id, name=file.name, sound=sound, actor=actor, now=timezone.now()
        )
    click.echo(f"{row.audio_size:,} bytes of {row.audio_type} are kept, sealed.")


@interview.command("transcribe")
@click.argument("interview_id", type=int, required=False)
@operator
@json_option
def interview_transcribe(actor: Actor, interview_id: int | None, as_json: bool) -> None:
    """Have sounds transcribed by the server that the settings name: one, or all that wait."""
    server = queries.transcriber()
    if server is None:
        raise NoTranscriber(
            "No transcription server is set up.", "Set SILLAGE_TRANSCRIPTION_URL, or bring in a transcript."
        )
    if interview_id is not None and queries.get_interview(actor.workspace_id, interview_id).job not in (
        "waiting",
        "running",
    ):
        interview_sound.ask_transcription(interview_id=interview_id, actor=actor, now=timezone.now())
    counts = interview_sound.transcribe_waiting(
        server=server,
        clock=timezone.now,
        workspace_id=actor.workspace_id,
        interview_ids=None if interview_id is None else [interview_id],
    )
    if as_json:
        return show_json(counts)
    return click.echo(", ".join(f"{n} {name}" for name, n in counts.items()) + ".")
