"""Django's gathering of texts, which finds those of a `Sentence` and a `Term` too."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """`python -m django makemessages`, as `make messages` calls it."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=Sentence", "--keyword=Term:1c,2"]
