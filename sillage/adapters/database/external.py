"""A PostgreSQL of one's own (`SILLAGE_DATABASE_URL`): it must be recent enough and have pgvector."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from sillage.lib.errors import OutsideError, Refusal

LEAST_POSTGRES = 15
LEAST_PGVECTOR = (0, 8)


@dataclass(frozen=True, slots=True)
class ExternalServer:
    """`version` as PostgreSQL numbers it (180004 is 18.4); pgvector's as offered and as installed."""

    version: int
    encoding: str
    pgvector_offered: str | None
    pgvector_installed: str | None


class PostgresTooOld(Refusal):
    """The server is older than Sillage's SQL."""


class EncodingNotUtf8(Refusal):
    """The database cannot hold every script."""


class PgvectorMissing(Refusal):
    """pgvector is not on the server, or not in the database and may not be created by this role."""


class PgvectorTooOld(Refusal):
    """pgvector is there in a version without what the search needs."""


class AddressMalformed(Refusal):
    """SILLAGE_DATABASE_URL cannot be read."""


def judge_external(server: ExternalServer) -> None:
    """Refuse a server that Sillage cannot run on, with what to do about it. Pure."""
    if server.version < LEAST_POSTGRES * 10_000:
        raise PostgresTooOld(
            f"The database server is PostgreSQL {server.version // 10_000}; Sillage needs {LEAST_POSTGRES} or later.",
            "Upgrade it, or unset SILLAGE_DATABASE_URL to use the embedded one.",
        )
    if server.encoding.upper() != "UTF8":
        raise EncodingNotUtf8(
            f"The database has the encoding {server.encoding}; Sillage needs UTF8.",
            "Make a new one: CREATE DATABASE sillage ENCODING 'UTF8' TEMPLATE template0;",
        )
    if server.pgvector_offered is None and server.pgvector_installed is None:
        raise PgvectorMissing(
            "The database server does not have the extension pgvector.",
            f"Install it on the server (Debian: apt install postgresql-{server.version // 10_000}-pgvector), "
            "then run as a superuser: CREATE EXTENSION vector;",
        )
    _judge_pgvector(server)


def _judge_pgvector(server: ExternalServer) -> None:
    least = ".".join(map(str, LEAST_PGVECTOR))
    used = server.pgvector_installed or server.pgvector_offered or ""
    if _version(used) >= LEAST_PGVECTOR:
        return
    offered = server.pgvector_offered or ""
    step = "" if offered and _version(offered) >= LEAST_PGVECTOR else "Install a newer pgvector on the server, then "
    raise PgvectorTooOld(
        f"The database has pgvector {used}; Sillage needs {least} or later.",
        f"{step}run in this database: ALTER EXTENSION vector UPDATE;"
        if server.pgvector_installed
        else f"{step}run in this database: CREATE EXTENSION vector;",
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def check_external(dsn: str) -> ExternalServer:
    """Connect, judge, and create the extension if it is offered but not yet in the database.

    Refuses what Sillage cannot run on; raises OutsideError when the server does not answer.
    """
    try:
        connection = psycopg.connect(dsn, connect_timeout=10, autocommit=True)
    except psycopg.ProgrammingError as error:
        raise AddressMalformed(
            f"SILLAGE_DATABASE_URL cannot be read: {error}".rstrip(),
            "It looks like postgresql://user:password@host:5432/sillage",
        ) from error
    except psycopg.OperationalError as error:
        raise OutsideError(
            f"The database server does not answer: {str(error).strip()}",
            permanent=False,
            hint="Check SILLAGE_DATABASE_URL, that the server runs and that it lets you in; "
            "or unset it to use the embedded one.",
        ) from error
    with connection:
        server = _read(connection)
        judge_external(server)
        if server.pgvector_installed is None:
            _create_extension(connection)
            return _read(connection)
    return server


def _read(connection: psycopg.Connection[tuple[object, ...]]) -> ExternalServer:
    found = connection.execute(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'"
    ).fetchone()
    offered, installed = found or (None, None)
    return ExternalServer(
        version=connection.info.server_version,
        encoding=connection.info.parameter_status("server_encoding") or "",
        pgvector_offered=None if offered is None else str(offered),
        pgvector_installed=None if installed is None else str(installed),
    )


def _create_extension(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise PgvectorMissing(
            f"The extension pgvector is not in the database, and {connection.info.user} may not create it.",
            f"Run in {connection.info.dbname} as a superuser: CREATE EXTENSION vector;",
        ) from error
