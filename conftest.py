"""What every test shares: a database of the suite's own, the cast, noon, and no network but loopback."""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from time import monotonic
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, Role
from sillage.governance.models import Member, Workspace
from sillage.governance.queries import actor_of

# A machine at work may need longer than the 200 ms that Hypothesis allows an example.
settings.register_profile("sillage", deadline=None)
settings.load_profile("sillage")

# Argon2 is slow on purpose, and most tests have three people: only test_members_and_tokens.py hashes as the product does.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *django_settings.PASSWORD_HASHERS]

# Every client makes the middlewares anew, and WhiteNoise would look at each static file whenever it is made.
django_settings.WHITENOISE_AUTOREFRESH = True
# Browsers get these files as they do from the product: with WhiteNoise's headers, so that they keep them.
StaticFilesHandler._should_handle = lambda self, path: False  # type: ignore[method-assign]

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
PASSWORD = "pelican-harbour-42"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Migrations come next. They make ten thousand classes, and looking for garbage among them takes as long again."""
    gc.disable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The suite's own server forgets after a crash: its tables are emptied often and never needed again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    if "SILLAGE_TEST_DATABASE_URL" in os.environ:
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {name} = off")
        cursor.execute("SELECT pg_reload_conf()")


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A transaction around a module's tests: what `with lasting():` builds is found by each of them as it was built.

    Each test's own transaction becomes a savepoint in it, so this is not for modules with `transaction=True`.
    """
    around = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


INSTALLER = Actor(ActorKind.AUTOMATION, "install", 0, frozenset(Right))


@pytest.fixture
def installer() -> Actor:
    return INSTALLER


def opened(slug: str, owner: str) -> tuple[Workspace, Actor]:
    """A workspace and its owner."""
    workspace = governance.open_workspace(slug=slug, name=slug.title(), actor=INSTALLER, now=NOON)
    founder = Actor(ActorKind.AUTOMATION, "install", workspace.pk, frozenset(Right))
    member = governance.add_member(
        email=f"{owner.lower()}@example.org",
        name=owner,
        role=Role.OWNER,
        password=PASSWORD,
        actor=founder,
        now=NOON,
    )
    return workspace, actor_of(member, member.person)


@pytest.fixture
def harbour(db: None) -> tuple[Workspace, Actor]:
    """Ada's workspace and Ada, its owner, who runs campaigns."""
    return opened("harbour", "Ada")


@pytest.fixture
def workspace(harbour: tuple[Workspace, Actor]) -> Workspace:
    return harbour[0]


@pytest.fixture
def ada(harbour: tuple[Workspace, Actor]) -> Actor:
    return harbour[1]


def joined(name: str, role: Role, ada: Actor) -> Actor:
    """Somebody whom Ada lets in."""
    member = governance.add_member(
        email=f"{name.lower()}@example.org", name=name, role=role, password=PASSWORD, actor=ada, now=NOON
    )
    return actor_of(member, member.person)


@pytest.fixture
def bruno(ada: Actor) -> Actor:
    """Bruno moderates: an analyst of Ada's workspace."""
    return joined("Bruno", Role.ANALYST, ada)


@pytest.fixture
def rita(ada: Actor) -> Actor:
    """Rita only reads."""
    return joined("Rita", Role.READER, ada)


@pytest.fixture
def dario(db: None) -> Actor:
    """Dario owns another workspace and must see nothing of Ada's."""
    return opened("elsewhere", "Dario")[1]


@pytest.fixture
def signed_in(client: Any) -> Any:
    """A browser session of an actor of the cast: `signed_in(ada)`."""

    def _client(actor: Actor) -> Any:
        client.force_login(Member.objects.get(pk=actor.member_id).person)
        return client

    return _client


PATIENCE = 20.0  # seconds for a request that a closed browser left behind


@pytest.fixture
def live_server(live_server: Any) -> Iterator[Any]:
    """A server whose last request has ended when the test has: the tables are emptied next, and nothing may write there."""
    yield live_server
    last = HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=PATIENCE)
    last.request("GET", "/static/none", headers={"Connection": "close"})  # accepted after all that came before it
    last.getresponse().read()
    last.close()
    until = monotonic() + PATIENCE
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(max(0.0, until - monotonic()))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback and local sockets only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are named by their length: what is packed or drawn may carry the moment, and workers must find the same tests."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory to the end: looking through them again and again finds no garbage."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _browser_tests(session: pytest.Session) -> tuple[int, int] | None:
    """How many tests in a browser passed and how many were skipped; None in a worker of xdist, which reports nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return None
    reports = [[r for r in reporter.stats.get(kind, []) if "browser" in r.keywords] for kind in ("passed", "skipped")]
    return len(reports[0]), len(reports[1])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With SILLAGE_TEST_BROWSER=required, as on the build machine, pages that no browser has seen are a failure."""
    browser = _browser_tests(session)
    if browser is not None and os.environ.get("SILLAGE_TEST_BROWSER") == "required" and (not browser[0] or browser[1]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Skipped tests are one letter among thousands: say it where it is read."""
    browser = _browser_tests(terminalreporter._session)
    if browser is not None and browser[1]:
        said = f"NO BROWSER: {browser[1]} tests of pages were skipped. Install chromium, or set SILLAGE_TEST_CHROMIUM."
        terminalreporter.write_sep("!", said, red=True, bold=True)


_execute_sql_flush = DatabaseOperations.execute_sql_flush


def _flush_row_by_row(self: DatabaseOperations, style: Any, tables: list[str], **more: Any) -> list[str]:
    """Tests that need real transactions empty the tables afterwards: only here may the ledger be emptied.

    To delete their few rows takes a tenth of what truncating takes, and waits for writers only, not for readers.
    """
    names = [self.quote_name(table) for table in tables]
    return [
        "SET session_replication_role = replica",
        f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE",
        "; ".join(f"DELETE FROM {name}" for name in names),
        "SET session_replication_role = DEFAULT",
    ]


def _flush_again_after_a_deadlock(self: DatabaseOperations, sql_list: list[str]) -> None:
    """A session that ends late (a killed program's) may hold a table that another statement waits for."""
    for attempt in range(5):
        try:
            return _execute_sql_flush(self, sql_list)
        except OperationalError:
            if attempt == 4:
                raise


DatabaseOperations.sql_flush = _flush_row_by_row  # type: ignore[method-assign]
DatabaseOperations.execute_sql_flush = _flush_again_after_a_deadlock  # type: ignore[method-assign]
