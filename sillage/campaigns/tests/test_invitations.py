"""First contacts: a letter with what it has to carry, approved word for word, released once, never sent twice silently."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from sillage.adapters.mail import Envelope, MaybeSent
from sillage.campaigns.actions import inviting, releasing, settling
from sillage.campaigns.actions.inviting import InvitationChanged, InvitationRefused, Wanted
from sillage.campaigns.actions.moving import MoveRefused, move_collaboration
from sillage.campaigns.actions.releasing import Addresses, MailNotConfigured
from sillage.campaigns.engine.invitations import (
    LINK,
    OWN_PAGE,
    About,
    Formality,
    InvitationState,
    LetterMalformed,
    assembled,
    excerpt,
    message_id,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration, Invitation, Move
from sillage.campaigns.queries.invitations import (
    STUCK_AFTER,
    asked_for,
    contacts_of,
    letter_of,
    list_invitable,
    list_stuck,
    released_text,
)
from sillage.catalogue.actions.forgetting import forget
from sillage.discovery import actions as discovery
from sillage.governance import actions as governance
from sillage.governance.actions.using_approvals import ApprovalMissing, ApprovalStale, ApprovalUsed
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.acts import Standing, Verdict
from sillage.governance.models import Entry, Link, Notice, Restriction
from sillage.governance.queries.privacy import ControllerUnknown
from sillage.lib.errors import NotFound, OutsideError
from sillage.lib.sentences import Language, Sentence, speak

ABOUT = About(
    creator="Mona {brand}",
    handle="mona",
    network="Instagram",
    sender="Ada",
    brand="Terre Vive",
    campaign="Le printemps {sender}",
    text="Un compost qui sent bon. " * 60,
    starts_on=date(2026, 6, 1),
    ends_on=date(2026, 7, 31),
)
PAGES = Addresses("https://sillage.example/l/{secret}/", "https://sillage.example/l/{secret}/me/")


# -- the letter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("formality", list(Formality))
def test_a_letter_says_who_writes_why_for_whom_and_where_to_answer(language, formality):
    subject, body = assembled(language, formality, ABOUT)

    for said in ("Mona", "Ada", "Terre Vive", "@mona", "Instagram", "Un compost qui sent bon.", LINK):
        assert said in body
    assert "Terre Vive" in subject and "\n" not in subject and body.count(LINK) == 1
    assert "Mona {brand}" in body and "Le printemps {sender}" in body, "what people wrote is never filled in"
    assert ("01/06/2026" if language == "fr" else "1 June 2026") in body


def test_tu_and_vous_are_not_mixed():
    formal, familiar = (assembled("fr", formality, ABOUT)[1] for formality in (Formality.VOUS, Formality.TU))

    assert "votre compte" in formal and not {" ton ", " tu ", " t’"} & {
        w for w in (" ton ", " tu ", " t’") if w in formal
    }
    assert "ton compte" in familiar and " vous" not in familiar and "votre" not in familiar


def test_what_is_not_known_leaves_no_gap():
    bare = About("Mona", "mona", "Instagram", "Ada", "Terre Vive", "Spring")
    _, body = assembled("en", Formality.VOUS, bare)

    assert "\n\n\n" not in body and "{" not in body and "campaign runs" not in body


def test_a_sentence_of_the_person_who_writes_takes_the_place_of_ours():
    _, body = assembled("en", Formality.TU, About("M", "m", "X", "Ada", "B", "C", why="I loved your film on worms."))

    assert "I loved your film on worms." in body and "fits what we" not in body


def test_a_long_text_is_cut_at_a_sentence_or_a_word():
    assert excerpt("One. Two. Three is long.", 12) == "One. Two."
    assert excerpt("word " * 50, 20) == "word word word…"
    assert excerpt(" short\n text ", 20) == "short text"


# -- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def controller(ada, noon):
    return governance.name_controller(
        given={"name": "Terre Vive SAS", "email": "privacy@terrevive.example"}, actor=ada, now=noon
    )


@pytest.fixture
def letter(controller, collaboration, ada, noon) -> Invitation:
    """Ada's draft to Mona."""
    return inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("en"), actor=ada, now=noon)


def test_a_draft_carries_the_notice_the_right_to_object_and_no_secret(letter):
    assert "Terre Vive SAS" in letter.notice and "privacy@terrevive.example" in letter.notice
    assert letter.notice.startswith("You may object at any time") and OWN_PAGE in letter.notice
    assert "Hello" not in letter.notice and "Mona" not in letter.notice.splitlines()[3], "it was greeted before"
    assert LINK in letter.body and "https://" not in letter.body + letter.notice
    assert letter.assembled_from == "en vous 2026.1" and letter.edited_at is None
    assert not Link.objects.exists()


def test_without_somebody_who_answers_for_the_data_nobody_is_written_to(collaboration, ada, noon):
    with pytest.raises(ControllerUnknown):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=ada, now=noon)


def test_nobody_is_written_to_twice_at_once(letter, collaboration, ada, noon):
    with pytest.raises(InvitationRefused, match="already"):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=ada, now=noon)


def test_whoever_objected_is_not_written_to(controller, collaboration, ada, noon):
    Restriction.objects.create(
        workspace_id=ada.workspace_id,
        subject_kind="creator",
        subject_id=str(collaboration.creator_id),
        kind="objection",
        set_at=noon,
    )
    with pytest.raises(MoveRefused, match="not to be contacted"):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=ada, now=noon)


def test_whoever_was_erased_or_stands_on_a_list_is_not_written_to(controller, collaborations, ada, noon):
    mona, noe = collaborations["mona"], collaborations["noe"]
    discovery.exclude(name="never", account_ids=[noe.account_id], actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="never"):
        inviting.write_invitation(collaboration_id=noe.pk, wanted=Wanted(), actor=ada, now=noon)
    forget(key="instagram:mona", actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="erased"):
        inviting.write_invitation(collaboration_id=mona.pk, wanted=Wanted(), actor=ada, now=noon)


def test_a_first_contact_is_for_those_who_were_not_agreed_with(controller, collaboration, ada, noon):
    for stage in (Stage.CONTACTED, Stage.NEGOTIATING):
        move_collaboration(collaboration_id=collaboration.pk, to=stage, actor=ada, now=noon)
    with pytest.raises(InvitationRefused, match="negotiating"):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=ada, now=noon)


def test_a_reader_writes_to_nobody_and_dario_finds_nothing(letter, collaboration, rita, dario, noon):
    with pytest.raises(NotAllowed):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=rita, now=noon)
    with pytest.raises(NotFound):
        inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted(), actor=dario, now=noon)
    for act in (inviting.drop_invitation, inviting.ask_for_invitation, settling.confirm_invitation):
        with pytest.raises(NotFound):
            act(invitation_id=letter.pk, actor=dario, now=noon)
    with pytest.raises(NotFound):
        releasing.release_invitation(invitation_id=letter.pk, addresses=PAGES, actor=dario, now=noon)


def test_a_letter_needs_the_link_once_and_an_address_that_is_one(letter, ada, noon):
    for wrong in (
        {"body": "Hello"},
        {"body": f"{LINK} {LINK}"},
        {"body": LINK + "x" * 10_000},
        {"address": "nobody"},
        {"address": "a@example.org\nBcc: b@example.org"},
        {"channel": "pigeon"},
        {"address_from": "scraped"},
        {"notice": "none"},
    ):
        with pytest.raises(LetterMalformed):
            inviting.change_invitation(invitation_id=letter.pk, given=wrong, actor=ada, now=noon)
            inviting.ask_for_invitation(invitation_id=letter.pk, actor=ada, now=noon)


def test_an_email_says_where_the_address_comes_from(letter, ada, noon):
    given = {"channel": "email", "address": "mona@example.org"}
    inviting.change_invitation(invitation_id=letter.pk, given=given, actor=ada, now=noon)
    with pytest.raises(LetterMalformed, match="where the address comes from"):
        inviting.ask_for_invitation(invitation_id=letter.pk, actor=ada, now=noon)


def test_a_subject_stays_one_line(letter, ada, noon):
    changed = inviting.change_invitation(
        invitation_id=letter.pk, given={"subject": "Hello\r\nBcc: x@example.org"}, actor=ada, now=noon
    )
    assert changed.subject == "Hello Bcc: x@example.org"


def test_who_changes_an_old_version_is_told(letter, ada, bruno, noon):
    body = f"Hello, {LINK}"
    inviting.change_invitation(invitation_id=letter.pk, given={"body": body}, version=1, actor=ada, now=noon)
    with pytest.raises(InvitationChanged, match="meanwhile"):
        inviting.change_invitation(invitation_id=letter.pk, given={"body": body}, version=1, actor=bruno, now=noon)


def test_a_colleague_who_wrote_lately_is_shown_before(controller, campaign, collaborations, accounts, bruno, ada, noon):
    from sillage.campaigns.actions.campaigns import open_campaign
    from sillage.campaigns.actions.collaborations import add_collaborations
    from sillage.campaigns.tests.conftest import GIVEN

    other = open_campaign(given=GIVEN | {"name": "Autumn"}, actor=bruno, now=noon)
    (theirs,) = add_collaborations(campaign_id=other.pk, accounts=[accounts["mona"].pk], actor=bruno, now=noon)
    move_collaboration(collaboration_id=theirs.pk, to=Stage.CONTACTED, actor=bruno, now=noon)

    found = contacts_of(list_invitable(campaign), noon)

    assert [c.about["campaign"] for c in found[collaborations["mona"].pk]] == ["Autumn"]
    assert found[collaborations["noe"].pk] == []


# -- approval and release --------------------------------------------------------------------------------------------


def approved(invitation, actor, now):
    request = inviting.ask_for_invitation(invitation_id=invitation.pk, actor=actor, now=now)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=actor, now=now)
    return request


def release(invitation, actor, now) -> Invitation:
    return releasing.release_invitation(invitation_id=invitation.pk, addresses=PAGES, actor=actor, now=now)


def test_nothing_is_released_without_an_approval_of_exactly_these_words(letter, ada, noon):
    with pytest.raises(ApprovalMissing):
        release(letter, ada, noon)
    approved(letter, ada, noon)
    inviting.change_invitation(
        invitation_id=letter.pk, given={"body": letter.body + "\nP.S. More."}, actor=ada, now=noon
    )
    with pytest.raises(ApprovalStale):
        release(letter, ada, noon)
    letter.refresh_from_db()
    assert asked_for(letter.workspace_id, releasing.act_of_letter(letter_of(letter)), noon).is_stale
    assert (letter.state, Link.objects.count()) == ("draft", 0)


def test_what_the_approval_shows_is_what_will_be_said(letter, ada, noon):
    request = inviting.ask_for_invitation(invitation_id=letter.pk, actor=ada, now=noon)

    assert (request.verb, request.subject_kind, request.recipients) == (
        "campaigns.invite",
        "collaboration",
        ["instagram:mona"],
    )
    assert (request.content["body"], request.content["notice"]) == (letter.body, letter.notice)
    assert request.content["channel"] == "by_hand"


def test_by_hand_the_letter_is_copied_and_a_person_says_that_it_was_sent(letter, collaboration, ada, noon):
    approved(letter, ada, noon)
    released = release(letter, ada, noon)
    text = released_text(released)

    assert released.state == InvitationState.RELEASED and LINK not in text and OWN_PAGE not in text
    assert text.count("https://sillage.example/l/") >= 2 and "Terre Vive SAS" in text
    secret = text.split("/l/")[1].split("/")[0]
    assert secret.encode() not in bytes(released.sealed_text)
    assert {link.purpose for link in released.links.all()} == {"collaboration", "creator"}
    collaboration.refresh_from_db()
    assert collaboration.stage == Stage.SHORTLISTED, "released is not sent"

    done = settling.confirm_invitation(invitation_id=letter.pk, actor=ada, now=noon)
    collaboration.refresh_from_db()
    assert (done.state, done.sealed_text, collaboration.stage) == ("sent", None, Stage.CONTACTED)
    notice = Notice.objects.get(subject_id=str(collaboration.creator_id))
    assert (notice.contacted_at, notice.sent_at, notice.language) == (noon, noon, "en")
    assert Move.objects.get().who == ada.name
    entry = Entry.objects.get(verb="campaigns.invitation_released")
    assert {"approval", "digest"} <= entry.facts.keys() and "Mona" not in str(entry.facts)


def test_an_approval_releases_once(letter, ada, noon):
    approved(letter, ada, noon)
    release(letter, ada, noon)
    with pytest.raises(InvitationChanged):
        release(letter, ada, noon)
    Invitation.objects.update(state="draft")  # as if somebody had turned the row back
    with pytest.raises(ApprovalUsed):
        release(letter, ada, noon)


def test_whoever_objects_after_the_approval_is_not_written_to(letter, collaboration, ada, noon):
    approved(letter, ada, noon)
    Restriction.objects.create(
        workspace_id=ada.workspace_id,
        subject_kind="creator",
        subject_id=str(collaboration.creator_id),
        kind="objection",
        set_at=noon,
    )
    with pytest.raises(MoveRefused):
        release(letter, ada, noon)


def test_a_letter_that_is_given_up_closes_its_links(letter, ada, noon):
    approved(letter, ada, noon)
    release(letter, ada, noon)
    inviting.drop_invitation(invitation_id=letter.pk, actor=ada, now=noon)
    letter.refresh_from_db()

    assert (letter.state, released_text(letter)) == ("dropped", "")
    assert not letter.links.filter(revoked_at=None).exists()
    with pytest.raises(InvitationChanged):
        settling.confirm_invitation(invitation_id=letter.pk, actor=ada, now=noon)


def test_an_erased_creator_s_letters_are_emptied(letter, ada, noon):
    forget(key="instagram:mona", actor=ada, now=noon)
    letter.refresh_from_db()

    assert (letter.state, letter.body, letter.notice, letter.subject) == ("dropped", "", "", "")


# -- e-mail ----------------------------------------------------------------------------------------------------------


class Server:
    """A mail server that answers what the script says; at its end it takes everything."""

    def __init__(self, *script: OutsideError | None) -> None:
        self.script = list(script)
        self.came: list[Envelope] = []

    def send(self, envelope: Envelope) -> None:
        self.came.append(envelope)
        failed = self.script.pop(0) if self.script else None
        if failed is not None:
            raise failed


@pytest.fixture
def mail(settings):
    from pydantic import SecretStr

    settings.SILLAGE = settings.SILLAGE.model_copy(
        update={"mail_url": SecretStr("smtp://127.0.0.1:1"), "mail_from": "Terre Vive <hello@terrevive.example>"}
    )


@pytest.fixture
def by_mail(mail, letter, ada, noon) -> Invitation:
    """Mona's letter, approved and released, to go by e-mail."""
    given = {"channel": "email", "address": "mona@example.org", "address_from": "given"}
    inviting.change_invitation(invitation_id=letter.pk, given=given, actor=ada, now=noon)
    approved(letter, ada, noon)
    return release(letter, ada, noon)


def send(server, at, **more):
    return releasing.send_released(sender=server, clock=lambda: at, **more)


def test_an_email_goes_out_with_the_creator_s_own_links(by_mail, collaboration, ada, noon):
    server = Server()
    assert send(server, noon)["sent"] == 1

    (envelope,) = server.came
    assert (envelope.to, envelope.subject, envelope.reply_to) == ("mona@example.org", by_mail.subject, ada.name)
    assert "/l/" in envelope.text and LINK not in envelope.text
    assert envelope.message_id.endswith("@terrevive.example>")
    collaboration.refresh_from_db()
    by_mail.refresh_from_db()
    assert (by_mail.state, by_mail.sealed_text, collaboration.stage) == ("sent", None, "contacted")
    assert Entry.objects.get(verb="campaigns.invitation_sent").actor_kind == "automation"
    assert send(server, noon)["sent"] == 0 and len(server.came) == 1


def test_without_a_mail_server_no_email_is_released(letter, ada, noon):
    given = {"channel": "email", "address": "mona@example.org", "address_from": "given"}
    inviting.change_invitation(invitation_id=letter.pk, given=given, actor=ada, now=noon)
    request = approved(letter, ada, noon)
    with pytest.raises(MailNotConfigured):
        release(letter, ada, noon)
    request.refresh_from_db()
    assert request.used_at is None


def test_a_busy_server_gets_the_letter_again_later_and_a_refusal_is_final(by_mail, collaboration, noon):
    busy = OutsideError("The mail server x did not take the letter: 450 busy.", permanent=False)
    refusing = OutsideError("The mail server x did not take the letter: 550 no such mailbox.", permanent=True)
    server = Server(busy, refusing)

    assert send(server, noon)["later"] == 1
    assert send(server, noon + timedelta(minutes=5)) == dict.fromkeys(
        ("sent", "failed", "later", "unknown", "left_out"), 0
    )
    assert send(server, noon + timedelta(minutes=11))["failed"] == 1
    by_mail.refresh_from_db()
    collaboration.refresh_from_db()
    assert (by_mail.state, by_mail.attempts, by_mail.failure) == ("failed", 2, refusing.message)
    assert collaboration.stage == "shortlisted" and Entry.objects.filter(verb="campaigns.invitation_failed").exists()
    assert server.came[0].message_id == server.came[1].message_id


def test_a_server_that_broke_off_leaves_the_letter_for_a_person(by_mail, ada, noon):
    server = Server(MaybeSent("The mail server x broke off after it had the letter."))
    assert send(server, noon)["unknown"] == 1
    by_mail.refresh_from_db()

    assert by_mail.state == "sending" and "broke off" in by_mail.failure
    assert send(server, noon + timedelta(days=1))["sent"] == 0 and len(server.came) == 1
    assert list_stuck(ada.workspace_id, noon + STUCK_AFTER) == [by_mail]


def killed(at):
    """What kill -9 between handing over and writing it down leaves."""
    return releasing.begin_sending(now=at, after=0, workspace_id=None, invitation_ids=None)


def test_killed_while_sending_it_is_never_repeated_unasked(by_mail, collaboration, ada, noon):
    killed(noon)
    server = Server()
    assert send(server, noon + timedelta(days=1))["sent"] == 0 and server.came == []

    settling.resume_invitation(invitation_id=by_mail.pk, went_out=True, actor=ada, now=noon)
    collaboration.refresh_from_db()
    by_mail.refresh_from_db()
    assert (by_mail.state, collaboration.stage, server.came) == ("sent", "contacted", [])


def test_handed_over_again_on_request_it_carries_the_same_message_id(by_mail, ada, noon):
    killed(noon)
    settling.resume_invitation(invitation_id=by_mail.pk, went_out=False, actor=ada, now=noon)
    server = Server()

    assert send(server, noon, invitation_ids=[by_mail.pk])["sent"] == 1
    assert server.came[0].message_id == by_mail.message_id
    with pytest.raises(InvitationChanged):
        settling.resume_invitation(invitation_id=by_mail.pk, went_out=False, actor=ada, now=noon)


def test_a_message_id_is_the_letter_s_own(by_mail):
    letter = letter_of(by_mail)
    ids = {message_id(n, slug, letter, "x.example") for n in (1, 2) for slug in ("harbour", "elsewhere")}

    assert len(ids) == 4 and message_id(1, "harbour", letter, "x.example") in ids


def test_whoever_objects_between_release_and_sending_is_left_out(by_mail, collaboration, ada, noon):
    Restriction.objects.create(
        workspace_id=ada.workspace_id,
        subject_kind="creator",
        subject_id=str(collaboration.creator_id),
        kind="objection",
        set_at=noon,
    )
    server = Server()
    assert send(server, noon)["left_out"] == 1 and server.came == []
    by_mail.refresh_from_db()
    assert by_mail.state == "dropped" and "not to be contacted" in by_mail.failure


def test_a_letter_of_another_workspace_is_not_sent(by_mail, dario, noon):
    server = Server()
    send(server, noon, workspace_id=dario.workspace_id)

    assert server.came == []


# -- many at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(controller, campaign, collaborations, ada, noon):
    ids = [row.pk for row in collaborations.values()]
    return inviting.plan_invitations(
        campaign_id=campaign.pk, collaborations=ids, wanted=Wanted("fr"), actor=ada, now=noon
    )


def approve_plan(plan, actor, now):
    request = inviting.ask_for_plan(plan_id=plan.pk, actor=actor, now=now)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=actor, now=now)
    return request


def test_one_approval_lets_a_whole_list_go(planned, ada, noon):
    plan, written = planned
    assert [one.refusal for one in written] == [None, None]
    request = approve_plan(plan, ada, noon)
    assert sorted(request.recipients) == ["instagram:mona", "instagram:noe"] and len(request.content["letters"]) == 2

    outcomes = releasing.release_plan(plan_id=plan.pk, addresses=PAGES, actor=ada, now=noon)
    texts = [released_text(one.invitation) for one in outcomes]
    assert {one.invitation.state for one in outcomes} == {"released"} and len(set(texts)) == 2
    with pytest.raises(InvitationChanged):
        releasing.release_plan(plan_id=plan.pk, addresses=PAGES, actor=ada, now=noon)


def test_another_word_to_anybody_is_another_list(planned, ada, noon):
    plan, written = planned
    approve_plan(plan, ada, noon)
    first = written[0].invitation
    inviting.change_invitation(invitation_id=first.pk, given={"body": f"Autre chose {LINK}"}, actor=ada, now=noon)
    with pytest.raises(ApprovalStale):
        releasing.release_plan(plan_id=plan.pk, addresses=PAGES, actor=ada, now=noon)
    with pytest.raises(ApprovalMissing):
        release(first, ada, noon)


def test_a_plan_s_approval_lets_no_single_letter_go(planned, ada, noon):
    plan, written = planned
    approve_plan(plan, ada, noon)
    with pytest.raises(ApprovalMissing):
        release(written[0].invitation, ada, noon)


def test_each_of_many_says_what_became_of_it(controller, campaign, collaborations, ada, noon):
    discovery.exclude(name="never", account_ids=[collaborations["noe"].account_id], actor=ada, now=noon)
    ids = [row.pk for row in collaborations.values()]
    plan, written = inviting.plan_invitations(
        campaign_id=campaign.pk, collaborations=ids, wanted=Wanted(), actor=ada, now=noon
    )
    by_name = {one.collaboration.handle: one for one in written}
    assert by_name["mona"].refusal is None and "never" in by_name["noe"].refusal.message

    approve_plan(plan, ada, noon)
    discovery.exclude(name="also", account_ids=[collaborations["mona"].account_id], actor=ada, now=noon)
    (left_out,) = releasing.release_plan(plan_id=plan.pk, addresses=PAGES, actor=ada, now=noon)
    assert "also" in left_out.refusal.message and left_out.invitation.state == "dropped"


def test_creators_of_another_campaign_or_workspace_are_not_found(planned, campaign, dario, ada, noon):
    with pytest.raises(NotFound):
        inviting.plan_invitations(campaign_id=campaign.pk, collaborations=[10**9], wanted=Wanted(), actor=ada, now=noon)
    with pytest.raises(NotFound):
        inviting.ask_for_plan(plan_id=planned[0].pk, actor=dario, now=noon)
    with pytest.raises(InvitationRefused):
        inviting.plan_invitations(campaign_id=campaign.pk, collaborations=[], wanted=Wanted(), actor=ada, now=noon)


def test_the_database_itself_keeps_a_second_open_letter_out(letter, noon):
    copy = Invitation.objects.get(pk=letter.pk)
    copy.pk = None
    with pytest.raises(Exception, match="one_open_invitation"), transaction.atomic():
        copy.save(force_insert=True)
    assert Collaboration.objects.get(pk=letter.collaboration_id).invitations.count() == 1
    assert (
        asked_for(letter.workspace_id, releasing.act_of_letter(letter_of(letter)), noon).standing is not Standing.USED
    )


def test_what_is_kept_of_a_failure_is_english_whoever_sent_it(by_mail, collaboration, ada, noon):
    Restriction.objects.create(
        workspace_id=ada.workspace_id,
        subject_kind="creator",
        subject_id=str(collaboration.creator_id),
        kind="objection",
        set_at=noon,
    )
    speak(Language("[{}]".format, lambda _, term: f"[{term}]", lambda number, _: str(number), str))
    try:
        with pytest.raises(MoveRefused) as refused:
            inviting.refuse_uninvitable(collaboration, noon)
        assert refused.value.message.startswith("[")
        assert send(Server(), noon)["left_out"] == 1
    finally:
        speak(None)
    by_mail.refresh_from_db()
    assert by_mail.failure == str(refused.value) and "not to be contacted" in by_mail.failure
    assert isinstance(by_mail.why_unsent, Sentence) and by_mail.why_unsent == by_mail.failure

    by_mail.failure_said = None  # as an earlier version kept it
    assert by_mail.why_unsent == by_mail.failure and not isinstance(by_mail.why_unsent, Sentence)


def test_a_letter_that_is_handed_over_again_keeps_no_old_failure(by_mail, noon):
    busy = OutsideError(Sentence("The mail server %(host)s is busy.", host="x"), permanent=False)
    server = Server(busy)
    send(server, noon)
    by_mail.refresh_from_db()
    assert by_mail.failure == "The mail server x is busy." and isinstance(by_mail.why_unsent, Sentence)

    assert send(server, noon + timedelta(hours=1))["sent"] == 1
    by_mail.refresh_from_db()
    assert (by_mail.failure, by_mail.failure_said) == ("", None)
