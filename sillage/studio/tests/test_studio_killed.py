"""kill -9 in the middle of a hand-over or of making variants: nothing is half there, and it can be done again."""

from __future__ import annotations

import pytest

from sillage.campaigns.models import Draft
from sillage.campaigns.tests.conftest import accounts, campaign, collaboration, collaborations  # noqa: F401  fixtures
from sillage.campaigns.tests.delivering import asked
from sillage.campaigns.tests.test_campaigns_killed import killed
from sillage.governance.models import ApprovalRequest
from sillage.governance.queries import verify_ledger
from sillage.studio.actions.releasing import hand_over
from sillage.studio.actions.runs import make_run
from sillage.studio.models import Text, VariantRun
from sillage.studio.tests.being_written import briefed, text_places

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HAND_OVER = """
from sillage.campaigns.models import Deliverable
from sillage.studio.actions.releasing import hand_over
from sillage.studio.models import Text
text = Text.objects.get(pk=subject)
hand_over(text_id=subject, deliverable_id=Deliverable.objects.get().pk, seen=text.version, actor=actor, now=now)
"""
MAKE = """
from sillage.studio.actions.runs import make_run
make_run(brief_id=subject, wanted=100, seed=7, actor=actor, now=now)
"""


def test_a_hand_over_is_whole_or_not_at_all(ada, noon, collaboration, tmp_path):  # noqa: F811
    deliverable = asked(collaboration, ada, noon)
    text = Text.objects.get(pk=text_places(ada, noon)["text_id"])
    killed(HAND_OVER, ada, noon, text.pk, tmp_path)
    text.refresh_from_db()
    deliverable.refresh_from_db()
    assert (text.state, text.deliverable_id, deliverable.state) == ("approved", None, "awaited")
    assert not Draft.objects.exists() and not ApprovalRequest.objects.exclude(used_at=None).exists()
    hand_over(text_id=text.pk, deliverable_id=deliverable.pk, seen=text.version, actor=ada, now=noon)
    assert Draft.objects.get().deliverable_id == deliverable.pk and verify_ledger(ada.workspace_id)[1] is None


def test_a_run_is_whole_or_not_at_all(ada, noon, tmp_path):
    brief = briefed(ada, noon, must=[], label="Publicité")
    killed(MAKE, ada, noon, brief.pk, tmp_path)
    assert not VariantRun.objects.exists()
    assert make_run(brief_id=brief.pk, wanted=100, seed=7, actor=ada, now=noon).made == 100
