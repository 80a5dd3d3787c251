"""Workers: killed in the middle they lose nothing, they end with their server, and a server keeps one beside it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Count
from django.utils import timezone

from sillage.adapters.turns import is_held
from sillage.front.commands import serve as serving
from sillage.front.commands import worker as working
from sillage.front.tests.terminal import terminal
from sillage.understanding import tasks
from sillage.understanding.actions.readings import ask_reading
from sillage.understanding.models import CatalogueReading, Profile, Signal
from sillage.understanding.queries.readings import WORKERS, standing_of
from sillage.understanding.tests.test_readings import came_in

__all__ = ["terminal"]

LONG = 300  # seconds: a machine that does other things besides is slow, not wrong
KILLED_AT_PROFILES = """
import os, signal, sys
import django
django.setup()
from sillage.front import cli
from sillage.understanding import tasks
keep = tasks.keep_progress
def killed(reading_id, progress):
    keep(reading_id, progress)
    if progress.step == "profiles":
        os.kill(os.getpid(), signal.SIGKILL)
tasks.keep_progress = killed
sys.argv = ["sillage", "worker", "--once"]
cli.main()
"""
SERVER = """
import django
django.setup()
from sillage.front.commands.worker import _Beside
import sys
print(_Beside()._process.pid, flush=True)
sys.stdin.read()
"""


def started(script: str, folder: Path) -> subprocess.Popen[str]:
    """A process in the test's own database."""
    at = connection.settings_dict
    given = {
        "host": at["HOST"],
        "port": at["PORT"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "dbname": at["NAME"],
    }
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "SILLAGE_DATABASE_URL": " ".join(f"{name}={value}" for name, value in given.items() if value),
        "SILLAGE_DATA": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_until_free(name: str, key: int) -> None:
    """Until the server has noticed that the lock's holder is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, %s))", [name, key])
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, %s))", [name, key])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_reading_whose_worker_is_killed_is_taken_up_again_and_everything_is_there_once(ada, noon, tmp_path):
    for handle in ("mona", "noe"):
        came_in(ada, noon, handle)
    asked = ask_reading(actor=ada, now=noon)
    with started(KILLED_AT_PROFILES, tmp_path) as process:
        assert process.wait(LONG) == -signal.SIGKILL
    wait_until_free(WORKERS, asked.pk)
    wait_until_free(WORKERS, 0)
    reading = CatalogueReading.objects.get()
    assert (reading.state, reading.step) == ("running", "profiles")
    read_before = Signal.objects.count()
    assert read_before and standing_of(reading).value == "unattended"

    assert tasks.read_next(clock=timezone.now, processes=1)
    reading.refresh_from_db()
    assert (reading.state, reading.breaks) == ("done", 1)
    assert Signal.objects.count() == read_before and Profile.objects.count() == 2
    assert not Signal.objects.values("account_id", "post_id", "enricher").annotate(n=Count("*")).filter(n__gt=1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_when_its_server_is_killed(tmp_path):
    with started(SERVER, tmp_path) as server:
        worker = psutil.Process(int(server.stdout.readline()))
        server.kill()
    _, alive = psutil.wait_procs([worker], timeout=LONG)
    assert not alive


def test_the_command_reads_what_waits_and_ends(terminal, ada, noon):
    came_in(ada, noon)
    ask_reading(actor=ada, now=noon)
    assert terminal("worker", "--once").code == 0
    reading = CatalogueReading.objects.get()
    assert reading.state == "done" and not is_held(WORKERS) and not is_held(WORKERS, reading.pk)


def test_a_worker_without_a_database_waits_for_it(monkeypatch, capsys):
    looked, waited = [], []

    def works(once):
        looked.append(once)
        return len(looked) > 1

    monkeypatch.setattr(working, "_works", works)
    monkeypatch.setattr(working, "_wait_for_database", lambda: waited.append(len(looked)))
    working.worker.callback(once=False, while_open=False)
    assert (looked, waited) == ([False, False], [1])
    assert "the worker waits for it" in capsys.readouterr().err


def test_a_database_that_is_gone_ends_only_a_worker_that_was_to_end(monkeypatch):
    def gone(name):
        raise OperationalError("gone")

    monkeypatch.setattr(working.turns, "taking_part", gone)
    assert working._works(once=False) is False
    with pytest.raises(OperationalError):
        working._works(once=True)


def test_a_server_s_worker_that_was_killed_is_followed_by_another_and_ends_with_the_server(monkeypatch):
    made: queue.Queue[subprocess.Popen[bytes]] = queue.Queue()

    def listening(_self):
        process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        made.put(process)
        return process

    monkeypatch.setattr(working._Beside, "_started", listening)
    monkeypatch.setattr(working, "PAUSE", 0)
    monkeypatch.setattr(working, "LONGEST_END", LONG)
    with working.beside():
        first = made.get(timeout=LONG)
        first.kill()
        second = made.get(timeout=LONG)
        assert second.poll() is None
    assert (first.returncode, second.returncode) == (-signal.SIGKILL, 0) and made.empty()


def test_a_worker_that_has_read_gives_back_what_it_took_and_only_then(ada, noon, monkeypatch):
    """A process that becomes another does not come back: here it ends."""
    became, waited = [], []

    def becomes(program, arguments):
        became.append((program, arguments[1:]))
        raise SystemExit

    def waits(seconds):
        waited.append(seconds)
        came_in(ada, noon)
        ask_reading(actor=ada, now=noon)

    monkeypatch.setattr(working.os, "execv", becomes)
    monkeypatch.setattr(working.turns, "wait", waits)
    monkeypatch.setattr(sys, "argv", ["sillage", "worker", "--while-open"])
    with pytest.raises(SystemExit):
        working._works(once=False)
    assert waited == [working.LOOK_AGAIN] and CatalogueReading.objects.get().state == "done"
    assert became == [(sys.executable, ["-m", "sillage", "worker", "--while-open"])]


@pytest.mark.parametrize(("options", "workers"), [((), 1), (("--no-worker",), 0)])
def test_a_server_has_a_worker_beside_it_unless_told_otherwise(terminal, monkeypatch, options, workers):
    served, beside = [], []

    @contextmanager
    def counted():
        beside.append(not served)
        yield

    monkeypatch.setattr(serving, "prepare", lambda: None)
    monkeypatch.setattr(serving.waitress, "serve", lambda application, **given: served.append(given["port"]))
    monkeypatch.setattr(serving.worker, "beside", counted)
    assert terminal("serve", "--port", 8123, *options).code == 0
    assert (served, beside) == ([8123], [True] * workers)
