"""Work that waits in rows: who is at it, whether anybody works at all, and a nudge when there is more.

Locks of a PostgreSQL session: they end with it, however it ends, so that a killed worker is forgotten at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_KEY = "hashtextextended(%s, %s)"
_HELD = f"""
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((classid::int8 << 32) | objid::int8) = {_KEY})
"""  # noqa: S608  # of constants


@contextmanager
def turn(name: str, key: int) -> Iterator[bool]:
    """Whether this process alone is at it now, while the block lasts. Nobody waits: false when another is."""
    mine = bool(_ask(f"SELECT pg_try_advisory_lock({_KEY})", name, key))
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            _ask(f"SELECT pg_advisory_unlock({_KEY})", name, key)


@contextmanager
def taking_part(name: str) -> Iterator[None]:
    """Be one of those who do this kind of work, while the block lasts, and hear of nudges: none is missed between looking
    for work and waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "{name}"')
    _ask(f"SELECT pg_advisory_lock_shared({_KEY})", name, 0)
    try:
        yield
    finally:
        if connection.is_usable():
            _ask(f"SELECT pg_advisory_unlock_shared({_KEY})", name, 0)
            with connection.cursor() as cursor:
                cursor.execute(f'UNLISTEN "{name}"')


def is_held(name: str, key: int = 0) -> bool:
    """Whether some process is at it; without a key, whether anybody takes part."""
    return bool(_ask(_HELD, name, key))


def nudge(name: str) -> None:
    """Wake those who wait for this kind of work, once the transaction is committed."""
    _ask("SELECT pg_notify(%s, '')", name)


def wait(seconds: float) -> None:
    """Until a nudge comes, or so many seconds are over, for those who take part."""
    connection.ensure_connection()
    for _nudge in connection.connection.notifies(timeout=seconds, stop_after=1):
        return


def _ask(statement: str, *given: str | int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()[0]
