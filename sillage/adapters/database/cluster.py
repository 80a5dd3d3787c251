"""The PostgreSQL cluster in the data folder: checked, made once, and given its settings before each start."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from sillage.adapters.database.layout import ROLE, Layout
from sillage.adapters.database.locks import take_shared
from sillage.adapters.database.programs import POSTGRES_MAJOR, Programs, Say
from sillage.adapters.database.refusals import (
    FolderNotADatabase,
    FolderNotWritable,
    OtherOwner,
    OtherPostgresVersion,
    disk_full,
    from_log,
)
from sillage.adapters.database.tuning import MB, as_file, read_machine, settings_for

_ROOM_FOR_A_NEW_CLUSTER = 256 * MB
_ROOM_FOR_A_START = 32 * MB
_LONGEST_LOG = 16 * MB
_INCLUDE = "include 'sillage.conf'"

# The builtin provider sorts by code point, the same on every machine and after every system upgrade.
_INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--text-search-config=simple",
    "--no-instructions",
    f"--username={ROLE}",
)


def is_made(layout: Layout) -> bool:
    """Whether the cluster is there and whole: it is renamed into place only when initdb has ended well."""
    return (layout.database / "PG_VERSION").exists()


def check(layout: Layout) -> None:
    """Refuse what is not, and cannot become, our database. Nothing is changed."""
    if (layout.folder / "PG_VERSION").exists():
        raise FolderNotADatabase(
            f"The data folder {layout.folder} is itself a PostgreSQL cluster.",
            "Point SILLAGE_DATA to a folder of Sillage's own; it makes its database in a subfolder.",
        )
    free = shutil.disk_usage(layout.folder).free
    if free < (_ROOM_FOR_A_START if is_made(layout) else _ROOM_FOR_A_NEW_CLUSTER):
        raise disk_full(layout.folder)
    if is_made(layout):
        _check_version(layout)
    elif layout.database.exists() and (not layout.database.is_dir() or any(layout.database.iterdir())):
        raise FolderNotADatabase(
            f"{layout.database} is not empty and is not a PostgreSQL database.",
            "Move it away, or point SILLAGE_DATA to another folder.",
        )


def _check_version(layout: Layout) -> None:
    found = (layout.database / "PG_VERSION").read_text().strip()
    if found != str(POSTGRES_MAJOR):
        raise OtherPostgresVersion(
            f"The database in {layout.database} was made by PostgreSQL {found}; "
            f"this Sillage carries PostgreSQL {POSTGRES_MAJOR}.",
            f"Dump it with the Sillage that made it (pg_dump of PostgreSQL {found}) and load it into a new "
            "data folder, or point SILLAGE_DATA to another folder. Nothing was changed.",
        )


def check_owner(layout: Layout, programs: Programs) -> None:
    if layout.database.exists() and is_made(layout) and layout.database.stat().st_uid != programs.uid:
        raise OtherOwner(
            f"The database in {layout.database} belongs to user id {layout.database.stat().st_uid}, "
            f"and you are {programs.uid}.",
            "Run Sillage as the user who made it, or point SILLAGE_DATA to another folder.",
        )


def make(layout: Layout, programs: Programs, say: Say) -> None:
    """Make the cluster beside its place, rename it when whole: killed at any moment, it is made anew.

    initdb holds the server lock, so that the next start waits for one that has lost its parent.
    """
    say(f"Making the database in {layout.database} (once, a few seconds).")
    for leftover in layout.folder.glob("database.new.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="database.new.", dir=layout.folder))
    programs.own(fresh)
    server = take_shared(layout.server_lock)
    try:
        _run_initdb(layout, programs, fresh, server)
    finally:
        os.close(server)
    fresh.rename(layout.database)
    _sync_folder(layout.folder)


def _run_initdb(layout: Layout, programs: Programs, fresh: Path, server: int) -> None:
    with tempfile.TemporaryFile() as told:
        if programs.run("initdb", f"--pgdata={fresh}", *_INITDB, output=told.fileno(), keep=(server,)) != 0:
            told.seek(0)
            raise from_log(told.read().decode(errors="replace").splitlines(), layout.folder)


def configure(layout: Layout, programs: Programs) -> None:
    """Write sillage.conf for this machine and see that postgresql.conf includes it."""
    settings = settings_for(read_machine(layout.folder), sockets=layout.sockets)
    _write(layout.database / "sillage.conf", as_file(settings), programs)
    main = layout.database / "postgresql.conf"
    text = main.read_text()
    if _INCLUDE not in text.splitlines():
        _write(main, f"{text.rstrip()}\n\n{_INCLUDE}\n", programs)


def _write(path: Path, text: str, programs: Programs) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    programs.own(Path(name))
    os.replace(name, path)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_socket_folder(layout: Layout, programs: Programs) -> None:
    """The short one lies where all may write: it must be a folder, its owner's, closed to others."""
    sockets = layout.sockets
    if sockets == layout.database:
        return
    try:
        sockets.mkdir(mode=0o700)
        programs.own(sockets)
    except FileExistsError:
        found = sockets.lstat()
        if found.st_uid != programs.uid or found.st_mode & 0o170077 != 0o040000:
            raise FolderNotWritable(
                f"The socket folder {sockets} is not a private folder of the user who owns the database.",
                "Remove it, or set TMPDIR to a private folder.",
            ) from None


def open_log(layout: Layout, programs: Programs) -> int:
    """The server's log, open for appending; a long one is set aside as server.log.1 first."""
    if layout.log.exists() and layout.log.stat().st_size > _LONGEST_LOG:
        layout.log.rename(layout.log.with_suffix(".log.1"))
    opened = os.open(layout.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    programs.own(layout.log)
    return opened
