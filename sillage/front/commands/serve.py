"""Serving the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import waitress
from django.conf import settings

from sillage.adapters.terminal import say
from sillage.front.commands.database import prepare
from sillage.lib.late import Late

if TYPE_CHECKING:
    from sillage.front import wsgi
else:
    wsgi = Late("sillage.front.wsgi")


def run(host: str, port: int) -> None:
    """Serve until stopped. Pages are for the hosts that SILLAGE_HOSTS names."""
    application = wsgi.application
    say(f"Sillage is on http://{host}:{port}/ (Ctrl-C stops it)")
    waitress.serve(
        application,
        host=host,
        port=port,
        threads=8,
        ident="Sillage",
        clear_untrusted_proxy_headers=False,
        max_request_body_size=2 * settings.SILLAGE.upload_mb * 2**20,  # a form of several files, and no more than that
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
def serve(host: str, port: int) -> None:
    """Serve the site with waitress; put a web server with HTTPS before it for others."""
    prepare()
    if host not in {"127.0.0.1", "localhost", "::1"} and not settings.SILLAGE.secure:
        say("Others can reach this address without HTTPS: set SILLAGE_SECURE=true behind a web server that has it.")
    run(host, port)
