"""Serving the site."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click
import waitress
from django.conf import settings
from django.utils import timezone

from sillage.adapters.passing import sweep
from sillage.adapters.terminal import say
from sillage.front.commands import worker
from sillage.front.commands.database import prepare
from sillage.lib.late import Late

if TYPE_CHECKING:
    from sillage.front import wsgi
else:
    wsgi = Late("sillage.front.wsgi")


no_worker_option = click.option(
    "--no-worker", is_flag=True, help="Serve pages only; `sillage worker` elsewhere reads what they ask for."
)


def run(host: str, port: int, *, no_worker: bool = False) -> None:
    """Serve until stopped, with a worker beside. Pages are for the hosts that SILLAGE_HOSTS names."""
    application = wsgi.application
    sweep(timezone.now())
    say(f"Sillage is on http://{host}:{port}/ (Ctrl-C stops it)")
    with nullcontext() if no_worker else worker.beside():
        waitress.serve(
            application,
            host=host,
            port=port,
            threads=8,
            ident="Sillage",
            clear_untrusted_proxy_headers=False,
            max_request_body_size=2 * settings.SILLAGE.upload_mb * 2**20,  # a form of several files, and no more
        )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@no_worker_option
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve the site with waitress, and read what comes in; put a web server with HTTPS before it for others."""
    prepare()
    if host not in {"127.0.0.1", "localhost", "::1"} and not settings.SILLAGE.secure:
        say("Others can reach this address without HTTPS: set SILLAGE_SECURE=true behind a web server that has it.")
    run(host, port, no_worker=no_worker)
