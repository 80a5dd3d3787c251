"""The matching rule confirms a live post by itself only where a person allowed it, and a person can undo it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from sillage.campaigns.actions import live, reviewing
from sillage.campaigns.engine.matching import CONFIRM_LIVE
from sillage.campaigns.models import Deliverable, LiveMatch
from sillage.campaigns.tests.delivering import LAWFUL, asked, drafted, published
from sillage.catalogue.models import Post
from sillage.governance import actions as governance
from sillage.governance.engine.policy_limits import Limits
from sillage.governance.models import Entry, PolicyUse

DAYS = timedelta(days=1)


@pytest.fixture
def approved(collaboration, ada, noon):
    draft = drafted(asked(collaboration, ada, noon), ada, noon)
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    published(ada, noon + 8 * DAYS, LAWFUL, at=noon + 7 * DAYS)
    return Deliverable.objects.get(pk=draft.deliverable_id)


def allowed(ada, noon, threshold="0.8", **scope):
    limits = Limits(scope, Decimal(threshold), 5, None, "", noon + 60 * DAYS)
    return governance.allow_policy(
        verb=CONFIRM_LIVE, limits=limits, sample_percent=100, reason="Word for word.", actor=ada, now=noon
    )


def matched(approved, ada, noon):
    done = live.match_live(campaign_id=approved.campaign_id, actor=ada, now=noon + 8 * DAYS)
    return done, LiveMatch.objects.get()


def test_without_a_policy_a_person_decides(approved, ada, noon):
    done, match = matched(approved, ada, noon)
    assert (done, match.standing, PolicyUse.objects.count()) == ({"suggested": 1}, "suggested", 0)


def test_within_a_policy_the_rule_confirms_and_says_so(approved, ada, noon):
    policy = allowed(ada, noon, network=["instagram"])
    done, match = matched(approved, ada, noon)
    approved.refresh_from_db()
    assert (done, match.standing, match.member_id, match.who) == (
        {"confirmed": 1},
        "confirmed",
        None,
        "matching rule 1",
    )
    assert (approved.state, match.is_by_link, match.evidence.count()) == ("live", False, 1)
    use = PolicyUse.objects.get()
    assert (use.policy, use.machine_kind, use.machine_name, use.is_sampled) == (policy, "rule", "matching rule", True)
    entry = Entry.objects.get(verb="campaigns.live_matched")
    assert entry.facts["policy_uses"] == [{"policy": policy.pk, "policy_use": use.pk, "sampled": True}]


def test_what_no_policy_speaks_of_waits_for_a_person(approved, ada, noon):
    allowed(ada, noon, network=["tiktok"])
    assert matched(approved, ada, noon)[1].standing == "suggested"


def test_what_the_rule_is_not_sure_enough_of_waits_for_a_person(approved, ada, noon):
    Post.objects.update(text="Publicité pour @terrevive, code MONA10. #terrevive")
    allowed(ada, noon, "0.9")
    match = matched(approved, ada, noon)[1]
    assert match.score < 0.9 and match.standing == "suggested"


def test_the_switch_stops_the_rule_at_once(approved, ada, noon):
    allowed(ada, noon)
    governance.stop_policies(reason="Two wrong ones today", actor=ada, now=noon)
    assert matched(approved, ada, noon)[1].standing == "suggested"


def test_two_that_are_alike_are_a_question_for_a_person(approved, ada, noon):
    allowed(ada, noon)
    published(ada, noon + 8 * DAYS, LAWFUL, at=noon + 7 * DAYS + timedelta(hours=1), name="live2")
    live.match_live(campaign_id=approved.campaign_id, actor=ada, now=noon + 8 * DAYS)
    assert set(LiveMatch.objects.values_list("standing", flat=True)) == {"suggested"}


def test_a_person_undoes_what_the_rule_did(approved, ada, noon):
    allowed(ada, noon)
    matched(approved, ada, noon)
    governance.undo_use(use_id=PolicyUse.objects.get().pk, reason="Another campaign's", actor=ada, now=noon + 9 * DAYS)
    match = LiveMatch.objects.get()
    approved.refresh_from_db()
    assert (match.standing, match.who, approved.state) == ("suggested", "", "approved")
    assert match.evidence.count() == 1, "what was seen stays"


def test_what_a_person_decided_meanwhile_is_not_undone(approved, ada, noon):
    allowed(ada, noon)
    _, match = matched(approved, ada, noon)
    live.dismiss_match(match_id=match.pk, actor=ada, now=noon + 9 * DAYS)
    governance.undo_use(use_id=PolicyUse.objects.get().pk, reason="", actor=ada, now=noon + 9 * DAYS)
    match.refresh_from_db()
    assert match.standing == "dismissed"
