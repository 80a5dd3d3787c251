"""Running the command line, and turning what Sillage raises into sentences and exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from django.db import OperationalError, ProgrammingError, connection
from pydantic import ValidationError

from sillage.adapters.terminal import say
from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.late import Late

if TYPE_CHECKING:
    import psycopg
    from django.db.migrations import executor as migrations

    from sillage.front.commands import database
else:
    psycopg = Late("psycopg")
    migrations = Late("django.db.migrations.executor")
    database = Late("sillage.front.commands.database")


class TablesOutOfDate(Refusal):
    """The database was made by another version of Sillage."""


REFUSED, MISUSED, OUTSIDE_FAILED = 1, 2, 3


def _tell(message: str, hint: str, place: str = "") -> None:
    click.secho(f"{place + ': ' if place else ''}{message}", err=True, fg="red")
    if hint:
        click.echo(f"→ {hint}", err=True)


def _settings_sentence(error: ValidationError) -> str:
    named = [
        (".".join(str(part) for part in one["loc"]).upper(), one["msg"].removeprefix("Value error, "))
        for one in error.errors()
    ]
    wrong = [f"SILLAGE_{name}: {what}" if name else what for name, what in named]
    return "These settings are wrong: " + "; ".join(wrong)


def _tables_are_missing() -> bool:
    """Whether the database is empty; raises TablesOutOfDate when it has the tables of another version."""
    connection.close()  # the statement that failed may have left a transaction behind
    executor = migrations.MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting and executor.loader.applied_migrations:
        raise TablesOutOfDate(
            f"The tables are not those of this program: {len(waiting)} of its changes wait.",
            "Run `sillage database migrate`.",
        )
    return bool(waiting)


def _do(command: click.Command) -> None:
    """Run a command; the very first one in an empty database makes its tables, and runs again."""
    try:
        command(standalone_mode=False)
    except ProgrammingError:
        if not _tables_are_missing():
            raise
        say("Making the tables, once…")
        database.prepare()
        command(standalone_mode=False)


def run(command: click.Command) -> int:
    """Run the command line and return the exit code."""
    try:
        _do(command)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return MISUSED
    except click.Abort:
        _tell("Stopped.", "Run the same command again to go on where it stopped.")
        return 130
    except Refusal as refusal:
        _tell(refusal.message, refusal.hint, getattr(refusal, "place", ""))
        return REFUSED
    except ValidationError as error:
        _tell(_settings_sentence(error), "See docs/reference/settings.md.")
        return MISUSED
    except OutsideError as failure:
        _tell(failure.message, failure.hint)
        return OUTSIDE_FAILED
    except (OperationalError, psycopg.OperationalError) as failure:  # a bulk copy's error comes as the driver's own
        _tell(f"The database does not answer: {str(failure).strip()}", "Check `sillage database status`.")
        return OUTSIDE_FAILED
    return 0
