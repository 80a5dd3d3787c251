"""Commands about taxonomies: import, link, propose, list, show."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions.taxonomy import import_taxonomy, link_taxonomy, propose_links
from sillage.understanding.engine.taxonomy import TaxonomyMalformed
from sillage.understanding.queries.taxonomy import categories_of, list_imported, list_linked

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_taxonomy = click.option("--taxonomy", default="iab-content", show_default=True, help="Which taxonomy.")


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaxonomyMalformed(
            f"{file.name} is not UTF-8.", "Save it as UTF-8.", f"{file.name}:1:{error.start + 1}"
        ) from error


@click.group()
def taxonomy() -> None:
    """The industry's taxonomies and the links between their versions."""


@taxonomy.command("import")
@click.argument("file", type=_FILE)
@_taxonomy
@click.option("--version", "version", required=True, help="Its version, such as 3.1.")
@operator
def taxonomy_import(actor: Actor, file: Path, taxonomy: str, version: str) -> None:
    """Take in a version of a taxonomy from its own TSV file."""
    n = import_taxonomy(
        file=file.name, content=_content(file), taxonomy=taxonomy, version=version, actor=actor, now=timezone.now()
    )
    click.echo(f"{taxonomy} {version}: {n} categories.")


@taxonomy.command("link")
@click.argument("file", type=_FILE, required=False)
@_taxonomy
@click.option("--from", "from_version", required=True, help="The version that it leads from.")
@click.option("--to", "to_version", required=True, help="The version that it leads to.")
@operator
def taxonomy_link(actor: Actor, file: Path | None, taxonomy: str, from_version: str, to_version: str) -> None:
    """Take in a published cross-walk; without a FILE, propose one where nothing published says it."""
    way = {"taxonomy": taxonomy, "from_version": from_version, "to_version": to_version}
    if file is None:
        n = propose_links(**way, actor=actor, now=timezone.now())
        click.echo(f"{taxonomy} {from_version} to {to_version}: {n} links proposed. Look at the unsure ones.")
        return
    n = link_taxonomy(file=file.name, content=_content(file), **way, actor=actor, now=timezone.now())
    click.echo(f"{taxonomy} {from_version} to {to_version}: {n} links.")


@taxonomy.command("list")
@operator
@json_option
def taxonomy_list(actor: Actor, as_json: bool) -> None:
    """The imported versions and how they are linked."""
    imported, linked = list_imported(actor.workspace_id), list_linked(actor.workspace_id)
    if as_json:
        return show_json(
            {
                "imported": [{n: getattr(i, n) for n in i.__slots__} for i in imported],
                "linked": [{n: getattr(one, n) for n in one.__slots__} for one in linked],
            }
        )
    show_table(
        "imported",
        ["taxonomy", "version", "categories"],
        [(i.taxonomy, i.version, i.categories) for i in imported],
        right=["categories"],
    )
    rows = [(one.taxonomy, one.from_version, one.to_version, one.published, one.proposed) for one in linked]
    return show_table(
        "linked", ["taxonomy", "from", "to", "published", "proposed"], rows, right=["published", "proposed"]
    )


@taxonomy.command("show")
@_taxonomy
@click.option("--version", "version", required=True, help="Which version.")
@click.option("--words", default="", help="Only categories whose path has these words.")
@operator
@json_option
def taxonomy_show(actor: Actor, taxonomy: str, version: str, words: str, as_json: bool) -> None:
    """The categories of an imported version."""
    found = [
        (c.code, " > ".join(c.path))
        for c in categories_of(actor.workspace_id, taxonomy, version)
        if words.casefold() in " > ".join(c.path).casefold()
    ]
    if as_json:
        return show_json([{"code": code, "path": path.split(" > ")} for code, path in found])
    return show_table(f"{taxonomy} {version}", ["code", "path"], found)
