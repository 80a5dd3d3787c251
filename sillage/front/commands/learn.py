"""`sillage learn`: what learns of what is found in posts, and `sillage learn voice`, which is the studio's."""

from __future__ import annotations

import click

from sillage.studio.cli.voices import learn as learn_voice
from sillage.understanding.cli.learning import learn as learn_enricher


class Learners(click.Group):
    """A name that is no command of its own is an enricher's."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or learn_enricher

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return learn_enricher.name, learn_enricher, args


@click.group(cls=Learners, context_settings={"ignore_unknown_options": True})
def learn() -> None:
    """Train a candidate from what people corrected or chose: tone, intent, themes, tag:KEY, or a voice.

    `sillage learn tone --help` says what an enricher takes.
    """


learn.add_command(learn_voice, "voice")
