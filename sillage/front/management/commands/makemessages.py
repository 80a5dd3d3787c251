"""Django's gathering of texts, which finds those of a `Sentence` too."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """`python -m django makemessages`, as `make messages` calls it."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=Sentence"]
