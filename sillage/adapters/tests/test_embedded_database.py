"""The embedded server's life with real processes: started once, shared, stopped by the last, killed and recovered."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from sillage.adapters.database import check_external, ensure_running, leave, programs, server, status, stop
from sillage.adapters.database.refusals import ServerOutOfReach

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


def memory_folder() -> Path | None:
    """Where there is room in memory, the tests do not wait for a disk: they kill processes, not the machine."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 1_000_000_000 else None


QUICK = memory_folder()

USER = """
import sys
from pathlib import Path
from sillage.adapters.database import ensure_running
ensure_running(Path(sys.argv[1]), say=lambda line: print(line, file=sys.stderr))
print("ready", flush=True)
sys.stdin.readline()
"""

KILLED_WHEN_IT_SAYS = """
import os, signal, sys
from pathlib import Path
from sillage.adapters.database import ensure_running
def say(line):
    if line.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
ensure_running(Path(sys.argv[1]), say=say)
"""

PARENT_ENDS_BEFORE_ITS_FORKED_CHILD = """
import multiprocessing, sys
from pathlib import Path
import psycopg
from sillage.adapters.database import ensure_running
address = ensure_running(Path(sys.argv[1]))
def work():
    with psycopg.connect(address.dsn) as connection:
        connection.execute("SELECT pg_sleep(0.4)")
    print("worked", flush=True)
multiprocessing.get_context("fork").Process(target=work).start()
"""

WORKERS_BRING_IT_UP_THEMSELVES = """
import multiprocessing, sys
from pathlib import Path
from sillage.adapters.database import ensure_running
def work(folder):
    ensure_running(folder)
context = multiprocessing.get_context("fork")
for worker in [context.Process(target=work, args=(Path(sys.argv[1]),)) for _ in range(3)]:
    worker.start()
"""


def start_process(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def start_user(folder: Path) -> subprocess.Popen[str]:
    process = start_process(USER, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate("\n", timeout=60)
    return output


def run(script: str, *arguments: object) -> str:
    return end(start_process(script, *arguments))


def throw_away(folder: Path) -> None:
    """End the server without its last checkpoint: nobody will read this database again."""
    if (server := status(folder).pid) is not None:
        os.kill(server, signal.SIGQUIT)
    leave(folder)
    stop(folder)


@contextmanager
def reachable_folder(where: Path | None) -> Iterator[Path]:
    """A data folder that a system user may reach, unlike pytest's tmp_path under root."""
    parent = Path(tempfile.mkdtemp(prefix="sillage-", dir=where))
    parent.chmod(0o755)
    made = parent / "data"
    yield made
    throw_away(made)
    shutil.rmtree(parent)


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder(QUICK) as made:
        yield made


@pytest.fixture
def folder_on_disk() -> Iterator[Path]:
    with reachable_folder(None) as made:
        yield made


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder with a database in it and no server running, shared by the tests that do not harm it."""
    with reachable_folder(QUICK) as made:
        run(USER, made)
        yield made


def test_the_first_start_makes_a_database_with_pgvector_utf8_utc_and_stable_sorting(folder: Path) -> None:
    said: list[str] = []
    address = ensure_running(folder, say=said.append)
    with psycopg.connect(address.dsn) as connection:
        row = connection.execute(
            "SELECT current_database(), current_setting('server_encoding'), current_setting('timezone'), "
            "(SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()), "
            "'[1,2]'::halfvec <#> '[3,4]'::halfvec, lower('ÉTÉ'), 'Zoé' < 'été'"
        ).fetchone()
    assert row == ("sillage", "UTF8", "UTC", "bC.UTF-8", -11.0, "été", True)
    assert any("Making the database" in line for line in said)
    assert check_external(address.dsn).pgvector_installed is not None


def test_the_last_one_out_stops_the_server(made: Path) -> None:
    address = ensure_running(made)
    assert status(made).state == "running"
    assert status(made).address == address
    leave(made)
    assert status(made).state == "stopped"
    assert not status(made).in_use


def test_two_processes_share_one_server_until_both_have_ended(made: Path) -> None:
    ada, bruno = start_user(made), start_user(made)
    shared = status(made).pid
    end(ada)
    assert status(made).pid == shared is not None
    end(bruno)
    assert status(made).state == "stopped"


def test_processes_that_start_at_once_get_one_server(made: Path) -> None:
    together = [start_process(USER, made) for _ in range(4)]
    for process in together:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in together:
        end(process)
    assert status(made).state == "stopped"


def test_a_killed_user_is_forgotten(made: Path) -> None:
    ada, bruno = start_user(made), start_user(made)
    ada.kill()
    ada.communicate()
    end(bruno)
    assert status(made).state == "stopped"


def test_a_server_left_behind_by_a_killed_user_is_adopted_and_then_stopped(made: Path) -> None:
    ada = start_user(made)
    left = status(made).pid
    ada.kill()
    ada.communicate()
    assert status(made).state == "running"
    assert not status(made).in_use
    bruno = start_user(made)
    assert status(made).pid == left is not None
    end(bruno)
    assert status(made).state == "stopped"


def test_a_forked_worker_keeps_the_server_until_its_work_is_done(made: Path) -> None:
    assert run(PARENT_ENDS_BEFORE_ITS_FORKED_CHILD, made) == "worked\n"
    assert status(made).state == "stopped"


def test_workers_that_start_the_server_themselves_leave_nothing_behind(made: Path) -> None:
    run(WORKERS_BRING_IT_UP_THEMSELVES, made)
    assert status(made).state == "stopped"


def test_stop_ends_the_server_under_its_users_and_the_next_call_brings_it_back(made: Path) -> None:
    ensure_running(made)
    assert stop(made)
    assert not stop(made)
    with psycopg.connect(ensure_running(made).dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    leave(made)
    assert status(made).state == "stopped"


def test_an_interrupt_at_the_terminal_does_not_reach_the_server(made: Path) -> None:
    ada = start_user(made)
    server = status(made).pid
    assert server is not None
    assert os.getsid(server) != os.getsid(ada.pid)
    end(ada)


def test_a_killed_server_comes_back_with_every_committed_row(folder: Path) -> None:
    with psycopg.connect(ensure_running(folder).dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    server = status(folder).pid
    assert server is not None
    os.kill(server, signal.SIGKILL)
    with psycopg.connect(ensure_running(folder).dsn) as connection:
        assert connection.execute("SELECT sum(number) FROM kept").fetchone() == (500500,)


def test_a_stale_pid_file_that_names_a_living_stranger_is_cleared(folder: Path) -> None:
    ensure_running(folder)
    pid_file = folder / "database" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    leave(folder)
    stranger = start_process("import sys; sys.stdin.readline()")
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    ensure_running(folder)
    assert status(folder).pid not in (None, stranger.pid)
    end(stranger)


def test_a_server_started_by_hand_is_refused_and_left_alone(folder: Path) -> None:
    ensure_running(folder)
    server = status(folder).pid
    # Without its lock file the running server looks as one that Sillage did not start.
    (folder / "database.server").rename(folder / "database.server.aside")
    with pytest.raises(ServerOutOfReach, match="started by hand"):
        ensure_running(folder)
    (folder / "database.server.aside").rename(folder / "database.server")
    assert status(folder).pid == server


@pytest.mark.parametrize("line", ["Making", "Starting"])
def test_killed_at_a_step_of_the_very_first_start_the_next_one_works(folder: Path, line: str) -> None:
    assert run(KILLED_WHEN_IT_SAYS, folder, line) == ""
    with psycopg.connect(ensure_running(folder).dsn) as connection:
        assert connection.execute("SELECT extname FROM pg_extension WHERE extname = 'vector'").fetchone()


def test_killed_at_random_moments_of_the_very_first_start_the_next_one_works(folder: Path) -> None:
    chance = random.Random(20260101)
    for moment in sorted(chance.uniform(0.3, 1.6) for _ in range(6)):
        process = start_process(USER, folder)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=moment)
        process.kill()
        process.communicate()
    with psycopg.connect(ensure_running(folder).dsn) as connection:
        assert connection.execute("SELECT extname FROM pg_extension WHERE extname = 'vector'").fetchone()
    assert not list(folder.glob("database.new.*"))


def test_a_database_that_a_killed_start_is_still_making_is_no_trouble(folder: Path) -> None:
    address = ensure_running(folder)
    for _ in range(3):
        with psycopg.connect(address.dsn, dbname="postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE sillage WITH (FORCE)")
        with ThreadPoolExecutor(3) as starts:
            list(starts.map(server._prepare, [address] * 3))
    with psycopg.connect(address.dsn) as connection:
        assert connection.execute("SELECT extname FROM pg_extension WHERE extname = 'vector'").fetchone()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_a_wheel_out_of_the_system_users_reach_is_copied(folder_on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = programs._wheel_folder()
    closed = folder_on_disk.parent / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel, closed / wheel.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    shutil.copytree(f"{wheel}.libs", closed / f"{wheel.name}.libs")
    monkeypatch.setattr(programs, "_wheel_folder", lambda: closed / wheel.name)
    said: list[str] = []
    with psycopg.connect(ensure_running(folder_on_disk, say=said.append).dsn) as connection:
        assert connection.execute("SELECT '[1]'::vector").fetchone()
    assert any("copying PostgreSQL" in line for line in said)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_works_all_the_same(folder: Path) -> None:
    long = folder / ("a" * 60) / ("b" * 60)
    address = ensure_running(long)
    try:
        with psycopg.connect(address.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        throw_away(long)
        shutil.rmtree(address.host)
