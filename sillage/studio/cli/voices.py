"""`sillage studio voice`: a brand's voice, from its texts to how well a text fits; and `sillage learn voice`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import NotFound
from sillage.studio.actions import voice_texts as texts
from sillage.studio.actions import voices as actions
from sillage.studio.actions.learning_voices import learn_voice
from sillage.studio.engine.voice import FEW_TEXTS
from sillage.studio.engine.voice_texts import VoiceTextsMalformed, pasted, texts_of_file
from sillage.studio.engine.voice_words import measured_of
from sillage.studio.models import Voice, VoiceVersion
from sillage.studio.queries import voices as queries
from sillage.studio.told.voices import told_fit, told_voice, verdict_of

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
def voice() -> None:
    """How brands write, measured from texts that they approved."""


@voice.command("new")
@click.argument("name")
@click.option("--language", type=click.Choice(actions.LANGUAGES), required=True)
@click.option("--brand", default="", help="Whose voice it is.")
@click.option("--ban", "banned", multiple=True, help="A word that it never says; may be repeated.")
@operator
def voice_new(actor: Actor, name: str, language: str, brand: str, banned: tuple[str, ...]) -> None:
    """Open a voice; prints its id."""
    made = actions.open_voice(name=name, language=language, brand=brand, banned=banned, actor=actor, now=timezone.now())
    click.echo(made.pk)


@voice.command("list")
@click.option("--archived", is_flag=True, help="Those that were put away.")
@operator
@json_option
def voice_list(actor: Actor, archived: bool, as_json: bool) -> None:
    """The workspace's voices, by name."""
    columns = ("id", "name", "brand", "language", "texts", "examples", "choices", "in use")
    table = [
        (
            *(x.voice.pk, x.voice.name, x.voice.brand, x.voice.language),
            *(x.texts, x.examples, x.choices),
            x.voice.promoted,
        )
        for x in queries.list_voices(actor.workspace_id, archived=archived)
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in table])
    return show_table("", columns, table, right=("id", "texts", "examples", "choices", "in use"))


@voice.command("add")
@click.argument("voice_id", type=int)
@click.argument("files", nargs=-1, type=FILE)
@click.option("--account", help="The brand's own account in the catalogue, such as instagram:brand: its newest posts.")
@click.option("--chosen", is_flag=True, help="What people chose in the studio in this voice.")
@operator
def voice_add(actor: Actor, voice_id: int, files: tuple[Path, ...], account: str | None, chosen: bool) -> None:
    """Add approved texts: FILES (.txt, .csv, .jsonl; - reads texts parted by blank lines or ---), posts, or choices."""
    who: dict[str, Any] = {"voice_id": voice_id, "actor": actor, "now": timezone.now()}
    if not (files or account or chosen):
        raise click.UsageError("Name files, an --account, or --chosen.")
    done = []
    if files:
        given = [text for file in files for text in _texts_in(file)]
        done.append(texts.add_texts(texts=given, source="file", **who))
    if account:
        done.append(texts.add_posts(account=account, **who))
    if chosen:
        done.append(texts.add_chosen(**who))
    say(f"{sum(d.added for d in done)} texts are new, {sum(d.known for d in done)} were there already.")


def _texts_in(file: Path) -> list[str]:
    if str(file) == "-":
        return pasted(sys.stdin.read())
    try:
        return texts_of_file(file.name, file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise VoiceTextsMalformed(f"{file.name} is not UTF-8.", "Save it as UTF-8.", f"{file.name}:1:1") from error


@voice.command("train")
@click.argument("voice_id", type=int)
@operator
@json_option
def voice_train(actor: Actor, voice_id: int, as_json: bool) -> None:
    """Measure a voice's texts: a version that waits to be promoted."""
    _trained(actions.train_voice(voice_id=voice_id, actor=actor, now=timezone.now()), as_json)


@click.command("voice")
@click.argument("voice_id", type=int)
@operator
@json_option
def learn(actor: Actor, voice_id: int, as_json: bool) -> None:
    """Learn a voice from what people chose, edited and refused; measured on the newest choices, held back."""
    _trained(learn_voice(voice_id=voice_id, actor=actor, now=timezone.now()), as_json)


voice.add_command(learn, "learn")


def _trained(made: VoiceVersion, as_json: bool) -> None:
    if as_json:
        return show_json(_version_as_json(made))
    click.echo(f"version {made.number}: {made.n_texts} texts, {made.n_choices} choices, not in use yet")
    for sentence in told_voice(queries.opened_version(made.voice, made).voice):
        click.echo(f"  {sentence}")
    scores = made.scores
    if "held_pairs" in scores:
        click.echo(
            f"The preferred text fits better in {scores['after']:.0%} of {scores['held_pairs']} pairs held back"
            f" ({scores['held_choices']} choices); before in {scores['before']:.0%}."
        )
    if made.n_texts < FEW_TEXTS:
        say(f"{made.n_texts} texts give a rough voice; {FEW_TEXTS} or more make it steadier.")
    return say(f"Put it to use with `sillage studio voice promote {made.voice_id} {made.number}`.")


@voice.command("show")
@click.argument("voice_id", type=int)
@operator
@json_option
def voice_show(actor: Actor, voice_id: int, as_json: bool) -> None:
    """A voice in plain words: the version in use, else the newest."""
    found = queries.get_voice(actor.workspace_id, voice_id)
    versions = queries.versions_of_voice(found)
    number = found.promoted if found.promoted is not None else (versions[0].number if versions else None)
    version = queries.get_voice_version(found, number) if number is not None else None
    plain = told_voice(queries.opened_version(found, version).voice) if version else []
    if as_json:
        return show_json(
            {
                **{name: getattr(found, name) for name in ("id", "name", "brand", "language", "banned", "promoted")},
                "plain": plain,
                "traits": [asdict(row) for row in _measured(found, version)],
                "versions": [_version_as_json(one) for one in versions],
            }
        )
    click.echo(
        f"{found.name} ({found.language}): {found.training_texts.count()} texts, version in use: {found.promoted or '-'}"
    )
    for sentence in plain:
        click.echo(f"  {sentence}")
    rows = [
        (v.number, v.n_texts, v.n_choices, f"{v.made_at:%Y-%m-%d}", "in use" if v.number == found.promoted else "")
        for v in versions
    ]
    return show_table(
        "versions", ("number", "texts", "choices", "made", ""), rows, right=("number", "texts", "choices")
    )


def _measured(found: Voice, version: VoiceVersion | None) -> list[Any]:
    return measured_of(queries.opened_unwished(version).voice, found.wishes) if version else []


def _version_as_json(made: VoiceVersion) -> dict[str, Any]:
    fields = ("number", "engine_version", "n_texts", "n_choices", "scores")
    return {**{name: getattr(made, name) for name in fields}, "made_at": made.made_at.isoformat()}


@voice.command("fit")
@click.argument("voice_id", type=int)
@click.argument("file", type=FILE)
@click.option("--number", type=int, help="Another version than the one in use.")
@operator
@json_option
def voice_fit(actor: Actor, voice_id: int, file: Path, number: int | None, as_json: bool) -> None:
    """How well the text in FILE (- reads stdin) fits, and what is off."""
    found = queries.get_voice(actor.workspace_id, voice_id)
    asked = number if number is not None else found.promoted
    if asked is None:
        raise NotFound(f"No version of “{found.name}” is in use.", "Promote one, or name one with --number.")
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="replace")
    fit = queries.fit_in_full(queries.opened_version(found, queries.get_voice_version(found, asked)), text)
    reasons = told_fit(fit)
    if as_json:
        return show_json({**asdict(fit), "verdict": verdict_of(fit), "reasons": reasons, "number": asked})
    click.echo(f"{fit.value:.0%}  {verdict_of(fit)}")
    for reason in reasons:
        click.echo(f"  {reason}")
    if fit.is_short:
        say("A short text: its fit says little.")
    return None


@voice.command("promote")
@click.argument("voice_id", type=int)
@click.argument("number", type=int)
@operator
def voice_promote(actor: Actor, voice_id: int, number: int) -> None:
    """Put a version to use; the ledger keeps who said so."""
    found = actions.promote_voice(voice_id=voice_id, number=number, actor=actor, now=timezone.now())
    click.echo(f"“{found.name}” is version {found.promoted}.")
