"""The database: PostgreSQL with pgvector, carried in a wheel and started on demand, or somebody's own server.

In: the data folder, or the address of an external server. Out: a `ServerAddress` that answers.
Three words: a *layout* says where things stand in the data folder, a *user* is a process that holds the
users lock, the *control lock* is held by whoever starts or stops the server.
"""

from __future__ import annotations

from sillage.adapters.database.external import ExternalServer, check_external
from sillage.adapters.database.layout import ServerAddress, data_folder
from sillage.adapters.database.server import ServerStatus, ensure_running, leave, status, stop

__all__ = [
    "ExternalServer",
    "ServerAddress",
    "ServerStatus",
    "check_external",
    "data_folder",
    "ensure_running",
    "leave",
    "status",
    "stop",
]
