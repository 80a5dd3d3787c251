"""kill -9 at any moment of an import, of an enrichment or of the demo's founding: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import Batch, CommentRecord
from sillage.catalogue.models import Account, Card, Comment, Import, Observation, Post
from sillage.governance import actions as governance_actions
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.models import Entry, Member, Receipt, Workspace
from sillage.understanding.engine.port import ENRICHERS, VECTORS
from sillage.understanding.models import AccountSignal, CommentSignal, FittedModel, Profile, Signal
from sillage.understanding.queries.account_signals import AUTHENTICITY, EXPECTED, ORIGINALITY

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS, COMMENTS = 900, 200
LOOKED_AT = (AUTHENTICITY, ORIGINALITY, EXPECTED)
WITHOUT_VECTORS = set(ENRICHERS) - {VECTORS}
SENTENCES = (
    "Semis de tomates et compost au potager",
    "Session de surf ce matin et belles vagues",
    "Ma routine soin visage avec une crème hydratante",
    "Pain au levain maison : pétrissage et cuisson",
    "Trail en montagne et vingt kilomètres de sentiers",
)
START = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from sillage.governance.engine.actors import automation
"""
IMPORT = """
from sillage.catalogue import reading_csv
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.shipped import shipped_mappings
reading_csv.CHUNK_ROWS = 100
import_file(
    workspace_id=int(sys.argv[1]), path=Path(sys.argv[3]), mapping=shipped_mappings()["sillage-posts"],
    actor=automation("import", int(sys.argv[1])), now=datetime.fromisoformat(sys.argv[2]),
    on_progress=lambda progress: print("rows", progress.rows, flush=True),
)
"""
ENRICH = """
if __name__ == "__main__":
    from sillage.understanding import actions
    from sillage.understanding.actions import authenticity, enriching, expecting, originality, profiling
    from sillage.understanding.actions import reading_comments
    enriching.BATCH_POSTS, profiling.CHUNK, reading_comments.BATCH_COMMENTS = 40, 5, 40
    authenticity.CHUNK = originality.CHUNK = expecting.CHUNK = 5
    actions.bring_up_to_date(
        actor=automation("enrich", int(sys.argv[1])), now=datetime.fromisoformat(sys.argv[2]), workers=int(sys.argv[3]),
        on_progress=lambda stage, done, total: print(stage, done, flush=True),
    )
"""
FOUND = """
from sillage.front.commands import demo
def ends(then):
    def run(*args, **given):
        done = then(*args, **given)
        os.kill(os.getpid(), signal.SIGKILL)
    return run
match sys.argv[1]:
    case "opened": demo.governance.open_workspace = ends(demo.governance.open_workspace)
    case "before the commit": demo._password_file = ends(demo._password_file)
demo._founded(7)
"""
SERVE = """
from wsgiref.simple_server import make_server
from django.core.wsgi import get_wsgi_application
from sillage.catalogue import reading_csv
from sillage.catalogue.actions import imports
reading_csv.CHUNK_ROWS = 100
def end(*args, **given): os.kill(os.getpid(), signal.SIGKILL)
kept, chunks = imports.append_rejects, []
def within(*given):
    done = kept(*given)
    chunks.append(done)
    return end() if len(chunks) == 3 else done
match sys.argv[1]:
    case "within a chunk": imports.append_rejects = within
    case "before the end": imports._finished = end
server = make_server("127.0.0.1", 0, get_wsgi_application())
print("port", server.server_port, flush=True)
server.serve_forever()
"""


class Child:
    """A process in the same database as the test, which tells its progress line by line."""

    def __init__(self, script: str, *arguments: object, data: Path) -> None:
        path = data / "child.py"  # a file, because processes of its own import it again
        path.write_text(START + script)
        at = connection.settings_dict
        address = f"host={at['HOST']} port={at['PORT']} user={at['USER']} password={at['PASSWORD']} dbname={at['NAME']}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
            "SILLAGE_DATABASE_URL": " ".join(part for part in address.split() if not part.endswith("=")),
            "SILLAGE_DATA": str(data),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }
        command = [sys.executable, str(path), *map(str, arguments)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def killed_after(self, line: Callable[[str, int], bool]) -> None:
        """SIGKILL as soon as a line of progress is the one awaited."""
        assert self.process.stdout is not None
        for said in self.process.stdout:
            stage, number = said.split()
            if line(stage, int(number)):
                break
        else:
            raise AssertionError(f"it ended before it could be killed, with {self.process.wait()}")
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL
        self.process.stdout.close()

    def ended(self) -> str:
        said, _ = self.process.communicate()
        assert self.process.returncode == 0
        return said


def _file(folder: Path) -> Path:
    path = folder / "posts.csv"
    lines = ["network,account_id,post_id,published_at,text,likes,comments,observed_at"]
    for n in range(ROWS):
        text = f"{SENTENCES[n % 30 % 5]} jour {n}"
        lines.append(f"instagram,a{n % 30},p{n},2026-05-{1 + n % 28:02},{text},{n},{n % 7},2026-06-02")
    path.write_text("\n".join(lines))
    return path


def _commented(workspace: Workspace, actor: Actor, noon: datetime) -> None:
    """Ten comments under each of twenty posts."""
    comments = tuple(
        CommentRecord(
            "instagram", f"a{n % 20}", f"p{n % 20}", f"c{n}", noon - timedelta(days=2), f"Bravo {n} !", f"u{n}"
        )
        for n in range(COMMENTS)
    )
    ingest(workspace_id=workspace.pk, batch=Batch(comments=comments), actor=actor, now=noon)


def _enrich(workspace: Workspace, noon: datetime, data: Path, workers: int = 1) -> Child:
    return Child(ENRICH, workspace.pk, noon.isoformat(), workers, data=data)


def _everything_is_there_once(workspace: Workspace) -> None:
    per_enricher = dict(Signal.objects.values_list("enricher").annotate(n=Count("*")))
    assert per_enricher == dict.fromkeys(WITHOUT_VECTORS, Post.objects.count())
    assert (
        not Signal.objects.values("account_id", "post_id", "enricher").annotate(n=Count("*")).filter(n__gt=1).exists()
    )
    assert Profile.objects.count() == Card.objects.count() == Account.objects.count()
    for account, posts in Post.objects.values_list("account_id").annotate(n=Count("*")):
        assert Profile.objects.get(account_id=account).posts_read == posts
    for enricher in LOOKED_AT:
        assert AccountSignal.objects.filter(enricher=enricher).count() == Account.objects.count(), enricher
    per_enricher = dict(CommentSignal.objects.values_list("enricher").annotate(n=Count("*")))
    assert per_enricher and set(per_enricher.values()) == {COMMENTS}
    assert Card.objects.filter(vector=None).count() == Card.objects.filter(words=None).count() == 0
    assert FittedModel.objects.filter(name="lexical").count() == 1
    assert governance.verify_ledger(workspace.pk)[1] is None
    for receipt in Receipt.objects.filter(workspace=workspace).order_by("?")[:60]:
        assert governance.verify_receipt(workspace.pk, receipt.key).holds


def test_an_import_and_the_enrichment_after_it_are_killed_again_and_again_and_end_with_everything_once(
    workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path
) -> None:
    path = _file(tmp_path)
    for rows in (200, 500):
        child = Child(IMPORT, workspace.pk, noon.isoformat(), path, data=tmp_path)
        child.killed_after(lambda stage, done, rows=rows: done >= rows)  # type: ignore[misc]
    assert 500 <= Import.objects.get().rows_done < ROWS
    _enrich(workspace, noon, tmp_path).killed_after(lambda stage, done: stage == "posts" and done >= 80)  # of a part
    Child(IMPORT, workspace.pk, noon.isoformat(), path, data=tmp_path).ended()
    _commented(workspace, ada, noon)
    assert (Post.objects.count(), Observation.objects.count()) == (ROWS, 2 * ROWS)

    moments: list[Callable[[str, int], bool]] = [
        lambda stage, done: stage == "posts" and done >= 200,
        lambda stage, done: stage == "comments" and done >= 40,
        lambda stage, done: stage == "models" and done == 0,
        lambda stage, done: stage == "profiles" and done >= 10,
        lambda stage, done: stage == "authenticity" and done >= 10,
        lambda stage, done: stage == "originality" and done >= 10,
        lambda stage, done: stage == "expected" and done >= 10,
    ]
    read = [0]
    for moment in moments:
        _enrich(workspace, noon, tmp_path).killed_after(moment)
        read.append(Signal.objects.count())
    assert (
        read == sorted(read) and read[2] == len(WITHOUT_VECTORS) * ROWS
    )  # each went on where the one before had stopped
    _enrich(workspace, noon, tmp_path).ended()

    _everything_is_there_once(workspace)
    before = Entry.objects.count(), Receipt.objects.count()
    _enrich(workspace, noon, tmp_path).ended()
    assert (Entry.objects.count(), Receipt.objects.count()) == before  # and then there is nothing to do


def _upload(port: int, secret: str, path: Path) -> httpx.Response:
    """The same request each time, as a program repeats one that got no answer."""
    return httpx.post(
        f"http://127.0.0.1:{port}/api/v1/harbour/imports",
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "once"},
        files={"file": (path.name, path.read_bytes())},
        data={"mapping": "sillage-posts"},
        timeout=120,
    )


def _port(server: Child) -> int:
    assert server.process.stdout is not None
    return int(server.process.stdout.readline().split()[1])


def test_an_upload_whose_server_is_killed_is_in_by_whole_chunks_and_goes_on_when_it_is_sent_again(
    workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path
) -> None:
    path = _file(tmp_path)
    _, secret = governance_actions.issue_token(
        name="program", scopes=frozenset({Right.CATALOGUE}), expires_at=None, actor=ada, now=noon
    )
    for moment, rows in (("within a chunk", 200), ("before the end", ROWS)):
        server = Child(SERVE, moment, data=tmp_path)
        with pytest.raises(httpx.TransportError):
            _upload(_port(server), secret, path)
        assert server.process.wait() == -signal.SIGKILL
        server.process.communicate()
        stored = Import.objects.get()
        assert (stored.rows_done, stored.finished_at) == (rows, None), moment
        assert (Post.objects.count(), Observation.objects.count()) == (rows, 2 * rows), moment
        assert not Entry.objects.filter(verb="catalogue.imported").exists(), moment

    server = Child(SERVE, "not at all", data=tmp_path)
    try:
        port = _port(server)
        answers = [_upload(port, secret, path).json() for _ in range(2)]
    finally:
        server.process.kill()
        server.process.communicate()
    assert (answers[0]["rows"], answers[0]["refused"], answers[0]["resumed_at"]) == (ROWS, 0, ROWS)
    assert answers[1] == answers[0]
    assert (Post.objects.count(), Observation.objects.count()) == (ROWS, 2 * ROWS)
    assert Entry.objects.filter(verb="catalogue.imported").count() == 1
    assert governance.verify_ledger(workspace.pk)[1] is None


def test_the_processes_of_a_killed_enrichment_end_with_it(
    workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path
) -> None:
    Child(IMPORT, workspace.pk, noon.isoformat(), _file(tmp_path), data=tmp_path).ended()
    from sillage.understanding.actions import enriching

    assert ROWS > enriching.BATCH_POSTS
    child = _enrich(workspace, noon, tmp_path, workers=2)
    helpers: list[psutil.Process] = []

    def seen(stage: str, done: int) -> bool:
        helpers.extend(psutil.Process(child.process.pid).children(recursive=True))
        return True

    child.killed_after(seen)
    assert len(helpers) >= 2
    _, alive = psutil.wait_procs(helpers, timeout=60)
    assert not alive


def test_the_demos_founding_is_there_whole_or_not_at_all(installer: Actor, noon: datetime, tmp_path: Path) -> None:
    for moment in ("opened", "before the commit"):
        child = Child(FOUND, moment, data=tmp_path)
        assert child.process.wait() == -signal.SIGKILL
        assert child.process.stdout is not None
        child.process.stdout.close()
        assert not Workspace.objects.exists() and not Member.objects.exists(), moment
        assert not Account.objects.exists() and not Comment.objects.exists() and not Entry.objects.exists(), moment
    Child(FOUND, "not at all", data=tmp_path).ended()
    founded = Workspace.objects.get()
    counts = catalogue.count_everything(founded.pk)
    assert counts["creators"] >= 380 and counts["posts"] >= 10_000
    assert governance.verify_ledger(founded.pk)[1] is None
    password = (tmp_path / "demo_password").read_text()
    assert Member.objects.get().person.check_password(password)
