"""A worker: it reads what pages and programs asked for. One stands beside every server, others may be started anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from sillage.adapters import turns
from sillage.adapters.database import status
from sillage.adapters.terminal import say
from sillage.understanding import tasks
from sillage.understanding.queries.readings import WORKERS

LOOK_AGAIN = 20.0  # seconds; a nudge comes at once, this is for what a killed worker left
PAUSE = 5.0  # seconds before the next try of what failed
LONGEST_END = 10.0  # seconds that a server waits for its worker


@click.command()
@click.option("--once", is_flag=True, help="Read what waits, then end.")
@click.option("--while-open", is_flag=True, help="End when standard input closes: with the program that started it.")
def worker(once: bool, while_open: bool) -> None:
    """Read what was asked for on pages and by programs, for all workspaces. Several may run; a killed one loses nothing."""
    if while_open:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server, which closes the input
        threading.Thread(target=_end_with_input, daemon=True).start()
    while not _works(once):
        say("The database does not answer; the worker waits for it.")
        _wait_for_database()


def _works(once: bool) -> bool:
    """Read and wait; with `once` until nothing is left. False when the database is gone."""
    try:
        with turns.taking_part(WORKERS):
            has_read = False
            while True:
                if tasks.read_next(clock=timezone.now, processes=settings.SILLAGE.workers):
                    has_read = True
                    continue
                if once:
                    return True
                if has_read:
                    _begin_anew()
                turns.wait(LOOK_AGAIN)
    except tasks.DATABASE_GONE:
        if once:
            raise
        return False


def _begin_anew() -> None:
    """The same process as it was before it had work: what the libraries took is given back (400 MB), and it waits in 120."""
    os.execv(sys.executable, [sys.executable, "-m", "sillage", *sys.argv[1:]])  # noqa: S606


def _wait_for_database() -> None:
    connection.close()
    pause = threading.Event()
    pause.wait(PAUSE)
    while not _is_back():
        pause.wait(PAUSE)


def _is_back() -> bool:
    """The embedded one is not started from here: whoever stopped it had a reason."""
    if settings.SILLAGE.database_url is None:
        return status(settings.SILLAGE.data).state == "running"
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _end_with_input() -> None:
    """A pipe that nobody holds open any more reads as its end, also when its other side was killed."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # ends like any command: the last one out stops the embedded database


class _Beside:
    """The worker of a server: started again when it ended, for instance killed for want of memory; ended with the server."""

    def __init__(self) -> None:
        self._leaving = threading.Event()
        self._starting = threading.Lock()
        self._process = self._started()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "sillage", "worker", "--while-open"], stdin=subprocess.PIPE)

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._leaving.wait(PAUSE):
                return
            with self._starting:
                if not self._leaving.is_set():
                    self._close()
                    self._process = self._started()

    def end(self) -> None:
        with self._starting:
            self._leaving.set()
        self._close()
        try:
            self._process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self._process.kill()  # what it was at is taken up again
            self._process.wait()

    def _close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()


@contextmanager
def beside() -> Iterator[None]:
    """A worker process while the block lasts."""
    made = _Beside()
    try:
        yield
    finally:
        made.end()
