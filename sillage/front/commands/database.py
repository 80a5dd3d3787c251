"""Commands for the database: its state, start, stop and migrations."""

from __future__ import annotations

from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DataError, InternalError, ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from sillage.adapters.database import check_external, ensure_running, status, stop
from sillage.adapters.terminal import json_option, say, show_json
from sillage.lib.collector import collector_paused
from sillage.lib.errors import Malformed, Refusal


class NotEmbedded(Refusal):
    """SILLAGE_DATABASE_URL names somebody else's server."""


class StatementRefused(Malformed):
    """The database cannot run this statement, or it would change something."""


_MAKING = 7_415_110  # of the advisory lock; any number that nothing else takes
_READ_ONLY = "Give one SELECT; nothing can be changed here."


def prepare(verbosity: int = 0) -> None:
    """Bring the tables up to date; on an external server, check first that it will do."""
    if settings.SILLAGE.database_url is not None:
        check_external(settings.SILLAGE.database_url.get_secret_value())
    if not _made_in_empty(verbosity):
        _migrate(verbosity)


@transaction.atomic
def _made_in_empty(verbosity: int) -> bool:
    """An empty database gets all its tables or none: after a kill in the middle the next command makes them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING])  # one process makes them, others wait
    if MigrationRecorder(connection).has_table():
        return False
    _migrate(verbosity)
    return True


def _migrate(verbosity: int) -> None:
    with collector_paused():  # Django makes every table's class anew for every step
        call_command("createcachetable", verbosity=0)
        call_command("migrate", verbosity=verbosity, interactive=False)


def _refuse_external() -> None:
    if settings.SILLAGE.database_url is not None:
        raise NotEmbedded(
            "SILLAGE_DATABASE_URL is set: Sillage uses that server and does not start or stop it.",
            "Unset it to use the embedded database.",
        )


@click.group()
def database() -> None:
    """Start, stop and migrate the database."""


@database.command("status")
@json_option
def database_status(as_json: bool) -> None:
    """Say where the database is and whether it runs."""
    if settings.SILLAGE.database_url is not None:
        found = check_external(settings.SILLAGE.database_url.get_secret_value())
        shown: dict[str, Any] = {"kind": "external", "server": str(found)}
    else:
        now = status(settings.SILLAGE.data)
        shown = {
            "kind": "embedded",
            "folder": str(now.folder),
            "state": now.state,
            "pid": now.pid,
            "in use": now.in_use,
        }
    if as_json:
        return show_json(shown)
    for name, value in shown.items():
        click.echo(f"{name:>8}: {'-' if value is None else value}")
    return None


@database.command("start")
def database_start() -> None:
    """Start the embedded database if need be and print its address. It stays up while another Sillage process uses it."""
    _refuse_external()
    address = ensure_running(settings.SILLAGE.data, say=say)
    click.echo(address.dsn)


@database.command("stop")
def database_stop() -> None:
    """Stop the embedded database, whoever uses it."""
    _refuse_external()
    stopped = stop(settings.SILLAGE.data, say=say)
    click.echo("Stopped." if stopped else "It was not running.")


@database.command("migrate")
def database_migrate() -> None:
    """Bring the tables up to date with this version of Sillage."""
    prepare(verbosity=1)


@database.command("sql")
@click.argument("statement")
def database_sql(statement: str) -> None:
    """Run one read-only statement and print its rows: your data is yours."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        try:
            cursor.execute(statement)
        except (ProgrammingError, DataError, InternalError) as error:
            reason = str(error).strip().splitlines()[0]
            raise StatementRefused(f"The database refuses this statement: {reason}.", _READ_ONLY) from error
        columns = [c.name for c in cursor.description or ()]
        click.echo("\t".join(columns))
        for row in cursor.fetchall():
            click.echo("\t".join("" if cell is None else str(cell) for cell in row))
