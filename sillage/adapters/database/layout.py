"""Where the embedded database stands inside the data folder, and the address under which it answers.

<data folder>/
  database/           the PostgreSQL cluster; PG_VERSION in it means that it is whole
  database.new.*/     a cluster being made; leftovers are removed by the next start
  database.control    lock: held by the process that starts or stops the server
  database.users      lock: shared by all processes that use the server
  database.server     lock: held by the server's own processes
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import platformdirs

PORT = 5432  # only names the socket file; the server listens on no network address
DATABASE = "sillage"
ROLE = "sillage"

_LONGEST_SOCKET = 103  # bytes: sun_path on macOS, one less than on Linux
_SOCKET_SAFE = re.compile(r"[A-Za-z0-9/._-]+")


def data_folder() -> Path:
    """`SILLAGE_DATA`, or the user's data folder.

    Root's own is closed to the system user that must run PostgreSQL, so root has /var/lib/sillage.
    """
    if named := os.environ.get("SILLAGE_DATA"):
        return Path(named).expanduser().resolve()
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/sillage")
    return platformdirs.user_data_path("sillage", appauthor=False)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How to reach the server. `host` is the folder of its unix socket."""

    host: str
    port: int = PORT
    user: str = ROLE
    dbname: str = DATABASE

    @property
    def dsn(self) -> str:
        return f"postgresql://{self.user}@/{self.dbname}?host={quote(self.host, safe='')}&port={self.port}"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data folder."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "database"

    @property
    def control_lock(self) -> Path:
        return self.folder / "database.control"

    @property
    def users_lock(self) -> Path:
        return self.folder / "database.users"

    @property
    def server_lock(self) -> Path:
        return self.folder / "database.server"

    @property
    def log(self) -> Path:
        return self.database / "server.log"

    @property
    def sockets(self) -> Path:
        """The cluster itself, which only its owner may enter; if its path is too long, a short folder."""
        path = str(self.database)
        longest = len(os.fsencode(path)) + len(f"/.s.PGSQL.{PORT}.lock")
        if longest <= _LONGEST_SOCKET and _SOCKET_SAFE.fullmatch(path):
            return self.database
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"sillage-{digest}"

    @property
    def address(self) -> ServerAddress:
        return ServerAddress(host=str(self.sockets))
