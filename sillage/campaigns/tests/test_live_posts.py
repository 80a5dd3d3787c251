"""Live posts: found, confirmed, compared, watched, kept as evidence, and erased when that is asked for."""

from __future__ import annotations

import zlib
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from sillage.campaigns.actions import live, reviewing
from sillage.campaigns.actions.evidence import forget_live, forget_live_posts
from sillage.campaigns.engine.matching import FLOOR, SeenPost, Sought, address_key, matches, same_address
from sillage.campaigns.engine.watching import Seen, seen_now
from sillage.campaigns.models import Deliverable, LiveEvidence, LiveMatch
from sillage.campaigns.queries.deliverables import delivered
from sillage.campaigns.queries.live import list_matches, live_state
from sillage.campaigns.tests.delivering import LAWFUL, UNLAWFUL, asked, creator_link, drafted, published
from sillage.catalogue.models import Post, RawAnswer
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound

URL = "https://www.instagram.com/p/live1/?igsh=tracking"
DAYS = timedelta(days=1)


@pytest.fixture
def approved(collaboration, ada, noon):
    """A deliverable whose draft was approved: it may be published from 22 June on."""
    draft = drafted(asked(collaboration, ada, noon), ada, noon)
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    return Deliverable.objects.get(pk=draft.deliverable_id)


@pytest.fixture
def out(ada, noon):
    """The day after the post went out."""
    published(ada, noon + 8 * DAYS, LAWFUL, at=noon + 7 * DAYS)
    return noon + 8 * DAYS


@pytest.fixture
def confirmed(approved, out, ada):
    live.match_live(campaign_id=approved.campaign_id, actor=ada, now=out)
    match = LiveMatch.objects.get()
    return live.confirm_match(match_id=match.pk, actor=ada, now=out)


# -- addresses and scores --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.instagram.com/p/Cx1/?igsh=a", "http://instagram.com/reel/Cx1"),
        ("https://www.instagram.com/mona/reel/Cx1/", "instagram.com/p/Cx1/"),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "https://m.youtube.com/watch?v=dQw4w9WgXcQ&list=x"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"),
        ("https://twitter.com/mona/status/123?s=20", "https://x.com/mona/status/123"),
        ("https://www.tiktok.com/@mona.b/video/99?lang=fr", "https://m.tiktok.com/@mona.b/video/99"),
        ("https://blog.example.org/a/", "http://www.blog.example.org/a?utm_source=x"),
    ],
)
def test_two_addresses_of_one_post_are_the_same(one, other):
    assert same_address(one, other)


def test_addresses_of_two_posts_are_not_the_same():
    assert not same_address("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/aaaaaaaaaaa")
    assert not same_address("", "")
    assert address_key("https://example.org/p/1") != address_key("https://example.org/p/2")


def seen(text, noon, **more):
    return SeenPost(
        **{"id": 1, "url": "https://x.com/a/status/1", "network_id": "1", "text": text} | more, published_at=noon
    )


def test_a_score_is_the_sum_of_its_reasons_and_an_exact_link_stands_alone(noon):
    sought = Sought(text=LAWFUL, codes=("MONA10",), hashtags=("terrevive",), mentions=("terrevive",), format="image")
    same = seen(LAWFUL, noon, format="image")
    part = seen("Code MONA10 chez @terrevive", noon, id=2)
    other = seen("Un café au soleil", noon, id=3, url="https://x.com/a/status/3", network_id="3")
    found = matches(sought, [other, part, same])

    assert [f.post.id for f in found] == [1, 2] and found[0].score == 1.0
    assert found[1].score >= FLOOR and found[1].score == pytest.approx(sum(r.value for r in found[1].reasons))
    assert {r.kind for r in found[1].reasons} == {"code", "mentions"}
    linked = matches(Sought(urls=("https://twitter.com/a/status/3",), text=LAWFUL), [other, part, same])
    assert [(f.post.id, f.is_by_link) for f in linked] == [(3, True)]


def test_a_post_far_from_its_window_is_not_suggested(noon):
    sought = Sought(text=LAWFUL, publish_from=date(2026, 7, 1), publish_until=date(2026, 7, 5))
    assert matches(sought, [seen(LAWFUL, noon)]) == []
    assert len(matches(sought, [seen(LAWFUL, noon + 17 * DAYS)])) == 1


def test_nothing_sought_is_nothing_found(noon):
    assert matches(Sought(), [seen("", noon), seen(LAWFUL, noon)]) == []


def test_what_is_seen_again_is_kept_when_it_changed_or_at_its_marks(noon):
    hour = timedelta(hours=1)
    assert seen_now(None, "", None, "a", noon, noon) is Seen.FIRST
    assert seen_now(Seen.FIRST, "a", noon, "b", noon, noon) is Seen.EDITED
    assert seen_now(Seen.FIRST, "a", noon, None, None, noon) is Seen.REMOVED
    assert seen_now(Seen.REMOVED, "", None, None, None, noon) is None
    assert seen_now(Seen.REMOVED, "", None, "a", noon, noon) is Seen.BACK
    assert seen_now(Seen.FIRST, "a", noon, "a", noon + hour / 2, noon) is None
    assert seen_now(Seen.FIRST, "a", noon, "a", noon + hour, noon) is Seen.SAME
    assert seen_now(Seen.SAME, "a", noon + hour, "a", noon + 3 * hour, noon) is None
    assert seen_now(Seen.SAME, "a", noon + hour, "a", noon + 25 * hour, noon) is Seen.SAME


# -- matching --------------------------------------------------------------------------------------------------------


def test_a_post_is_suggested_with_its_reasons_and_a_person_confirms_it(confirmed, approved, collaboration, ada, out):
    assert confirmed.score > 0.9 and {r["kind"] for r in confirmed.reasons} >= {"words", "code", "window"}
    assert (confirmed.standing, confirmed.member_id, confirmed.is_by_link) == ("confirmed", ada.member_id, False)
    assert Deliverable.objects.get(pk=approved.pk).state == "live"
    assert delivered(collaboration, out.date()).live == 1


def test_an_exact_link_confirms_by_itself_and_says_that_a_rule_did(approved, out, collaboration, ada):
    link, _, mona = creator_link(collaboration, ada, out)
    match = live.give_live_link(deliverable_id=approved.pk, url=URL, actor=mona, now=out, link=link)

    assert (match.standing, match.member_id, match.who) == ("confirmed", None, "exact link")
    assert Entry.objects.get(verb="campaigns.live_link_given").facts["match"] == match.pk


def test_a_link_given_before_the_catalogue_has_the_post_is_matched_when_it_comes(approved, ada, noon):
    assert live.give_live_link(deliverable_id=approved.pk, url=URL, actor=ada, now=noon) is None
    published(ada, noon + 8 * DAYS, "Nothing like the draft", at=noon + 7 * DAYS)

    assert live.match_live(campaign_id=approved.campaign_id, actor=ada, now=noon + 8 * DAYS) == {"confirmed": 1}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "instagram.com/p/1", "http://[", "https://a b/c\n", ""])
def test_what_is_no_address_is_refused(approved, ada, noon, url):
    with pytest.raises(live.LiveLinkMalformed):
        live.give_live_link(deliverable_id=approved.pk, url=url, actor=ada, now=noon)


def test_a_dismissed_post_is_not_suggested_again_and_a_confirmed_one_can_be_taken_back(confirmed, approved, ada, out):
    live.dismiss_match(match_id=confirmed.pk, actor=ada, now=out)

    assert Deliverable.objects.get(pk=approved.pk).state == "approved"
    assert live.match_live(campaign_id=approved.campaign_id, actor=ada, now=out) == {}
    with pytest.raises(live.LiveDecided):
        live.dismiss_match(match_id=confirmed.pk, actor=ada, now=out)


def test_one_post_is_one_deliverable_s(confirmed, collaboration, ada, out):
    other = asked(collaboration, ada, out, draft_due_on=None)
    live.match_live(campaign_id=other.campaign_id, actor=ada, now=out)

    assert not other.matches.exists()
    with pytest.raises(live.LiveDecided):
        live.confirm_match(match_id=confirmed.pk, actor=ada, now=out)


def test_a_post_without_an_approved_draft_is_suggested_and_nothing_says_it_is_as_approved(
    collaboration, ada, noon, out
):
    draft = drafted(asked(collaboration, ada, noon), ada, noon)
    live.match_live(campaign_id=collaboration.campaign_id, actor=ada, now=out)
    match = live.confirm_match(match_id=LiveMatch.objects.get().pk, actor=ada, now=out)

    assert match.evidence.get().is_as_approved is None
    assert delivered(collaboration, out.date()).approved_drafts == () and draft.number == 1


def test_strangers_and_readers_match_nothing(approved, out, dario, rita):
    with pytest.raises(NotFound):
        live.match_live(campaign_id=approved.campaign_id, actor=dario, now=out)
    with pytest.raises(NotAllowed):
        live.match_live(campaign_id=approved.campaign_id, actor=rita, now=out)
    assert live.watch_live(actor=dario, now=out) == {}


# -- evidence and watching -------------------------------------------------------------------------------------------


def test_evidence_keeps_words_raw_answer_hashes_time_and_what_the_packs_say(confirmed, out):
    evidence = confirmed.evidence.get()

    assert (evidence.seen, evidence.text, evidence.taken_at) == ("first", LAWFUL, out)
    assert b'"live1"' in zlib.decompress(bytes(evidence.raw)) and len(evidence.raw_sha256) == 64
    assert evidence.is_as_approved and "fr" in evidence.packs and evidence.verdict in ("pass", "info")
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        LiveEvidence.objects.update(words_sha256="0" * 64)


def test_an_edit_that_takes_the_label_away_is_seen_blocked_and_shown(confirmed, approved, ada, out):
    assert live.watch_live(actor=ada, now=out) == {}
    entries = Entry.objects.count()
    published(ada, out + DAYS, UNLAWFUL, at=out - DAYS)
    assert live.watch_live(actor=ada, now=out + DAYS) == {"edited": 1}
    evidence = confirmed.evidence.order_by("-pk").first()
    state = live_state(approved)

    assert evidence.verdict == "block" and not evidence.is_as_approved
    assert "Publicité" in "".join(p.text for p in state.changes if p.kind == "gone")
    assert Entry.objects.count() == entries + 2  # the ingest's and the watch's: nothing new is no entry
    assert live.watch_live(actor=ada, now=out + DAYS) == {}


def test_a_removed_post_is_noticed_once_and_so_is_its_return(confirmed, collaboration, ada, out):
    Post.objects.filter(pk=(confirmed.account_id, confirmed.post_id)).delete()
    assert live.watch_live(actor=ada, now=out + DAYS) == {"removed": 1}
    assert live.watch_live(actor=ada, now=out + DAYS) == {}
    assert delivered(collaboration, out.date()).gone == 1
    published(ada, out + 2 * DAYS, LAWFUL, at=out - DAYS)
    assert live.watch_live(actor=ada, now=out + 2 * DAYS) == {"back": 1}


def test_when_a_network_s_time_is_over_words_go_and_hashes_stay(approved, out, ada):
    RawAnswer.objects.update(refresh_by=out + DAYS)
    match = live.give_live_link(deliverable_id=approved.pk, url=URL, actor=ada, now=out)
    before = match.evidence.get()
    seen = live.watch_live(actor=ada, now=out + DAYS)
    after = match.evidence.get(pk=before.pk)

    assert seen["erased"] == 1 and after.erased_at is not None
    assert (after.text, after.raw) == ("", None)
    assert (after.words_sha256, after.raw_sha256, after.verdict) == (
        before.words_sha256,
        before.raw_sha256,
        before.verdict,
    )
    assert [f["rule"] for f in after.findings] == [f["rule"] for f in before.findings]
    assert not any(f["seen"] or f["at"] for f in after.findings)


def test_when_a_person_is_erased_or_a_post_removed_the_words_of_their_posts_go(confirmed, workspace, dario):
    assert forget_live(dario.workspace_id, [confirmed.account_id]) == {"liveevidence": 0}
    assert forget_live_posts(confirmed.account_id, [confirmed.post_id]) == {"liveevidence": 1}
    assert forget_live(workspace.pk, [confirmed.account_id]) == {"liveevidence": 0}
    confirmed.refresh_from_db()

    assert (confirmed.url, confirmed.reasons, confirmed.evidence.get().text) == ("", [], "")


def test_a_list_of_matches_is_a_campaign_s_own(confirmed, campaign):
    assert list_matches(campaign) == [confirmed]
