"""The command that writes the generated reference pages."""

from __future__ import annotations

from pathlib import Path

import click

from sillage.adapters.terminal import say
from sillage.front.reference import reference_pages


@click.command()
@click.option(
    "--write",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the pages, docs/reference in a clone.",
)
def reference(folder: Path) -> None:
    """Write the reference pages that are made from the code: settings, commands, errors, ledger, metrics and more."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = 0
    for name, text in reference_pages().items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
            say(f"{path} is written.")
    click.echo(f"{changed} pages changed.")
