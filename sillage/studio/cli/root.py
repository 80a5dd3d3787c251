"""`sillage studio`: the commands of every subject in one group."""

from __future__ import annotations

import click

from sillage.studio.cli import briefs, checks, composing, ideas, interviews, pictures, texts, voices, writers, writing


@click.group()
def studio() -> None:
    """Write with a brief: many variants, checked and ranked, of which a person chooses."""


for command in (
    writing.variants,
    *(checks.check, checks.judge, checks.words),
    briefs.brief,
    briefs.run,
    texts.text,
    composing.compose_command,
    voices.voice,
    pictures.picture,
    *(writers.write, writers.calls, writers.writer),
    *(ideas.originality, ideas.inspiration, ideas.palette, ideas.idea),
    interviews.interview,
):
    studio.add_command(command)
