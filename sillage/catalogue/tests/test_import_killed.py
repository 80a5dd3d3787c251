"""An import that is killed at any moment, again and again, ends with everything once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from sillage.catalogue.models import Account, Import, Observation, Post
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Entry, Workspace

ROWS = 6_000
CHILD = """
import sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from sillage.catalogue import reading_csv
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.governance.engine.actors import automation
reading_csv.CHUNK_ROWS = 250
workspace, path, now = int(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
import_file(
    workspace_id=workspace,
    path=path,
    mapping=shipped_mappings()["sillage-posts"],
    actor=automation("import", workspace),
    now=now,
    on_progress=lambda progress: print(progress.rows, flush=True),
)
"""


def environment(data: Path) -> dict[str, str]:
    """The child works in the same database as the test."""
    at = connection.settings_dict
    address = f"host={at['HOST']} port={at['PORT']} user={at['USER']} password={at['PASSWORD']} dbname={at['NAME']}"
    wanted = " ".join(part for part in address.split() if not part.endswith("="))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "SILLAGE_DATABASE_URL": wanted,
        "SILLAGE_DATA": str(data),
    }


def start(arguments: list[str], data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, *arguments]
    return subprocess.Popen(command, env=environment(data), stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_9_loses_nothing_and_doubles_nothing(
    workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "posts.csv"
    lines = ["network,account_id,post_id,published_at,text,likes,observed_at"]
    for n in range(ROWS):
        likes = "-1" if n % 100 == 0 else str(n)
        lines.append(f"tiktok,a{n % 40},p{n},2026-06-01,Post {n},{likes},2026-06-02")
    path.write_text("\n".join(lines))
    arguments = [str(workspace.pk), str(path), noon.isoformat()]

    reached = 0
    for chunks_before_the_kill in (3, 1, 6):
        child = start(arguments, tmp_path)
        assert child.stdout is not None
        for _ in range(chunks_before_the_kill):
            reached = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        child.stdout.close()
        assert reached <= Import.objects.get().rows_done < ROWS
    child = start(arguments, tmp_path)
    first_after = int(child.communicate()[0].split()[0])
    assert child.returncode == 0
    assert first_after > reached >= 250 * 10  # it went on, and did not begin again

    row = Import.objects.get()
    good = [n for n in range(ROWS) if n % 100]
    assert (row.rows_done, row.rows_refused, row.finished_at) == (ROWS, ROWS // 100, noon)
    assert (Post.objects.count(), Account.objects.count()) == (len(good), 40)
    assert Observation.objects.aggregate(total=Sum("value"))["total"] == sum(good)
    assert (row.counts["posts"]["new"], row.counts["observations"]["new"]) == (len(good), len(good))
    set_aside = [json.loads(line) for line in Path(row.rejects_path).read_text().splitlines()]
    assert [line["line"] for line in set_aside] == list(range(2, ROWS + 2, 100))
    assert Entry.objects.filter(verb="catalogue.imported").count() == 1
