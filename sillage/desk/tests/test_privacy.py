"""Data protection from end to end: told, asked, answered, suppressed, put right, erased; over every room."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import NotAsked, forget
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.actions.rectifying import RectificationMalformed, rectify, wanted_of
from sillage.catalogue.models import Account, Creator, Tombstone
from sillage.desk.queries.privacy import as_json, copy_as_zip, get_own_data
from sillage.discovery import actions as discovery
from sillage.discovery.queries import list_candidates
from sillage.discovery.tests.conftest import fill, records_of
from sillage.governance import actions, queries
from sillage.governance.actions import Asked
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import CameBy, Doing, RequestKind, Urgency
from sillage.governance.models import DataRequest, Entry, Link, Notice, Restriction
from sillage.lib.errors import NotFound
from sillage.understanding import actions as understanding
from sillage.understanding.models import Profile, Signal


@pytest.fixture
def mona(ada, noon):
    fill(ada, noon)
    return Account.objects.select_related("creator").get(handle="mona")


@pytest.fixture
def controller(ada, noon):
    return actions.name_controller(
        given={"name": "Terrabelle SAS", "email": "rgpd@terrabelle.example"}, actor=ada, now=noon
    )


def ask(mona, actor, now, kind=RequestKind.ACCESS, **more):
    asked = Asked(kind=kind, subject_kind="creator", subject_id=mona.creator_id, **more)
    return actions.open_data_request(asked=asked, actor=actor, now=now)


def checked(mona, ada, noon, kind, **more):
    request = ask(mona, ada, noon, kind, **more)
    return actions.check_identity(request_id=request.pk, how="Wrote from the account.", actor=ada, now=noon)


def opened(creator_id, actor, now):
    return actions.open_link(
        purpose=Purpose.CREATOR,
        subject_kind="creator",
        subject_id=creator_id,
        label="Mona",
        expires_at=now + timedelta(days=30),
        actor=actor,
        now=now,
    )


# -- the notice ------------------------------------------------------------------------------------------------------


def test_whoever_is_in_the_catalogue_is_to_be_told_within_a_month(mona, ada, noon):
    due = catalogue.list_due_notices(ada.workspace_id, noon)
    assert len(due) == 5 and {d.due_at for d in due} == {noon + timedelta(days=30)}
    assert catalogue.count_due_notices(ada.workspace_id, noon + timedelta(days=25))[Urgency.SOON] == 5
    assert catalogue.count_due_notices(ada.workspace_id, noon + timedelta(days=30))[Urgency.OVERDUE] == 5


def test_a_first_showing_makes_it_due_and_comes_to_the_top(mona, ada, noon):
    actions.note_contact(
        workspace_id=ada.workspace_id, subject_kind="creator", subject_id=mona.creator_id, doing=Doing.SHOW, now=noon
    )
    first = catalogue.list_due_notices(ada.workspace_id, noon)[0]
    assert (first.creator_id, first.due_at, first.urgency) == (mona.creator_id, noon, Urgency.OVERDUE)


def test_somebody_untold_is_not_shown_outside_and_may_be_contacted(mona, ada, noon, controller):
    """T21."""
    given = (ada.workspace_id, "creator", mona.creator_id)
    with pytest.raises(queries.NoticeMissing):
        queries.refuse_unnoticed(*given, Doing.SHOW, noon)
    queries.refuse_unnoticed(*given, Doing.CONTACT, noon)
    actions.give_notice(
        subject_kind="creator", subject_id=mona.creator_id, how=CameBy.EMAIL, language="fr", actor=ada, now=noon
    )
    queries.refuse_unnoticed(*given, Doing.SHOW, noon)


def test_an_invitation_carries_the_notice(mona, ada, noon, controller):
    actions.note_contact(
        workspace_id=ada.workspace_id,
        subject_kind="creator",
        subject_id=mona.creator_id,
        doing=Doing.CONTACT,
        now=noon,
        carries_notice=True,
        language="fr",
        member_id=ada.member_id,
    )
    notice = Notice.objects.get()
    assert notice.sent_at == notice.contacted_at == noon and notice.sent_by_id == ada.member_id
    subject = queries.get_subject(ada.workspace_id, "creator", mona.creator_id)
    text = queries.written_notice(subject, ada.workspace_id, "fr", "https://s.example/l/x/data/")
    assert "Terrabelle SAS" in text and "Mona" in text and "/l/x/data/" in text and "Instagram" in text


def test_nobody_is_told_in_nobody_s_name(mona, ada, noon):
    with pytest.raises(queries.ControllerUnknown):
        actions.give_notice(
            subject_kind="creator", subject_id=mona.creator_id, how=CameBy.EMAIL, language="fr", actor=ada, now=noon
        )


def test_what_was_told_stays_told(mona, ada, noon, controller):
    given = {"subject_kind": "creator", "subject_id": mona.creator_id, "how": CameBy.EMAIL, "language": "fr"}
    actions.give_notice(**given, actor=ada, now=noon)
    with pytest.raises(actions.NoticeGivenAlready):
        actions.give_notice(**given, actor=ada, now=noon)
    assert len(catalogue.list_due_notices(ada.workspace_id, noon)) == 4


@pytest.mark.parametrize("given", [{"email": "x@y.example"}, {"name": "T", "email": "nothing"}, {"colour": "red"}])
def test_a_controller_has_a_name_and_an_address(ada, noon, given):
    with pytest.raises(actions.ControllerMalformed):
        actions.name_controller(given=given, actor=ada, now=noon)


# -- requests and their clock ----------------------------------------------------------------------------------------


def test_a_request_is_checked_extended_once_and_answered(mona, ada, noon):
    request = ask(mona, ada, noon, received_at=noon - timedelta(days=3), requester="Mona", text="What is there?")
    assert request.due_at == noon + timedelta(days=27)
    with pytest.raises(actions.IdentityUnchecked):
        actions.answer_data_request(request_id=request.pk, answer="See the file.", actor=ada, now=noon)
    actions.check_identity(request_id=request.pk, how="Wrote from the account.", actor=ada, now=noon)
    extended = actions.extend_data_request(request_id=request.pk, reason="Several networks.", actor=ada, now=noon)
    assert extended.due_at == noon + timedelta(days=89)
    with pytest.raises(actions.ExtensionRefused):
        actions.extend_data_request(request_id=request.pk, reason="More.", actor=ada, now=noon)
    actions.answer_data_request(request_id=request.pk, answer="See the file.", actor=ada, now=noon)
    with pytest.raises(actions.RequestClosed):
        actions.refuse_data_request(request_id=request.pk, reason="Changed our mind.", actor=ada, now=noon)
    verbs = list(Entry.objects.filter(subject_kind="data_request").order_by("number").values_list("verb", flat=True))
    assert [v.removeprefix("governance.") for v in verbs] == [
        "data_request_opened",
        "identity_checked",
        "data_request_extended",
        "data_request_answered",
    ]
    assert "Mona" not in str(list(Entry.objects.filter(subject_kind="data_request").values_list("facts", flat=True)))


def test_after_the_first_month_nothing_is_extended(mona, ada, noon):
    request = ask(mona, ada, noon)
    with pytest.raises(actions.ExtensionRefused):
        actions.extend_data_request(request_id=request.pk, reason="Late.", actor=ada, now=noon + timedelta(days=31))


def test_a_machine_checks_nobody_s_identity(mona, ada, noon):
    request = ask(mona, ada, noon)
    with pytest.raises(actions.IdentityUnchecked):
        actions.check_identity(
            request_id=request.pk, how="It said so.", actor=automation("x", ada.workspace_id), now=noon
        )


def test_requests_come_from_the_past_and_say_what_is_wrong(mona, ada, noon):
    with pytest.raises(actions.RequestMalformed):
        ask(mona, ada, noon, received_at=noon + timedelta(days=1))
    with pytest.raises(actions.RequestMalformed):
        ask(mona, ada, noon, RequestKind.RECTIFICATION)


def test_who_may_not_erase_answers_nothing_and_a_stranger_finds_nothing(mona, ada, bruno, dario, noon):
    request = ask(mona, ada, noon)
    with pytest.raises(NotAllowed):
        ask(mona, bruno, noon)
    with pytest.raises(NotFound):
        ask(mona, dario, noon)
    with pytest.raises(NotFound):
        actions.refuse_data_request(request_id=request.pk, reason="No.", actor=dario, now=noon)
    assert queries.list_data_requests(dario.workspace_id) == []


def test_a_creator_asks_by_their_own_link_and_only_about_themselves(mona, ada, noon):
    link, _ = opened(mona.creator_id, ada, noon)
    guest = queries.guest_of(link)
    asked = Asked(RequestKind.ACCESS, "creator", mona.creator_id, received_at=noon - timedelta(days=300))
    made = actions.open_data_request(asked=asked, actor=guest, now=noon, link=link)
    assert (made.came_by, made.received_at, made.link) == ("link", noon, link), "received now, whatever they say"
    other = Creator.objects.exclude(pk=mona.creator_id).first()
    for subject in (other.pk, 10**9):
        with pytest.raises(NotFound):
            actions.open_data_request(
                asked=Asked(RequestKind.ACCESS, "creator", subject), actor=guest, now=noon, link=link
            )
    with pytest.raises(NotAllowed):
        actions.open_data_request(asked=asked, actor=guest, now=noon)
    for _ in range(9):
        actions.open_data_request(asked=asked, actor=guest, now=noon, link=link)
    with pytest.raises(actions.TooManyRequests):
        actions.open_data_request(asked=asked, actor=guest, now=noon, link=link)


# -- objection -------------------------------------------------------------------------------------------------------


@pytest.fixture
def brief(mona, ada, noon):
    return discovery.open_brief(given={"text": "Jardinage et potager"}, actor=ada, now=noon)


def handles(brief, ada, noon):
    made = discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    return [c.account.handle for c in list_candidates(made)]


@pytest.mark.parametrize("kind", [RequestKind.OBJECTION, RequestKind.RESTRICTION])
def test_a_brief_does_not_find_who_objected_not_even_pinned(mona, brief, ada, noon, kind):
    discovery.pin(brief_id=brief.pk, account="instagram:mona", reason="", actor=ada, now=noon)
    before = discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    assert "mona" in [c.account.handle for c in list_candidates(before)]
    ask(mona, ada, noon, kind)
    assert "mona" not in handles(brief, ada, noon)
    assert "mona" not in [c.account.handle for c in list_candidates(before)], "an older shortlist shows them no more"
    with pytest.raises(queries.ContactRefused):
        queries.refuse_unnoticed(ada.workspace_id, "creator", mona.creator_id, Doing.CONTACT, noon)


def test_what_was_derived_from_who_objected_goes_and_is_not_made_again(mona, ada, noon):
    assert Profile.objects.filter(account=mona).exists()
    ask(mona, ada, noon, RequestKind.OBJECTION)
    understanding.bring_up_to_date(actor=ada, now=noon + timedelta(hours=1))
    assert not Profile.objects.filter(account=mona).exists() and not Signal.objects.filter(account=mona).exists()
    assert Profile.objects.count() == 4


def test_a_refused_objection_lets_a_brief_find_them_again(mona, brief, ada, noon):
    request = ask(mona, ada, noon, RequestKind.OBJECTION)
    actions.refuse_data_request(request_id=request.pk, reason="Somebody else wrote it.", actor=ada, now=noon)
    assert "mona" in handles(brief, ada, noon)


def test_a_restriction_is_lifted_once(mona, ada, dario, noon):
    ask(mona, ada, noon, RequestKind.RESTRICTION)
    standing = Restriction.objects.get()
    with pytest.raises(NotFound):
        actions.lift_restriction(restriction_id=standing.pk, actor=dario, now=noon)
    actions.lift_restriction(restriction_id=standing.pk, actor=ada, now=noon)
    with pytest.raises(actions.RequestClosed):
        actions.lift_restriction(restriction_id=standing.pk, actor=ada, now=noon)
    assert not queries.is_restricted(ada.workspace_id, "creator", mona.creator_id)


# -- rectification ---------------------------------------------------------------------------------------------------


def test_what_a_creator_put_right_stands_against_the_next_import(mona, ada, noon):
    for field, value in (("name", "Mona Verte"), ("country", "be")):
        wanted = wanted_of({"account": mona.pk, "field": field, "value": value})
        request = checked(mona, ada, noon, RequestKind.RECTIFICATION, wanted=wanted)
        assert rectify(request_id=request.pk, actor=ada, now=noon).state == "answered"
    ingest(workspace_id=ada.workspace_id, batch=records_of("mona", noon), actor=ada, now=noon + timedelta(days=1))
    mona.refresh_from_db()
    assert (mona.name, mona.country) == ("Mona Verte", "BE")
    assert Account.objects.get(handle="noe").name == "Noe", "nobody else's"


def test_a_country_can_be_taken_away(mona, ada, noon):
    wanted = wanted_of({"account": mona.pk, "field": "country", "value": ""})
    rectify(request_id=checked(mona, ada, noon, RequestKind.RECTIFICATION, wanted=wanted).pk, actor=ada, now=noon)
    ingest(workspace_id=ada.workspace_id, batch=records_of("mona", noon), actor=ada, now=noon)
    mona.refresh_from_db()
    assert mona.country is None


@pytest.mark.parametrize(
    "given",
    [
        {"field": "followers", "value": "1"},
        {"field": "name", "value": " "},
        {"account": "1", "field": "country", "value": "France"},
        {"account": "1", "field": "handle", "value": ""},
        {"account": "1", "field": "name", "value": "x" * 301},
    ],
)
def test_what_cannot_stand_there_is_refused(given):
    with pytest.raises(RectificationMalformed):
        wanted_of(given)


def test_nobody_puts_another_s_account_right(mona, ada, noon):
    noe = Account.objects.get(handle="noe")
    wanted = wanted_of({"account": noe.pk, "field": "name", "value": "Mona"})
    request = checked(mona, ada, noon, RequestKind.RECTIFICATION, wanted=wanted)
    with pytest.raises(RectificationMalformed):
        rectify(request_id=request.pk, actor=ada, now=noon)


def test_an_unchecked_rectification_changes_nothing(mona, ada, noon):
    wanted = wanted_of({"account": mona.pk, "field": "name", "value": "Mona Verte"})
    request = ask(mona, ada, noon, RequestKind.RECTIFICATION, wanted=wanted)
    with pytest.raises(actions.IdentityUnchecked):
        rectify(request_id=request.pk, actor=ada, now=noon)
    mona.refresh_from_db()
    assert mona.name == "Mona"


# -- erasure ---------------------------------------------------------------------------------------------------------


def test_an_erasure_answers_its_request_and_leaves_no_words(mona, ada, noon, controller):
    opened(mona.creator_id, ada, noon)
    actions.give_notice(
        subject_kind="creator", subject_id=mona.creator_id, how=CameBy.EMAIL, language="fr", actor=ada, now=noon
    )
    request = checked(mona, ada, noon, RequestKind.ERASURE, requester="Mona", contact="mona@example.org", text="Please")
    with pytest.raises(actions.StillStored):
        actions.answer_data_request(request_id=request.pk, answer="Done.", actor=ada, now=noon)
    gone = forget(key="instagram:mona", actor=ada, now=noon, request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, request.requester, request.contact, request.text) == ("answered", "", "", "")
    assert not Notice.objects.exists() and not Link.objects.exists() and Tombstone.objects.exists()
    assert gone.removed["notice"] == gone.removed["link"] == 1
    entry = Entry.objects.get(verb="catalogue.creator_forgotten")
    assert entry.facts["request"] == request.pk


def test_an_erasure_needs_its_own_checked_request(mona, ada, noon):
    request = ask(mona, ada, noon, RequestKind.ERASURE)
    with pytest.raises(actions.IdentityUnchecked):
        forget(key="instagram:mona", actor=ada, now=noon, request_id=request.pk)
    actions.check_identity(request_id=request.pk, how="Wrote from it.", actor=ada, now=noon)
    with pytest.raises(NotAsked):
        forget(key="instagram:noe", actor=ada, now=noon, request_id=request.pk)
    assert Account.objects.filter(handle="mona").exists() and DataRequest.objects.get().state == "open"


# -- the copy --------------------------------------------------------------------------------------------------------


def test_a_copy_holds_everything_that_is_theirs_and_nobody_else_s(mona, brief, ada, noon):
    discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    subject = queries.get_subject(ada.workspace_id, "creator", mona.creator_id)
    copied = json.loads(as_json(queries.copy_of(ada.workspace_id, subject, noon)))
    tables = copied["tables"]
    assert len(tables["catalogue.Post"]["rows"]) == 9 and tables["catalogue.Account"]["rows"][0]["handle"] == "mona"
    assert {
        "understanding.Profile",
        "understanding.Signal",
        "discovery.Candidate",
        "governance.Receipt",
    } <= tables.keys()
    assert tables["catalogue.Account"]["about"][0]["basis"].startswith("legitimate interest")
    text = as_json(copied)
    assert "surf" not in text and "ada@example.org" not in text and "Potager" not in text.replace("potager", "")


def test_the_archive_holds_a_file_per_table(mona, ada, noon):
    subject = queries.get_subject(ada.workspace_id, "creator", mona.creator_id)
    copied = queries.copy_of(ada.workspace_id, subject, noon)
    names = zipfile.ZipFile(BytesIO(copy_as_zip(copied))).namelist()
    assert set(names) == {"everything.json", *(f"tables/{name}.json" for name in copied["tables"])}


def test_what_a_creator_sees_is_what_is_held(mona, ada, dario, noon):
    own = get_own_data(ada.workspace_id, mona.creator_id)
    shown = {line.table for line in own.held}
    assert {"catalogue.Account", "catalogue.Post", "understanding.Signal"} <= shown
    assert [seen.account.handle for seen in own.accounts] == ["mona"] and own.accounts[0].themes
    with pytest.raises(NotFound):
        get_own_data(dario.workspace_id, mona.creator_id)
