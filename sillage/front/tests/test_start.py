"""A command in a database without tables makes them; in one of another version it says what to do."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys

import click
import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

from sillage.front import start, wsgi
from sillage.governance.models import Workspace
from sillage.lib import late

pytestmark = pytest.mark.django_db(transaction=True)


EMPTY = "sillage_empty"
# As the first command makes the tables, but only those of one room; killed when the second migration is about to end.
MAKING = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from sillage.front.commands import database
applied = MigrationRecorder.record_applied
def of_one_room(name, **options):
    call_command(name, *(("governance", "0002") if name == "migrate" else ()), **options)
def killed(recorder, app, name):
    if (app, name[:4]) == ("governance", "0002"):
        os.kill(os.getpid(), signal.SIGKILL)
    applied(recorder, app, name)
database.call_command = of_one_room
if sys.argv[1] == "killed":
    MigrationRecorder.record_applied = killed
database.prepare()
"""


@click.command()
def reading() -> None:
    """Reads a table that is not there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM table_of_tomorrow")


@pytest.fixture
def first(monkeypatch):
    """Arguments are not pytest's."""
    monkeypatch.setattr("sys.argv", ["sillage"])


def test_a_database_of_another_version_is_refused_with_the_command_that_mends_it(first, capsys):
    recorder = MigrationRecorder(connection)
    *_, (app, name) = sorted(key for key in recorder.applied_migrations() if key[0] == "studio")
    recorder.record_unapplied(app, name)
    try:
        assert start.run(reading) == start.REFUSED
    finally:
        recorder.record_applied(app, name)
    said = capsys.readouterr().err
    assert "1 of its changes wait" in said and "sillage database migrate" in said


def test_a_table_that_lacks_in_a_database_of_this_version_is_a_defect_and_crashes(first):
    with pytest.raises(ProgrammingError, match="table_of_tomorrow"):
        start.run(reading)


def test_the_first_command_in_an_empty_database_makes_the_tables_and_runs_again(first, monkeypatch, capsys):
    made = []

    @click.command()
    def counting() -> None:
        if not made:
            reading.callback()
        click.echo(f"{Workspace.objects.count()} workspaces")

    monkeypatch.setattr(start, "_tables_are_missing", lambda: True)
    monkeypatch.setattr(start.database, "prepare", lambda: made.append("tables"))

    assert start.run(counting) == 0
    told = capsys.readouterr()
    assert told.out == "0 workspaces\n" and made == ["tables"]
    assert "Making the tables" in told.err


def test_the_web_application_loads_everything_before_it_answers(monkeypatch):
    loaded = []
    monkeypatch.setattr(late, "load_everything", lambda: loaded.append("everything"))
    importlib.reload(wsgi)
    assert loaded == ["everything"]


def test_a_server_that_ends_in_the_middle_of_a_bulk_copy_is_told_in_a_sentence(first, capsys):
    @click.command()
    def copying() -> None:
        raise psycopg.errors.AdminShutdown("terminating connection")

    assert start.run(copying) == start.OUTSIDE_FAILED
    assert "The database does not answer: terminating connection" in capsys.readouterr().err


@pytest.fixture
def empty_database():
    """The address of a database beside the test's own, without any tables."""
    at = connection.settings_dict
    given = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"], "dbname": EMPTY}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {EMPTY}")
    yield " ".join(f"{name}={value}" for name, value in given.items() if value)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {EMPTY} WITH (FORCE)")


def _tables(address):
    with psycopg.connect(address) as connected:
        return {name for (name,) in connected.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _made(address, folder, how):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "SILLAGE_DATABASE_URL": address,
        "SILLAGE_DATA": str(folder),
    }
    return subprocess.run([sys.executable, "-c", MAKING, how], env=environment, check=False).returncode


@pytest.mark.slow
def test_making_the_first_tables_that_is_killed_leaves_an_empty_database_and_the_next_makes_them(
    empty_database, tmp_path
):
    assert _made(empty_database, tmp_path, "killed") == -signal.SIGKILL
    assert _tables(empty_database) == set()

    assert _made(empty_database, tmp_path, "whole") == 0
    assert {"django_migrations", "governance_entry"} <= _tables(empty_database)
