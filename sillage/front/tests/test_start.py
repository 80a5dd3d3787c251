"""A command in a database without tables makes them; in one of another version it says what to do."""

from __future__ import annotations

import click
import pytest
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

from sillage.front import start
from sillage.governance.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


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
    monkeypatch.setattr(start, "prepare", lambda: made.append("tables"))

    assert start.run(counting) == 0
    told = capsys.readouterr()
    assert told.out == "0 workspaces\n" and made == ["tables"]
    assert "Making the tables" in told.err
