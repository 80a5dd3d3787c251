"""What can be wrong with a database's folder or server, each with what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path

from sillage.lib.errors import Refusal

_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
_FULL = {errno.ENOSPC, errno.EDQUOT}


class SystemNotSupported(Refusal):
    """The embedded database does not run on this operating system."""


class FolderNotWritable(Refusal):
    """Sillage may not write in the data folder."""


class FolderNotReachable(Refusal):
    """Run as root: the system user that runs PostgreSQL cannot get into the data folder."""


class FolderNotADatabase(Refusal):
    """There is something else where the database should stand."""


class OtherPostgresVersion(Refusal):
    """The database was made by another major version of PostgreSQL."""


class OtherOwner(Refusal):
    """The database belongs to another system user."""


class SystemUserMissing(Refusal):
    """Run as root: the system user for PostgreSQL could not be created."""


class DiskFull(Refusal):
    """No room on the disk of the data folder."""


class ServerDidNotStart(Refusal):
    """PostgreSQL ended before it answered, or did not answer in time."""


class ServerOutOfReach(Refusal):
    """A server runs on this folder that this process can neither use nor stop."""


def disk_full(folder: Path) -> DiskFull:
    return DiskFull(
        f"The disk of {folder} is full.",
        "Free some space, or point SILLAGE_DATA to a folder on another disk.",
    )


def from_os_error(error: OSError, folder: Path) -> Refusal | None:
    """The refusal that says what this error means for the data folder, None for errors we do not know."""
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _NOT_WRITABLE:
        return FolderNotWritable(
            f"The data folder {folder} cannot be written: {error.strerror} ({error.filename}).",
            "Give your user the right to write there, or point SILLAGE_DATA to another folder.",
        )
    return None


def from_log(lines: list[str], folder: Path) -> Refusal:
    """The refusal for a server or initdb that ended, from the last lines it wrote."""
    # "the database system is starting up" is only the answer to our own knocking.
    lines = [line for line in lines if "the database system is" not in line]
    told = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))] or lines
    if any("No space left on device" in line for line in lines):
        return disk_full(folder)
    if any("shared memory" in line and "could not" in line for line in lines):
        return ServerDidNotStart(
            f"The database in {folder} did not get the memory it asked for: {told[-1]}",
            "Give the machine or container more memory, or lower shared_buffers in database/postgresql.conf, "
            "below the include line.",
        )
    return ServerDidNotStart(
        f"The database in {folder} did not start: {told[-1] if told else 'it said nothing'}",
        f"The whole story is in {folder / 'database' / 'server.log'}.",
    )
