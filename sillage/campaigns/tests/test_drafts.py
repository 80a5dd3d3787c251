"""Deliverables, drafts and what is said of them: asked for, sent, checked, discussed, approved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from sillage.campaigns.actions import deliverables, drafts, reviewing, threads
from sillage.campaigns.actions.drafts import DraftUnchanged
from sillage.campaigns.actions.uploads import keep_file
from sillage.campaigns.engine.deliverables import DeliverableMalformed, deliverable_said, is_late
from sillage.campaigns.engine.text_diff import carried
from sillage.campaigns.models import Deliverable, Draft, DraftVerdict
from sillage.campaigns.queries.deliverables import approved_drafts, delivered, list_deliverables, list_templates
from sillage.campaigns.queries.drafts import last_check, list_for_review, threads_on
from sillage.campaigns.tests import files
from sillage.campaigns.tests.delivering import (
    GIVEN,
    LAWFUL,
    UNLAWFUL,
    asked,
    creator_link,
    drafted,
    noticed,
    opened,
    review_link,
)
from sillage.governance import actions as governance
from sillage.governance.actions.approval_rules import add_approval_rule
from sillage.governance.engine.actors import NotAllowed, Right, Role
from sillage.governance.engine.acts import Verdict
from sillage.governance.engine.links import Purpose
from sillage.governance.models import ApprovalRequest, Entry, Notice
from sillage.governance.queries import actor_of
from sillage.governance.queries.privacy import NoticeMissing
from sillage.lib.errors import NotFound, Refusal


@pytest.fixture
def deliverable(collaboration, ada, noon):
    return asked(collaboration, ada, noon)


@pytest.fixture
def draft(deliverable, ada, noon):
    return drafted(deliverable, ada, noon)


@pytest.fixture
def manager(ada, noon):
    member = governance.add_member(
        email="max@example.org", name="Max", role=Role.MANAGER, password=None, actor=ada, now=noon
    )
    return actor_of(member, member.person)


def state(row):
    return Deliverable.objects.get(pk=getattr(row, "deliverable_id", row.pk)).state


# -- deliverables ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"network": "myspace"}, "network"),
        ({"format": "opera"}, "format"),
        ({"say": "one sentence"}, "say"),
        ({"publish_from": "2026-07-02"}, "publish_until"),
        ({"draft_due_on": "2026-07-02"}, "draft_due_on"),
        ({"draft_due_on": "soon"}, "draft_due_on"),
        ({"facts": {"image.retouched": "perhaps"}}, "facts.image.retouched"),
        ({"facts": {"creator.religion": True}}, "facts.creator.religion"),
        ({"facts": {"sector.category": "weapons"}}, "facts.sector.category"),
        ({"consideration": "love"}, "consideration"),
    ],
)
def test_a_deliverable_that_cannot_be_read_names_its_field(change, place):
    with pytest.raises(DeliverableMalformed) as refused:
        deliverable_said(GIVEN | change, ("alcohol",))
    assert refused.value.place == place


def test_a_deliverable_is_late_for_its_draft_and_then_for_its_post():
    due, until = date(2026, 6, 20), date(2026, 6, 30)
    assert not is_late("awaited", due, until, due)
    assert is_late("awaited", due, until, due + timedelta(days=1)) and is_late("changes", due, until, until)
    assert not is_late("in_review", due, until, until + timedelta(days=9))
    assert is_late("approved", due, until, until + timedelta(days=1)) and not is_late("live", due, until, until)
    assert not is_late("awaited", None, None, until)


def test_templates_are_copied_to_many_collaborations_once(campaign, collaborations, ada, noon):
    made = [
        deliverables.add_deliverable(campaign_id=campaign.pk, given=GIVEN | {"name": n}, actor=ada, now=noon)
        for n in "ab"
    ]
    wanted = {
        "campaign_id": campaign.pk,
        "template_ids": [t.pk for t in made],
        "collaboration_ids": [c.pk for c in collaborations.values()],
    }

    assert deliverables.apply_templates(**wanted, actor=ada, now=noon) == 4
    assert deliverables.apply_templates(**wanted, actor=ada, now=noon) == 0
    assert [t.name for t in list_templates(campaign)] == ["a", "b"]
    assert len(list_deliverables(campaign, noon.date())) == 4


def test_templates_go_to_their_own_campaign_only(campaign, collaborations, ada, dario, noon):
    made = deliverables.add_deliverable(campaign_id=campaign.pk, given=GIVEN, actor=ada, now=noon)
    with pytest.raises(NotFound):
        deliverables.apply_templates(
            campaign_id=campaign.pk, template_ids=[made.pk], collaboration_ids=[10**6], actor=ada, now=noon
        )
    with pytest.raises(NotFound):
        deliverables.apply_templates(
            campaign_id=campaign.pk, template_ids=[made.pk], collaboration_ids=[], actor=dario, now=noon
        )


def test_two_who_change_a_deliverable_at_once_do_not_overwrite_each_other(deliverable, ada, bruno, noon):
    change = {"deliverable_id": deliverable.pk, "version": 1, "now": noon}
    deliverables.change_deliverable(**change, given=GIVEN | {"name": "Story"}, actor=ada)
    with pytest.raises(deliverables.DeliverableChanged):
        deliverables.change_deliverable(**change, given=GIVEN | {"name": "Reel"}, actor=bruno)
    assert Deliverable.objects.get(pk=deliverable.pk).name == "Story"


def test_a_deliverable_goes_as_long_as_no_draft_of_it_came(deliverable, collaboration, ada, noon):
    other = asked(collaboration, ada, noon)
    drafted(deliverable, ada, noon)
    deliverables.drop_deliverable(deliverable_id=other.pk, actor=ada, now=noon)
    with pytest.raises(deliverables.DeliverableHasDrafts):
        deliverables.drop_deliverable(deliverable_id=deliverable.pk, actor=ada, now=noon)


def test_readers_and_strangers_ask_for_nothing(collaboration, rita, dario, noon):
    with pytest.raises(NotAllowed):
        asked(collaboration, rita, noon)
    with pytest.raises(NotFound):
        asked(collaboration, dario, noon)


# -- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_that_comes_is_checked_and_in_review(draft, noon):
    check = last_check(draft)

    assert (draft.number, state(draft)) == (1, "in_review")
    assert "fr" in check.packs and check.verdict in ("pass", "info"), check.findings
    assert Entry.objects.get(verb="campaigns.draft_submitted").facts["version"] == 1


def test_a_draft_without_its_label_is_blocked_by_the_french_pack(deliverable, ada, noon):
    draft = drafted(deliverable, ada, noon, UNLAWFUL)
    blocking = [f["rule"] for f in last_check(draft).findings if f["verdict"] == "block"]

    assert "FR-DISC-01" in blocking
    with pytest.raises(reviewing.DraftBlocked) as refused:
        reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    assert "FR-DISC-01" in refused.value.message
    assert state(draft) == "in_review" and not ApprovalRequest.objects.exists()


def test_words_never_to_be_said_block_and_missing_ones_ask(deliverable, ada, noon):
    said = LAWFUL.replace("Code MONA10 pour -10 %.", "Un MIRACLE.")
    rules = {(r["kind"], r["verdict"]) for r in last_check(drafted(deliverable, ada, noon, said)).rules}

    assert {("never_say", "block"), ("code", "warn"), ("hashtag", "pass"), ("mention", "pass")} == rules


def test_facts_of_the_draft_stand_before_those_of_the_deliverable(deliverable, ada, noon):
    draft = drafted(deliverable, ada, noon, facts={"image.retouched": True, "image.depicts": ["face"]})
    assert "FR-IMG-01" in [f["rule"] for f in last_check(draft).findings if f["verdict"] == "block"]


def test_a_file_that_says_a_machine_made_it_is_taken_at_its_word(deliverable, ada, noon, workspace):
    from io import BytesIO

    file = keep_file(workspace.pk, "face.jpg", BytesIO(files.with_credentials()))
    draft = drafted(deliverable, ada, noon, files=[file], facts={"image.depicts": ["face"]})
    assert "FR-IMG-02" in [f["rule"] for f in last_check(draft).findings if f["verdict"] == "block"]


def test_versions_are_numbered_and_none_is_ever_changed(draft, deliverable, ada, noon):
    second = drafted(deliverable, ada, noon, LAWFUL + " ☀️")

    assert second.number == 2 and Draft.objects.get(pk=draft.pk).text == LAWFUL
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(text="something else")


def test_files_of_the_version_before_need_not_be_sent_again(deliverable, ada, noon, workspace):
    from io import BytesIO

    kept = [keep_file(workspace.pk, n, BytesIO(files.picture(size=(8, s)))) for n, s in (("a.jpg", 8), ("b.jpg", 9))]
    first = drafted(deliverable, ada, noon, files=kept)
    again = first.files.get(position=2)
    second = drafted(deliverable, ada, noon, LAWFUL + "!", again=[again.pk])

    assert [f.sha256 for f in second.files.all()] == [again.sha256] and first.files.count() == 2
    with pytest.raises(NotFound):
        drafted(deliverable, ada, noon, LAWFUL + "!!", again=[again.pk])


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": "  "}, drafts.DraftMalformed),
        ({"text": "x" * 20_001}, drafts.DraftMalformed),
        ({"text": LAWFUL}, drafts.DraftUnchanged),
        ({"text": "a", "facts": {"image.depicts": ["soul"]}}, DeliverableMalformed),
    ],
)
def test_a_draft_that_is_none_is_refused(draft, deliverable, ada, noon, more, refusal):
    with pytest.raises(refusal):
        drafts.submit_draft(deliverable_id=deliverable.pk, actor=ada, now=noon, **more)
    assert deliverable.drafts.count() == 1


def test_a_creator_s_link_sends_drafts_of_its_collaboration_and_of_no_other(collaborations, ada, noon):
    mine, other = (asked(c, ada, noon) for c in collaborations.values())
    link, _, mona = creator_link(collaborations["mona"], ada, noon)
    sent = drafted(mine, mona, noon, link=link)

    assert sent.link == link and sent.member_id is None
    with pytest.raises(NotFound):
        drafted(other, mona, noon, link=link)
    with pytest.raises(NotAllowed):
        drafted(mine, mona, noon, LAWFUL + "!")
    review, _, client = review_link(collaborations["mona"], ada, noon)
    with pytest.raises(NotFound):
        drafted(mine, client, noon, LAWFUL + "!", link=review)


def test_a_stranger_s_draft_is_not_found(draft, deliverable, dario, rita, noon):
    with pytest.raises(NotFound):
        drafted(deliverable, dario, noon)
    with pytest.raises(NotFound):
        reviewing.ask_changes(draft_id=draft.pk, reason="no", actor=dario, now=noon)
    with pytest.raises(NotAllowed):
        drafted(deliverable, rita, noon)


# -- threads ---------------------------------------------------------------------------------------------------------


def test_a_passage_is_carried_to_where_its_words_stand_next():
    old, new = "Mes tomates me dépassent, vraiment.", "Publicité. Mes belles tomates me dépassent, vraiment."
    starts = old.index("tomates")
    at = carried(old, new, starts, starts + len("tomates me dépassent"))

    assert new[slice(*at)] == "tomates me dépassent"
    assert carried(old, new, 0, 11) is None, "a word came into it"


def test_both_sides_speak_about_the_exact_words_and_the_thread_goes_along(draft, deliverable, collaboration, ada, noon):
    link, _, mona = creator_link(collaboration, ada, noon)
    starts = draft.text.index("trois semaines")
    thread = threads.open_thread(
        draft_id=draft.pk, text="Vraiment ?", starts=starts, ends=starts + 14, actor=ada, now=noon
    )
    gone = threads.open_thread(draft_id=draft.pk, text="Trop.", starts=0, ends=9, actor=ada, now=noon)
    threads.answer_thread(thread_id=thread.pk, text="Oui !", actor=mona, now=noon, link=link)
    second = drafted(deliverable, ada, noon, "Pub " + LAWFUL.removeprefix("Publicité"))
    standing = {s.thread.pk: s for s in threads_on(second)}

    assert second.text[slice(*standing[thread.pk].at)] == "trois semaines" == thread.quote
    assert [(r.side, r.text) for r in standing[thread.pk].remarks] == [("team", "Vraiment ?"), ("creator", "Oui !")]
    assert standing[gone.pk].is_gone and standing[gone.pk].thread.draft_id == draft.pk


def test_a_thread_is_settled_once_and_open_again_with_the_next_word(draft, ada, bruno, noon):
    thread = threads.open_thread(draft_id=draft.pk, text="Why?", actor=ada, now=noon)
    threads.resolve_thread(thread_id=thread.pk, actor=bruno, now=noon)
    with pytest.raises(threads.ThreadSettled):
        threads.resolve_thread(thread_id=thread.pk, actor=ada, now=noon)
    assert threads.answer_thread(thread_id=thread.pk, text="Still.", actor=ada, now=noon).resolved_at is None


@pytest.mark.parametrize("place", [(5, None), (5, 5), (-1, 3), (0, 10_000)])
def test_words_that_do_not_stand_in_the_draft_cannot_be_marked(draft, ada, noon, place):
    with pytest.raises(threads.RemarkMalformed):
        threads.open_thread(draft_id=draft.pk, text="?", starts=place[0], ends=place[1], actor=ada, now=noon)


# -- yes, no, not yet ------------------------------------------------------------------------------------------------


def test_an_approval_binds_the_words_and_lets_them_be_published(draft, collaboration, ada, noon):
    reviewing.approve_draft(draft_id=draft.pk, reason="Good.", actor=ada, now=noon)
    request = ApprovalRequest.objects.get()

    assert state(draft) == "approved" and request.used_at == noon
    assert (request.verb, request.content["text"]) == ("campaigns.publish", LAWFUL)
    assert approved_drafts(collaboration) == [draft.pk]
    assert delivered(collaboration, noon.date()).approved == 1


def test_two_people_approve_where_the_rules_say_so(draft, ada, noon, manager):
    add_approval_rule(
        verb="campaigns.publish",
        roles=(),
        members=(),
        up_to=None,
        two_from=None,
        always_two=True,
        currency="",
        actor=ada,
        now=noon,
    )
    reviewing.approve_draft(draft_id=draft.pk, reason="Good.", actor=ada, now=noon)
    assert state(draft) == "in_review"
    with pytest.raises(governance.NotAwaited):
        reviewing.approve_draft(draft_id=draft.pk, reason="Again.", actor=ada, now=noon)
    reviewing.approve_draft(draft_id=draft.pk, reason="Yes.", actor=manager, now=noon)

    assert state(draft) == "approved" and DraftVerdict.objects.filter(word="approved").count() == 2


def test_an_analyst_puts_forward_and_does_not_approve(draft, ada, bruno, noon):
    with pytest.raises(NotAllowed):
        reviewing.approve_draft(draft_id=draft.pk, reason="", actor=bruno, now=noon)
    with pytest.raises(governance.ApprovalMissing):
        reviewing.release_draft(draft_id=draft.pk, actor=bruno, now=noon)
    request = reviewing.ask_draft_approval(draft_id=draft.pk, actor=bruno, now=noon)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=noon)
    reviewing.release_draft(draft_id=draft.pk, actor=bruno, now=noon)

    assert state(draft) == "approved"


def test_an_approval_of_one_version_is_none_of_the_next(draft, deliverable, ada, bruno, noon):
    request = reviewing.ask_draft_approval(draft_id=draft.pk, actor=bruno, now=noon)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=noon)
    second = drafted(deliverable, bruno, noon, LAWFUL + " Et voilà.")

    with pytest.raises(reviewing.DraftSuperseded):
        reviewing.release_draft(draft_id=draft.pk, actor=bruno, now=noon)
    with pytest.raises(governance.ApprovalMissing):
        reviewing.release_draft(draft_id=second.pk, actor=bruno, now=noon)
    assert state(draft) == "in_review"


def test_a_rule_that_asks_needs_the_approver_s_reason(collaboration, ada, noon):
    draft = drafted(asked(collaboration, ada, noon, say=["sans engrais"]), ada, noon)
    with pytest.raises(reviewing.ReviewReasonMissing):
        reviewing.approve_draft(draft_id=draft.pk, reason=" ", actor=ada, now=noon)
    reviewing.approve_draft(draft_id=draft.pk, reason="Said in the film.", actor=ada, now=noon)
    assert state(draft) == "approved"


def test_changes_are_asked_for_with_a_reason_and_take_an_approval_back(draft, collaboration, ada, bruno, noon):
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    with pytest.raises(reviewing.ReviewReasonMissing):
        reviewing.ask_changes(draft_id=draft.pk, reason="", actor=bruno, now=noon)
    reviewing.ask_changes(draft_id=draft.pk, reason="The code changed.", actor=bruno, now=noon)

    assert state(draft) == "changes" and approved_drafts(collaboration) == []


def test_after_a_no_no_draft_is_awaited_until_changes_are_asked_for(draft, deliverable, ada, noon):
    reviewing.refuse_draft(draft_id=draft.pk, reason="Off brand.", actor=ada, now=noon)
    with pytest.raises(drafts.DraftNotAwaited):
        drafted(deliverable, ada, noon, "other")
    reviewing.ask_changes(draft_id=draft.pk, reason="Try again.", actor=ada, now=noon)
    assert drafted(deliverable, ada, noon, "other").number == 2


# -- the brand's client ----------------------------------------------------------------------------------------------


@pytest.fixture
def for_client(collaboration, ada, noon):
    noticed(collaboration, noon)
    return drafted(asked(collaboration, ada, noon, needs_client=True), ada, noon)


def test_nobody_is_shown_to_a_client_before_they_were_told(collaboration, ada, noon):
    draft = drafted(asked(collaboration, ada, noon, needs_client=True), ada, noon)
    with pytest.raises(NoticeMissing, match="Mona was not told yet"):
        reviewing.ask_client(draft_id=draft.pk, actor=ada, now=noon)
    assert not ApprovalRequest.objects.exists()
    noticed(collaboration, noon)
    reviewing.ask_client(draft_id=draft.pk, actor=ada, now=noon)
    assert Notice.objects.get().shown_at == noon


def test_a_client_sees_what_was_put_before_them_and_nothing_else(for_client, draft, collaboration, ada, noon):
    link, _, _ = review_link(collaboration, ada, noon)
    assert list_for_review(link, noon) == []
    reviewing.ask_client(draft_id=for_client.pk, actor=ada, now=noon)

    assert [one.draft for one in list_for_review(link, noon)] == [for_client]
    wrong, _, _ = opened(Purpose.REVIEW, "collaboration", collaboration.pk, ada, noon)
    assert list_for_review(wrong, noon) == []


def test_a_draft_for_a_client_is_published_with_their_word_and_a_member_s(for_client, collaboration, ada, noon):
    link, _, client = review_link(collaboration, ada, noon)
    reviewing.approve_draft(draft_id=for_client.pk, reason="", actor=ada, now=noon)
    assert state(for_client) == "in_review"
    with pytest.raises(reviewing.ClientNotAsked):
        reviewing.release_draft(draft_id=for_client.pk, actor=ada, now=noon)
    request = reviewing.ask_client(draft_id=for_client.pk, actor=ada, now=noon)
    reviewing.review_as_client(
        draft_id=for_client.pk,
        verdict=Verdict.APPROVED,
        person_name="Léa",
        reason="",
        link=link,
        actor=client,
        now=noon,
    )
    reviewing.release_draft(draft_id=for_client.pk, actor=ada, now=noon)

    assert state(for_client) == "approved"
    assert request.approvals.get().link_id == link.pk
    assert ApprovalRequest.objects.filter(used_at=noon).count() == 2


def test_a_member_s_word_in_the_client_s_stead_does_not_count(for_client, ada, noon):
    request = reviewing.ask_client(draft_id=for_client.pk, actor=ada, now=noon)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=noon)
    reviewing.approve_draft(draft_id=for_client.pk, reason="", actor=ada, now=noon)

    assert state(for_client) == "in_review"


def test_a_client_s_thread_is_theirs_and_the_creator_s_is_not(for_client, collaboration, ada, noon):
    link, _, client = review_link(collaboration, ada, noon)
    reviewing.ask_client(draft_id=for_client.pk, actor=ada, now=noon)
    private = threads.open_thread(draft_id=for_client.pk, text="Between us.", actor=ada, now=noon)
    threads.open_thread(draft_id=for_client.pk, text="Nice.", actor=client, now=noon, link=link)

    assert [s.remarks[0].text for s in threads_on(for_client, for_client=True)] == ["Nice."]
    with pytest.raises(NotFound):
        threads.answer_thread(thread_id=private.pk, text="?", actor=client, now=noon, link=link)
    assert client.rights == frozenset({Right.LINK})


# -- at once ---------------------------------------------------------------------------------------------------------


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each says when they begin together, each on a connection of its own; a refusal is an answer."""
    start = Barrier(len(doings))

    def done(doing: Callable[[], object]) -> object:
        try:
            start.wait()
            return doing()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(done, doings))


@pytest.mark.django_db(transaction=True)
def test_two_drafts_that_come_at_once_are_both_kept_with_numbers_of_their_own(collaboration, ada, bruno, noon):
    deliverable = asked(collaboration, ada, noon)
    answers = at_once(
        lambda: drafted(deliverable, ada, noon, "Publicité. Two boxes."),
        lambda: drafted(deliverable, bruno, noon, "Publicité. Three boxes."),
    )
    assert not [one for one in answers if isinstance(one, Refusal)]
    assert sorted(deliverable.drafts.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_words_at_once_one_is_told(collaboration, ada, bruno, noon):
    deliverable = asked(collaboration, ada, noon)
    answers = at_once(lambda: drafted(deliverable, ada, noon), lambda: drafted(deliverable, bruno, noon))
    assert [type(one) for one in answers if isinstance(one, Refusal)] == [DraftUnchanged]
    assert deliverable.drafts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_yes_and_no_at_once_one_stands_and_the_other_is_told(collaboration, ada, bruno, noon):
    draft = drafted(asked(collaboration, ada, noon), ada, noon)
    answers = at_once(
        lambda: reviewing.refuse_draft(draft_id=draft.pk, reason="Too long.", actor=ada, now=noon),
        lambda: reviewing.refuse_draft(draft_id=draft.pk, reason="Too short.", actor=bruno, now=noon),
    )
    assert len([one for one in answers if isinstance(one, Refusal)]) == 1
    assert draft.verdicts.count() == 1
