"""`sillage studio picture`: templates, one picture, thousands of them, and where a file comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import NotFound
from sillage.studio.actions import picture_batches as batches
from sillage.studio.actions import pictures as actions
from sillage.studio.actions.picture_certificates import install_certificate
from sillage.studio.engine.digital_source import Elements
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.picture_batch import Statement, manifest
from sillage.studio.engine.provenance import platform_fields
from sillage.studio.engine.shipped_templates import SHIPPED
from sillage.studio.models import PictureBatch, PictureTemplate
from sillage.studio.queries import pictures as queries
from sillage.studio.queries.provenance import find_picture, history_of_picture

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
by_model = click.option("--words-by-model", is_flag=True, help="A model wrote some of the words; the file says so.")


def named_value(said: str) -> tuple[str, str]:
    """name=value."""
    key, equals, value = said.partition("=")
    if not equals:
        raise click.BadParameter(f"{said} is not name=value")
    return key.strip(), value


@click.group()
def picture() -> None:
    """Pictures with a name on them, from SVG templates. No faces are generated."""


@picture.command("templates")
@operator
@json_option
def picture_templates(actor: Actor, as_json: bool) -> None:
    """List the templates."""
    found = queries.list_templates(actor.workspace_id)
    told = [_told(one) for one in found]
    if as_json:
        show_json(told)
        return
    rows = [(t["id"], t["name"], t["size"], ", ".join(t["variables"]), t["source"]) for t in told]
    show_table("", ("id", "name", "pixels", "variables", "source"), rows, right=("id",))


def _told(one: PictureTemplate) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "size": f"{one.width} × {one.height}",
        "variables": [v["name"] for v in one.variables],
        "source": queries.statement_of(one).source,
        "alt": one.alt,
        "alt_confirmed": one.alt_confirmed_at is not None,
    }


@picture.command("add")
@click.argument("file", type=FILE, required=False)
@click.option("--shipped", type=click.Choice(SHIPPED), help="Begin with one that ships, instead of a file.")
@click.option("--name", default="", help="By default the drawing's title.")
@click.option("--model", default="", help="The model that drew it, if one did.")
@click.option("--elements", type=click.Choice([e.value for e in Elements]), help="What the embedded pictures are.")
@operator
def picture_add(
    actor: Actor, file: Path | None, shipped: str | None, name: str, model: str, elements: str | None
) -> None:
    """Take in FILE (SVG) as a template."""
    now = timezone.now()
    if shipped:
        made = actions.copy_shipped(shipped=shipped, actor=actor, now=now)
    elif file is not None:
        made = actions.add_template(
            data=file.read_bytes(),
            file_name=str(file),
            name=name,
            made_by=MadeBy(Origin.MODEL, model) if model else BY_A_PERSON,
            elements=Elements(elements) if elements else None,
            actor=actor,
            now=now,
        )
    else:
        raise click.UsageError("Give a FILE, or --shipped.")
    click.echo(f"Template {made.pk}, “{made.name}”: {', '.join(v['name'] for v in made.variables) or 'no variables'}.")


@picture.command("font")
@click.argument("file", type=FILE)
@click.option("--licence", required=True, help="Under which licence you use it; nobody here checks it.")
@operator
def picture_font(actor: Actor, file: Path, licence: str) -> None:
    """Take in a font of the brand (TTF, OTF)."""
    made = actions.add_font(
        data=file.read_bytes(), file_name=file.name, licence=licence, actor=actor, now=timezone.now()
    )
    click.echo(f"Write font-family=“{made.family}”, font-weight={made.weight}.")


def _template(actor: Actor, said: str) -> PictureTemplate:
    """By its id, or by its name where one has it."""
    if said.isdecimal():
        return queries.get_template(actor.workspace_id, int(said))
    found = [one for one in queries.list_templates(actor.workspace_id) if one.name == said]
    if len(found) != 1:
        raise NotFound(
            f"{len(found)} templates are called “{said}”.", "Give its id: `sillage studio picture templates`."
        )
    return found[0]


@picture.command("render")
@click.argument("template")
@click.option("--value", "values", type=named_value, multiple=True, help="A value, as first_name=Léa. May be repeated.")
@click.option("--png", "png", type=click.Path(dir_okay=False, path_type=Path), help="Write a PNG there.")
@click.option("--svg", "svg", type=click.Path(dir_okay=False, path_type=Path), help="Write an SVG there.")
@by_model
@operator
def picture_render(
    actor: Actor,
    template: str,
    values: Sequence[tuple[str, str]],
    png: Path | None,
    svg: Path | None,
    words_by_model: bool,
) -> None:
    """Make one picture of TEMPLATE (id or name), signed; its values are not kept."""
    if png is None and svg is None:
        raise click.UsageError("Say where to: --png or --svg.")
    found = _template(actor, template)
    for path, as_svg in ((png, False), (svg, True)):
        if path is None:
            continue
        made = actions.export_picture(
            template_id=found.pk,
            values=dict(values),
            as_svg=as_svg,
            words_by_model=words_by_model,
            actor=actor,
            now=timezone.now(),
        )
        path.write_bytes(made.data)
        click.echo(f"Wrote {path} ({len(made.data):,} bytes). Alt text: {made.alt}")
        for remark in made.remarks:
            say(f"Words were cut: “{remark.shown}”." if remark.kind == "cut" else f"No font has: {remark.words}")
    _warn(found.alt_confirmed_at is not None)


def _warn(is_confirmed: bool) -> None:
    if not is_confirmed:
        say("Nobody has confirmed the alt text of this template: the files carry what a rule proposes.")


@picture.command("batch")
@click.argument("template")
@click.argument("table", type=FILE)
@click.option(
    "--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to fill."
)
@click.option("--keep", is_flag=True, help="Keep the batch in Sillage, a month at most; else it is erased at the end.")
@by_model
@operator
@json_option
def picture_batch(
    actor: Actor, template: str, table: Path, folder: Path, keep: bool, words_by_model: bool, as_json: bool
) -> None:
    """Make one picture per row of TABLE (CSV, a column per variable) of TEMPLATE (id or name)."""
    opened = batches.open_batch(
        template_id=_template(actor, template).pk,
        table=table.read_bytes(),
        table_name=str(table),
        words_by_model=words_by_model,
        actor=actor,
        now=timezone.now(),
    )
    _carry_out(actor, opened.pk, folder, keep, as_json)


@picture.command("resume")
@click.argument("batch_id", type=int)
@click.option(
    "--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to fill."
)
@click.option("--keep", is_flag=True, help="Keep the batch in Sillage, a month at most; else it is erased at the end.")
@operator
@json_option
def picture_resume(actor: Actor, batch_id: int, folder: Path, keep: bool, as_json: bool) -> None:
    """Go on with a batch that was interrupted, or take its pictures out again."""
    _carry_out(actor, batch_id, folder, keep, as_json)


def _carry_out(actor: Actor, batch_id: int, folder: Path, keep: bool, as_json: bool) -> None:
    batch = queries.get_batch(actor.workspace_id, batch_id)
    say(f"Batch {batch.pk}: {batch.done:,} of {batch.total:,} rows are done.")
    workers = int(settings.SILLAGE.workers)
    batch = batches.make_batch(batch_id=batch_id, workers=workers, actor=actor, now=timezone.now())
    _write(batch, folder)
    if not keep:
        batches.erase_batch(batch_id=batch_id, actor=actor, now=timezone.now())
    made = batch.done - batch.failed
    if as_json:
        show_json({"batch": batch_id, "pictures": made, "faults": batch.faults, "folder": str(folder)})
    else:
        for fault in batch.faults:
            say(f"Row {fault['row']}: {fault['said']}")
        click.echo(f"Wrote {made:,} pictures and manifest.json to {folder}; {batch.failed:,} rows gave none.")
    _warn(Statement.of(batch.statement).alt_confirmed)


def _write(batch: PictureBatch, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for told, data in queries.pictures_of(batch):
        (folder / told["file"]).write_bytes(data)
        listed.append(told)
    (folder / "manifest.json").write_bytes(manifest(Statement.of(batch.statement), listed, batch.faults))


@picture.command("batches")
@operator
@json_option
def picture_batches(actor: Actor, as_json: bool) -> None:
    """List batches that are kept, with how far they are."""
    found = queries.list_batches(actor.workspace_id)
    told = [
        {
            "id": b.pk,
            "template": b.template.name,
            "state": b.state,
            "done": b.done,
            "total": b.total,
            "failed": b.failed,
        }
        for b in found
    ]
    if as_json:
        show_json(told)
        return
    columns = ("id", "template", "state", "done", "total", "failed")
    show_table("", columns, [[t[c] for c in columns] for t in told], right=("id", "done", "total", "failed"))


@picture.command("history")
@click.argument("file", type=FILE)
@operator
@json_option
def picture_history(actor: Actor, file: Path, as_json: bool) -> None:
    """Where FILE comes from, if it left this workspace, and what platforms are told of it."""
    found = find_picture(actor.workspace_id, hashlib.sha256(file.read_bytes()).hexdigest())
    history = history_of_picture(found)
    if as_json:
        show_json(
            {"source": history.source.uri, "is_generated": history.is_generated, "fields": platform_fields(history)}
        )
        return
    click.echo(f"{history.source.value}, made {found.made_at:%Y-%m-%d %H:%M} UTC.")
    for step in history.steps:
        click.echo(f"  {step.note}: {step.made_by.origin.value} {step.made_by.name} {step.made_by.version}".rstrip())
    for platform, said in platform_fields(history).items():
        click.echo("  " + f"{platform}: " + ", ".join(f"{k} = {'?' if v is None else v}" for k, v in said.items()))


@picture.command("certificate")
@click.option("--chain", required=True, type=FILE, help="PEM, the signing certificate first.")
@click.option("--key", required=True, type=FILE, help="Its private key: PEM, PKCS #8, without a password.")
@operator
def picture_certificate(actor: Actor, chain: Path, key: Path) -> None:
    """Sign pictures with the brand's own certificate from now on."""
    made = install_certificate(chain=chain.read_bytes(), key=key.read_bytes(), actor=actor, now=timezone.now())
    click.echo(f"Pictures are signed with {made.name[:16]}… until {made.ends_at:%Y-%m-%d}.")
