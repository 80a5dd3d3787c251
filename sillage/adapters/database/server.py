"""The embedded server: started by the first process that needs it, shared, stopped by the last one.

Who uses it, who starts it and whether it lives are three kernel locks (see `layout` and `locks`), so a
process killed at any moment is forgotten at once. A last user that is killed leaves the server running; the
next one adopts it and stops it at its end. A forked child shares its parent's lock and is a user while it lives.

At its normal end a process leaves by itself. SIGTERM ends Python without that: programs make it a SystemExit.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Literal

import psutil  # type: ignore[import-untyped]
import psycopg
from psycopg import sql
from psycopg.errors import DuplicateDatabase, UniqueViolation

from sillage.adapters.database import cluster
from sillage.adapters.database.layout import DATABASE, PORT, Layout, ServerAddress
from sillage.adapters.database.locks import alone, is_held, take_shared
from sillage.adapters.database.programs import Programs, Say, find_programs
from sillage.adapters.database.refusals import ServerDidNotStart, ServerOutOfReach, from_log, from_os_error

_LONGEST_START = 900.0  # seconds; replaying the log after a crash during a large import takes minutes
_LONGEST_STOP = 60.0
_POLL = 0.01

_held: dict[Path, int] = {}  # data folder -> this process's open users lock; changed only under the control lock


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """`busy`: a process is starting or stopping it. `in_use`: some Sillage process uses it."""

    folder: Path
    state: Literal["absent", "stopped", "running", "busy"]
    address: ServerAddress | None = None
    pid: int | None = None
    in_use: bool = False


def _silent(line: str) -> None:
    """Progress that nobody wants to read."""


def ensure_running(folder: Path, *, say: Say = _silent) -> ServerAddress:
    """Start the server of this data folder if it is not running, and stay its user until this process ends.

    Refuses with what is wrong with the folder and what to do. `say` receives progress, one line at a time.
    """
    layout = Layout(folder.expanduser().resolve())
    with _clear_errors(layout):
        _make_folder(layout.folder)
        with _control(layout, say):
            users = take_shared(layout.users_lock) if layout.folder not in _held else None
            try:
                _start(layout, say)
            except BaseException:
                if users is not None:
                    os.close(users)
                raise
            if users is not None:
                _held[layout.folder] = users
                # Unlike atexit: after multiprocessing has joined its children, and in such children too.
                Finalize(None, leave, args=(layout.folder,), exitpriority=-100)
    return layout.address


def leave(folder: Path) -> None:
    """Stop being a user of this folder's server; the last one stops it. A process's normal end does this."""
    layout = Layout(folder.expanduser().resolve())
    if layout.folder not in _held or not layout.folder.exists():
        return
    with _control(layout, _silent):
        os.close(_held.pop(layout.folder))
        if not is_held(layout.users_lock):
            _halt(layout)


def stop(folder: Path, *, say: Say = _silent) -> bool:
    """Stop the server for everybody. Returns whether it was running. Refuses when it is out of reach."""
    layout = Layout(folder.expanduser().resolve())
    if not layout.folder.exists():
        return False
    with _clear_errors(layout), _control(layout, say):
        if not is_held(layout.server_lock):
            return False
        say(f"Stopping the database in {layout.database}.")
        if not _halt(layout):
            raise _out_of_reach(layout)
        return True


def status(folder: Path) -> ServerStatus:
    """What is true now. Changes and starts nothing."""
    layout = Layout(folder.expanduser().resolve())
    with _clear_errors(layout):
        if is_held(layout.control_lock):
            return ServerStatus(layout.folder, "busy")
        if not cluster.is_made(layout):
            return ServerStatus(layout.folder, "absent")
    with _clear_errors(layout), _control(layout, _silent):
        in_use = is_held(layout.users_lock)
        if not is_held(layout.server_lock):
            return ServerStatus(layout.folder, "stopped", in_use=in_use)
        return ServerStatus(layout.folder, "running", layout.address, _postmaster(layout), in_use)


@contextmanager
def _clear_errors(layout: Layout) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        refusal = from_os_error(error, layout.folder)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def _control(layout: Layout, say: Say) -> Iterator[None]:
    with alone(layout.control_lock, on_wait=lambda: say("Another Sillage process is at the database; waiting.")):
        yield


def _make_folder(folder: Path) -> None:
    """Closed to others; as root others may pass through it, since a system user runs the server inside."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _start(layout: Layout, say: Say) -> None:
    """Adopt the running server or launch it, and wait until it answers."""
    launched_at: int | None = None
    began = time.monotonic()
    patience = 3.0
    while not _answers(layout):
        if not is_held(layout.server_lock):
            if launched_at is not None:
                raise from_log(_log_since(layout, launched_at), layout.folder)
            launched_at = _launch(layout, say)
            began = time.monotonic()
        waited = time.monotonic() - began
        if waited > _LONGEST_START:
            raise ServerDidNotStart(
                f"The database in {layout.database} does not answer after {waited:.0f} s.",
                f"See {layout.log}. `sillage database stop` ends it.",
            )
        if waited > patience:
            say(f"Waiting for the database in {layout.database} ({waited:.0f} s); it may replay its log.")
            patience *= 2
        time.sleep(min(0.25, max(_POLL, waited / 10)))  # each try is a line in the server's log
    _prepare(layout.address)


def _launch(layout: Layout, say: Say) -> int:
    """Start the server process and return where its lines begin in the log. Waits for nothing."""
    cluster.check(layout)
    programs = find_programs(layout, say)
    cluster.check_owner(layout, programs)
    if not cluster.is_made(layout):
        cluster.make(layout, programs, say)
    _clear_stale_pid(layout)
    cluster.configure(layout, programs)
    cluster.make_socket_folder(layout, programs)
    say(f"Starting the database in {layout.database}.")
    return _run_pg_ctl(layout, programs)


def _run_pg_ctl(layout: Layout, programs: Programs) -> int:
    log = cluster.open_log(layout, programs)
    # The server and all its children inherit this open file, so the lock is held exactly as long as one of
    # them lives: a pid file can be stale or name somebody else's process, this cannot.
    server = take_shared(layout.server_lock)
    try:
        begins = os.fstat(log).st_size
        programs.run("pg_ctl", "start", "-W", "-s", env={"PGDATA": str(layout.database)}, output=log, keep=(server,))
        return begins
    finally:
        os.close(server)
        os.close(log)


def _log_since(layout: Layout, begins: int) -> list[str]:
    with layout.log.open("rb") as file:
        file.seek(begins)
        return file.read().decode(errors="replace").splitlines()


def _answers(layout: Layout) -> bool:
    if not is_held(layout.server_lock):
        return False
    try:
        _connect(layout.address, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(address: ServerAddress, dbname: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        dbname=dbname,
        connect_timeout=5,
        autocommit=True,
    )


def _prepare(address: ServerAddress) -> None:
    """See that the database and its extension are there, the extension at the version the wheel carries.

    A start that was killed may have asked its server for the same, and the server goes on making it.
    """
    with _connect(address, "postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            with suppress(DuplicateDatabase, UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    with _connect(address, DATABASE) as connection:
        versions = connection.execute(
            "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'"
        ).fetchone()
        assert versions is not None, "the wheel carries pgvector"
        installed, offered = versions
        if installed is None:
            with suppress(UniqueViolation):
                connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        elif installed != offered:
            connection.execute("ALTER EXTENSION vector UPDATE")


def _postmaster(layout: Layout) -> int | None:
    """The pid in postmaster.pid, if that process is seen from here and is PostgreSQL in this very folder."""
    try:
        pid = int((layout.database / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        ours = process.name().startswith("postgres") and Path(process.cwd()) == layout.database
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return pid if ours else None


def _clear_stale_pid(layout: Layout) -> None:
    """Nobody holds the server lock: its pid files are leftovers, unless the server was started by hand.

    PostgreSQL itself stumbles over a leftover whose number is now another process of the same user, or a dead
    one that the first process of a container has not yet buried.
    """
    if _postmaster(layout) is not None:
        raise ServerOutOfReach(
            f"The database in {layout.database} was started by hand, not by Sillage.",
            f"Stop it first: pg_ctl stop -D {layout.database}",
        )
    (layout.database / "postmaster.pid").unlink(missing_ok=True)
    (layout.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _halt(layout: Layout) -> bool:
    """Stop the server, gently, then at once (neither loses what is committed). Returns whether it ended."""
    pid = _postmaster(layout)
    for ending, seconds in ((signal.SIGINT, _LONGEST_STOP), (signal.SIGQUIT, _LONGEST_STOP / 4)):
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, ending)
            if _ended(layout, seconds):
                return True
    return not is_held(layout.server_lock)


def _ended(layout: Layout, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_held(layout.server_lock):
        if time.monotonic() > until:
            return False
        time.sleep(_POLL)
    return True


def _out_of_reach(layout: Layout) -> ServerOutOfReach:
    return ServerOutOfReach(
        f"Processes of the database in {layout.database} run where this one cannot see or stop them.",
        "They may run in another container that shares this folder, or as another user: stop them there.",
    )
