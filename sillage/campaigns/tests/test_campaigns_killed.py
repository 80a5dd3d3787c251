"""kill -9 in the middle of what campaigns do: all of it is there or nothing, and it can be done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from sillage.campaigns.actions import reviewing
from sillage.campaigns.actions.moving import move_collaborations
from sillage.campaigns.actions.uploads import keep_file
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration, Draft, DraftFile, Move
from sillage.campaigns.tests import files
from sillage.campaigns.tests.delivering import LAWFUL, asked, drafted
from sillage.governance.engine.actors import Actor
from sillage.governance.models import ApprovalRequest, Entry
from sillage.governance.queries import verify_ledger

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# A process that dies as soon as the action writes its entry in the ledger: every change is made, nothing is committed.
START = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from sillage.governance.engine.actors import Actor, ActorKind, Right
from sillage.governance import actions as governance
workspace, member, now, subject = int(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])
actor = Actor(ActorKind.PERSON, "ada@example.org", workspace, frozenset(Right), member_id=member)
record = governance.record
def dying(**given):
    record(**given)
    os.kill(os.getpid(), signal.SIGKILL)
governance.record = dying
"""
MOVE = """
from sillage.campaigns.actions.moving import move_collaborations
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration
rows = {pk: None for pk in Collaboration.objects.filter(campaign=subject).values_list("pk", flat=True)}
move_collaborations(campaign_id=subject, versions=rows, to=Stage.CONTACTED, actor=actor, now=now)
"""
SUBMIT = """
from io import BytesIO
from sillage.campaigns.actions.drafts import submit_draft
from sillage.campaigns.actions.uploads import keep_file
from sillage.campaigns.tests import files
kept = keep_file(workspace, "a.jpg", BytesIO(files.picture()))
submit_draft(deliverable_id=subject, text="Publicité. Deux sachets.", files=[kept], actor=actor, now=now)
"""
APPROVE = """
from sillage.campaigns.actions.reviewing import approve_draft
approve_draft(draft_id=subject, reason="", actor=actor, now=now)
"""


def killed(script: str, actor: Actor, now: object, subject: int, folder: Path) -> None:
    """Run the script in a process of its own on the test's database until it kills itself."""
    path = folder / "child.py"
    path.write_text(START + script)
    at = connection.settings_dict
    address = f"host={at['HOST']} port={at['PORT']} user={at['USER']} password={at['PASSWORD']} dbname={at['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "SILLAGE_DATABASE_URL": " ".join(part for part in address.split() if not part.endswith("=")),
        "SILLAGE_DATA": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    given = [str(actor.workspace_id), str(actor.member_id), str(now), str(subject)]
    ended = subprocess.run([sys.executable, str(path), *given], env=environment, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]


def test_a_bulk_move_moves_all_or_none(campaign, collaborations, ada, noon, tmp_path):
    before = Entry.objects.count()
    killed(MOVE, ada, noon, campaign.pk, tmp_path)
    assert set(Collaboration.objects.values_list("stage", "version")) == {("shortlisted", 1)}
    assert not Move.objects.exists() and Entry.objects.count() == before
    versions = dict.fromkeys((row.pk for row in collaborations.values()), None)
    move_collaborations(campaign_id=campaign.pk, versions=versions, to=Stage.CONTACTED, actor=ada, now=noon)
    assert Move.objects.count() == 2 and verify_ledger(ada.workspace_id)[1] is None


def test_a_draft_is_there_with_its_file_or_not_at_all(collaboration, ada, noon, tmp_path, workspace):
    deliverable = asked(collaboration, ada, noon)
    killed(SUBMIT, ada, noon, deliverable.pk, tmp_path)
    deliverable.refresh_from_db()
    assert (Draft.objects.count(), DraftFile.objects.count(), deliverable.state) == (0, 0, "awaited")
    kept = keep_file(workspace.pk, "a.jpg", BytesIO(files.picture()))
    assert drafted(deliverable, ada, noon, LAWFUL, files=[kept]).number == 1


def test_an_approval_and_what_it_lets_go_stand_together_or_not_at_all(collaboration, ada, noon, tmp_path):
    draft = drafted(asked(collaboration, ada, noon), ada, noon)
    killed(APPROVE, ada, noon, draft.pk, tmp_path)
    draft.deliverable.refresh_from_db()
    assert draft.deliverable.state == "in_review" and not draft.verdicts.exists()
    assert not ApprovalRequest.objects.exclude(used_at=None).exists()
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    draft.deliverable.refresh_from_db()
    assert draft.deliverable.state == "approved"
