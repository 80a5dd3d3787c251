"""`sillage studio`: the commands of every subject in one group."""

from __future__ import annotations

import click

from sillage.studio.cli import writing


@click.group()
def studio() -> None:
    """Write with a brief: many variants, checked and ranked, of which a person chooses."""


for command in (writing.variants,):
    studio.add_command(command)
