"""What Sillage says about a folder on which it cannot start its database. No server is started here."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sillage.adapters.database import cluster, data_folder, ensure_running, status
from sillage.adapters.database.layout import Layout
from sillage.adapters.database.refusals import (
    DiskFull,
    FolderNotADatabase,
    FolderNotReachable,
    FolderNotWritable,
    OtherPostgresVersion,
    ServerDidNotStart,
    from_log,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def parent() -> Iterator[Path]:
    """A folder that a system user may pass through, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="sillage-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_a_database_of_another_postgresql_is_refused_and_left_alone(parent: Path) -> None:
    database = parent / "database"
    database.mkdir()
    (database / "PG_VERSION").write_text("16\n")
    with pytest.raises(OtherPostgresVersion, match="PostgreSQL 16") as refused:
        ensure_running(parent)
    assert "pg_dump" in refused.value.hint
    assert [path.name for path in database.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(parent: Path) -> None:
    letters = parent / "database" / "letters.txt"
    letters.parent.mkdir()
    letters.write_text("Dear Chiara")
    with pytest.raises(FolderNotADatabase, match="is not empty and is not a PostgreSQL database"):
        ensure_running(parent)
    assert letters.read_text() == "Dear Chiara"


def test_a_folder_that_is_itself_a_cluster_is_refused(parent: Path) -> None:
    (parent / "PG_VERSION").write_text("18\n")
    with pytest.raises(FolderNotADatabase, match="is itself a PostgreSQL cluster"):
        ensure_running(parent)


def test_a_file_in_the_folders_place_is_refused(parent: Path) -> None:
    (parent / "data").write_text("")
    with pytest.raises(FolderNotWritable, match="cannot be written"):
        ensure_running(parent / "data")


def test_a_folder_that_nobody_can_make_is_refused() -> None:
    with pytest.raises(FolderNotWritable):
        ensure_running(Path("/dev/null/data"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderNotWritable):
        ensure_running(tmp_path / "data")


def test_a_disk_without_room_for_a_new_database_is_refused(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(parent)._replace(free=20 * 1024 * 1024)
    monkeypatch.setattr(cluster.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match="is full"):
        ensure_running(parent / "data")


@as_root
def test_a_parent_closed_to_the_system_user_is_named_and_its_mode_is_left_alone(parent: Path) -> None:
    closed = parent / "ada"
    closed.mkdir(mode=0o700)
    with pytest.raises(FolderNotReachable, match=f"may not enter {closed}") as refused:
        ensure_running(closed / "data")
    assert f"chmod o+x {closed}" in refused.value.hint
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_log_that_says_the_disk_is_full_is_told_as_such(parent: Path) -> None:
    lines = ["PANIC:  could not write to file: No space left on device", "FATAL:  the database system is starting up"]
    assert isinstance(from_log(lines, parent), DiskFull)


def test_a_log_with_another_error_is_quoted(parent: Path) -> None:
    lines = ["LOG:  starting", 'FATAL:  data directory "x" is odd', "FATAL:  the database system is starting up"]
    refusal = from_log(lines, parent)
    assert isinstance(refusal, ServerDidNotStart)
    assert refusal.message.endswith('FATAL:  data directory "x" is odd')


def test_looking_at_a_folder_that_is_not_there_makes_nothing(parent: Path) -> None:
    assert status(parent / "data").state == "absent"
    assert not (parent / "data").exists()


def test_the_data_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SILLAGE_DATA", str(tmp_path))
    assert data_folder() == tmp_path


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own(tmp_path: Path) -> None:
    far, other = Layout(tmp_path / ("a" * 120)), Layout(tmp_path / ("b" * 120))
    assert len(str(far.sockets)) < 80
    assert far.sockets != other.sockets


def test_a_path_with_odd_signs_does_not_reach_the_servers_settings() -> None:
    assert "," not in str(Layout(Path("/srv/a, b'c")).sockets)
