"""An approval binds exactly one act: asked, given or refused by people within rules, used once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.act_changes import changes, told_changes
from sillage.governance.engine.actors import Actor, NotAllowed, Role, automation
from sillage.governance.engine.acts import Act, ActMalformed, Standing, Verdict
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Approval, ApprovalRequest, Entry, Member
from sillage.governance.queries import actor_of
from sillage.lib.errors import NotFound

PAY = Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("mona@example.org",), Decimal("900.00"), "EUR")
PUBLISH = Act("campaigns.publish", "deliverable", "3", {"caption": "Publicité. Mon potager.", "media": ["a1", "b2"]})
T = datetime(2026, 6, 15, 12, tzinfo=UTC)  # noon
YES, NO = Verdict.APPROVED, Verdict.REFUSED


@pytest.fixture
def mia(ada: Actor) -> Actor:
    """Mia manages: she may approve."""
    return _joined("mia", Role.MANAGER, ada)


@pytest.fixture
def noah(ada: Actor) -> Actor:
    """Noah manages too."""
    return _joined("noah", Role.MANAGER, ada)


def _joined(name, role, ada):
    member = governance.add_member(
        email=f"{name}@example.org", name=name.title(), role=role, password="pelican-harbour-42", actor=ada, now=T
    )
    return actor_of(member, member.person)


def asked(act, actor, **more):
    return governance.ask_approval(act=act, summary="As written", actor=actor, now=T, **more)


def said(request, actor, verdict=YES, reason="", now=None):
    return governance.decide_approval(request_id=request.pk, verdict=verdict, reason=reason, actor=actor, now=now or T)


def used(act, actor, now=None):
    return governance.use_approval(act=act, workspace_id=actor.workspace_id, now=now or T)


def stands(request, now=None):
    return queries.standing(queries.get_request(request.workspace_id, request.pk), now or T)


def rule(actor, **given):
    nothing = {"verb": "", "roles": [], "members": [], "up_to": None, "two_from": None, "always_two": False}
    return governance.add_approval_rule(**{**nothing, "currency": "EUR", **given}, actor=actor, now=T)


# -- the act ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        Act("campaigns.sign", "payment", "7", {"for": "Reel"}, ("mona@example.org",), Decimal("900.00"), "EUR"),
        Act("campaigns.pay", "payment", "8", {"for": "Reel"}, ("mona@example.org",), Decimal("900.00"), "EUR"),
        Act("campaigns.pay", "payment", "7", {"for": "Story"}, ("mona@example.org",), Decimal("900.00"), "EUR"),
        Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("gil@example.org",), Decimal("900.00"), "EUR"),
        Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("mona@example.org",), Decimal("900.01"), "EUR"),
        Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("mona@example.org",), Decimal("900.00"), "USD"),
        Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("mona@example.org",), None, ""),
    ],
)
def test_every_field_of_an_act_is_in_its_digest(other):
    assert other.digest != PAY.digest


def test_the_order_of_recipients_does_not_matter():
    one, two = (Act("campaigns.invite", "wave", "1", {}, names) for names in (("a", "b"), ("b", "a")))
    assert one.digest == two.digest


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "EUR"), ("-1", "EUR"), ("NaN", "EUR"), ("1", "")])
def test_an_amount_is_whole_cents_of_a_currency(amount, currency):
    with pytest.raises(ActMalformed):
        Act("campaigns.pay", "payment", "7", {}, (), Decimal(amount), currency)


def test_what_changed_is_named_field_by_field():
    now = Act("campaigns.pay", "payment", "7", {"for": "Story", "note": None}, (), Decimal("950"), "EUR")
    found = changes(PAY, now)
    assert [c.field for c in found] == ["amount", "for", "note", "recipients"]
    assert str(told_changes(found)) == "amount (900.00 EUR, now 950.00 EUR), for, note, recipients"
    assert [(p.kind, p.text) for p in found[1].pieces] == [("gone", "Reel"), ("new", "Story")]


# -- asking ----------------------------------------------------------------------------------------------------------


def test_the_same_act_is_asked_for_once_while_it_waits(ada, bruno, mia):
    first = asked(PAY, bruno)
    assert asked(PAY, ada).pk == first.pk
    said(first, mia)
    assert asked(PAY, ada).pk == first.pk
    entry = Entry.objects.filter(verb="governance.approval_asked").latest("number")
    assert entry.facts["new"] is False and entry.facts["digest"] == PAY.digest.hex()


def test_what_was_refused_may_be_asked_for_again(bruno, mia):
    first = asked(PAY, bruno)
    said(first, mia, NO, "too dear")
    assert asked(PAY, bruno).pk != first.pk


def test_a_reader_asks_for_nothing(rita):
    with pytest.raises(NotAllowed):
        asked(PAY, rita)


def test_the_asker_chooses_when_it_expires(bruno):
    assert asked(PAY, bruno).expires_at == T + timedelta(days=14)
    assert asked(PUBLISH, bruno, expires_at=T + timedelta(hours=2)).expires_at == T + timedelta(hours=2)
    for wrong in (T, T + timedelta(days=400)):
        with pytest.raises(governance.ApprovalExpiryWrong):
            asked(PUBLISH, bruno, expires_at=wrong)


def test_a_machine_may_ask_and_never_decides(ada, mia):
    machine = automation("renewal", ada.workspace_id)
    request = asked(PAY, machine)
    assert request.asked_by is None and request.asked_by_name == "renewal"
    with pytest.raises(NotAllowed):
        said(request, machine)
    said(request, mia)
    assert stands(request) is Standing.APPROVED


# -- deciding --------------------------------------------------------------------------------------------------------


def test_a_yes_approves_and_is_entered_with_its_signature(bruno, mia):
    request = asked(PAY, bruno)
    said(request, mia, reason="agreed price")
    assert stands(request) is Standing.APPROVED
    word = Approval.objects.get(request=request)
    assert (word.person_name, word.by, word.reason) == ("Mia", f"member {mia.member_id}", "agreed price")
    entry = Entry.objects.get(verb="governance.approval_decided")
    assert entry.facts["signature"] == word.statement["signature"] and entry.facts["standing"] == "approved"


def test_nobody_approves_their_own_spending(mia, noah):
    request = asked(PAY, mia)
    with pytest.raises(governance.OwnSpending, match="yourself"):
        said(request, mia)
    said(request, noah)
    assert stands(request) is Standing.APPROVED


def test_what_costs_nothing_may_be_approved_by_whoever_asked(mia):
    request = asked(PUBLISH, mia)
    said(request, mia)
    assert stands(request) is Standing.APPROVED


def test_one_no_refuses_and_has_its_reason(bruno, mia, noah):
    request = asked(PAY, bruno)
    with pytest.raises(governance.NoUnexplained):
        said(request, mia, NO, "  ")
    said(request, mia, NO, "too dear")
    assert stands(request) is Standing.REFUSED
    with pytest.raises(governance.NotAwaited, match="is refused"):
        said(request, noah)


def test_nobody_gives_their_word_twice(ada, bruno, mia):
    rule(ada, always_two=True)
    request = asked(PAY, bruno)
    said(request, mia)
    with pytest.raises(governance.NotAwaited, match="already"):
        said(request, mia)


def test_an_analyst_does_not_approve(bruno):
    with pytest.raises(NotAllowed):
        said(asked(PAY, bruno), bruno)


def test_a_role_that_was_taken_away_approves_nothing_even_with_an_old_session(ada, bruno, mia):
    request = asked(PAY, bruno)
    governance.change_role(member_id=mia.member_id, role=Role.ANALYST, actor=ada, now=T)
    with pytest.raises(governance.NotYourWord, match="role"):
        said(request, mia)


def test_an_expired_request_is_not_decided(bruno, mia):
    request = asked(PAY, bruno)
    with pytest.raises(governance.NotAwaited, match="is expired"):
        said(request, mia, now=T + timedelta(days=14))


def test_another_workspace_finds_nothing(bruno, dario):
    request = asked(PAY, bruno)
    with pytest.raises(NotFound):
        said(request, dario)
    with pytest.raises(NotFound):
        governance.withdraw_approval(request_id=request.pk, actor=dario, now=T)
    with pytest.raises(NotFound):
        queries.read_request(request.pk, dario, T)
    with pytest.raises(NotFound):
        queries.approval_file(dario.workspace_id, request.pk, T)
    with pytest.raises(governance.ApprovalMissing, match="has no approval"):
        used(PAY, dario)
    assert queries.list_awaiting(dario, T) == []


# -- withdrawing -----------------------------------------------------------------------------------------------------


def test_the_asker_withdraws_and_then_nobody_decides(bruno, mia):
    request = asked(PAY, bruno)
    governance.withdraw_approval(request_id=request.pk, actor=bruno, now=T)
    assert stands(request) is Standing.WITHDRAWN
    with pytest.raises(governance.NotAwaited):
        said(request, mia)
    with pytest.raises(governance.NotAwaited):
        governance.withdraw_approval(request_id=request.pk, actor=bruno, now=T)
    assert Entry.objects.filter(verb="governance.approval_withdrawn").count() == 1


def test_only_the_asker_or_an_owner_withdraws(ada, bruno, mia):
    request = asked(PAY, bruno)
    with pytest.raises(governance.NotTheAsker, match="Bruno asked"):
        governance.withdraw_approval(request_id=request.pk, actor=mia, now=T)
    governance.withdraw_approval(request_id=request.pk, actor=ada, now=T)


# -- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_says_up_to_which_amount(ada, bruno, mia):
    rule(ada, verb="campaigns.pay", roles=[Role.MANAGER], up_to=Decimal("500"))
    rule(ada, verb="campaigns.pay", roles=[Role.OWNER])
    request = asked(PAY, bruno)
    with pytest.raises(governance.NotYourWord, match=r"up to 500\.00 EUR; this is 900\.00 EUR"):
        said(request, mia)
    assert [m.pk for m in queries.who_may_approve(ada.workspace_id, queries.asked_of(request))] == [ada.member_id]
    assert queries.list_awaiting(mia, T) == [] and queries.list_awaiting(ada, T) == [request]
    said(request, ada)


def test_an_amount_in_another_currency_is_above_every_limit(ada, bruno, mia):
    rule(ada, roles=[Role.MANAGER], up_to=Decimal("5000"))
    request = asked(Act("campaigns.pay", "payment", "9", {}, (), Decimal("10"), "USD"), bruno)
    with pytest.raises(governance.NotYourWord, match=r"this is 10\.00 USD"):
        said(request, mia)


def test_a_rule_for_a_verb_speaks_alone_of_it(ada, bruno, mia, noah):
    rule(ada, roles=[Role.OWNER])
    rule(ada, verb="campaigns.pay", members=[mia.member_id])
    request = asked(PAY, bruno)
    with pytest.raises(governance.NotYourWord, match="name other people"):
        said(request, noah)
    said(request, mia)
    with pytest.raises(governance.NotYourWord):
        said(asked(PUBLISH, bruno), mia)


@pytest.mark.parametrize(("amount", "needed"), [("999.99", 1), ("1000.00", 2)])
def test_two_people_from_an_amount_on(amount, needed, ada, bruno, mia, noah):
    rule(ada, two_from=Decimal("1000"))
    request = asked(Act("campaigns.pay", "payment", "7", {}, (), Decimal(amount), "EUR"), bruno)
    said(request, mia)
    assert stands(request) is (Standing.APPROVED if needed == 1 else Standing.WAITING)
    if needed == 2:
        assert queries.list_awaiting(mia, T) == [] and queries.list_awaiting(noah, T) == [request]
        said(request, noah)
        assert stands(request) is Standing.APPROVED


def test_a_member_who_left_does_not_widen_the_rule_that_named_them(ada, bruno, mia, noah):
    rule(ada, members=[mia.member_id])
    governance.remove_member(member_id=mia.member_id, actor=ada, now=T)
    with pytest.raises(governance.NotYourWord):
        said(asked(PUBLISH, bruno), noah)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "pay everything"},
        {"roles": [Role.ANALYST]},
        {"members": [0]},
        {"up_to": Decimal("1.001")},
        {"up_to": Decimal("-1")},
        {"up_to": Decimal("5"), "currency": ""},
        {"two_from": Decimal("Infinity")},
    ],
)
def test_a_rule_that_cannot_hold_is_refused(wrong, ada):
    with pytest.raises(governance.RuleMalformed):
        rule(ada, **wrong)


def test_only_an_owner_makes_rules(ada, mia, dario):
    with pytest.raises(NotAllowed):
        rule(mia)
    made = rule(ada, two_from=Decimal("1000"))
    with pytest.raises(NotFound):
        governance.remove_approval_rule(rule_id=made.pk, actor=dario, now=T)
    governance.remove_approval_rule(rule_id=made.pk, actor=ada, now=T)
    assert queries.list_approval_rules(ada.workspace_id) == []
    entries = Entry.objects.filter(verb__startswith="governance.approval_rule").order_by("number")
    assert [e.facts["two_from"] for e in entries] == ["1000.00", "1000.00"]


# -- using -----------------------------------------------------------------------------------------------------------


def test_an_approval_is_used_once(bruno, mia):
    request = asked(PAY, bruno)
    said(request, mia)
    assert queries.approval_fact(used(PAY, bruno)) == {"approval": request.pk, "digest": PAY.digest.hex()}
    with pytest.raises(governance.ApprovalUsed, match="approved once"):
        used(PAY, bruno)


def test_each_way_to_be_without_an_approval_has_its_name(bruno, mia):
    with pytest.raises(governance.ApprovalMissing, match="has no approval"):
        used(PAY, bruno)
    request = asked(PAY, bruno)
    with pytest.raises(governance.ApprovalWaiting, match="still waits"):
        used(PAY, bruno)
    said(request, mia)
    with pytest.raises(governance.ApprovalExpired):
        used(PAY, bruno, now=T + timedelta(days=14))
    refused = asked(PUBLISH, bruno)
    said(refused, mia, NO, "the label is missing")
    with pytest.raises(governance.ApprovalRefused):
        used(PUBLISH, bruno)


def test_a_stale_approval_says_what_changed(bruno, mia):
    said(asked(PAY, bruno), mia)
    dearer = Act("campaigns.pay", "payment", "7", {"for": "Reel"}, ("mona@example.org",), Decimal("950"), "EUR")
    with pytest.raises(governance.ApprovalStale, match=r"amount \(900.00 EUR, now 950.00 EUR\) changed"):
        used(dearer, bruno)
    assert used(PAY, bruno).used_at == T


def test_the_diff_is_against_what_was_approved_last(bruno, mia):
    first = asked(PUBLISH, bruno)
    said(first, mia)
    used(PUBLISH, bruno)
    later = Act("campaigns.publish", "deliverable", "3", {"caption": "Publicité. Mon jardin.", "media": ["a1", "b2"]})
    reading = queries.read_request(asked(later, bruno).pk, mia, T)
    assert reading.before == first and [c.field for c in reading.changes] == ["caption"]
    words = [(p.kind, p.text) for p in reading.changes[0].pieces]
    assert words == [("same", "Publicité. Mon "), ("gone", "potager"), ("new", "jardin"), ("same", ".")]
    assert reading.why_not == ""


# -- people without an account ---------------------------------------------------------------------------------------


@pytest.fixture
def client_link(ada):
    link, _ = governance.open_link(
        purpose=Purpose.REVIEW,
        subject_kind="campaign",
        subject_id=5,
        label="The client",
        expires_at=T + timedelta(days=7),
        actor=ada,
        now=T,
    )
    return link


def reviewed(request, link, verdict=YES, reason="", now=None):
    return governance.review_approval(
        request_id=request.pk,
        link_id=link.pk,
        person_name="Inès",
        verdict=verdict,
        reason=reason,
        actor=queries.guest_of(link),
        now=now or T,
    )


def test_whoever_holds_a_review_link_approves_what_is_open_to_it(bruno, client_link):
    request = asked(PUBLISH, bruno, reviewed_by_links_of=("campaign", 5))
    reviewed(request, client_link)
    word = Approval.objects.get(request=request)
    assert (word.person_name, word.member, word.link) == ("Inès (The client)", None, client_link)
    assert stands(request) is Standing.APPROVED
    with pytest.raises(governance.NotAwaited):
        reviewed(request, client_link)
    assert Entry.objects.get(verb="governance.approval_reviewed").facts["link"] == client_link.pk


def test_a_link_and_a_member_are_two_people(ada, bruno, mia, client_link):
    rule(ada, always_two=True)
    request = asked(PUBLISH, bruno, reviewed_by_links_of=("campaign", 5))
    reviewed(request, client_link)
    assert stands(request) is Standing.WAITING
    said(request, mia)
    assert stands(request) is Standing.APPROVED


@pytest.mark.parametrize("of", [None, ("campaign", 6)])
def test_a_link_opens_nothing_else(of, bruno, client_link):
    with pytest.raises(NotFound):
        reviewed(asked(PUBLISH, bruno, reviewed_by_links_of=of), client_link)


def test_an_ended_link_and_a_link_of_elsewhere_approve_nothing(ada, bruno, dario, client_link):
    request = asked(PUBLISH, bruno, reviewed_by_links_of=("campaign", 5))
    with pytest.raises(NotFound):
        reviewed(request, client_link, now=T + timedelta(days=8))
    governance.revoke_link(link_id=client_link.pk, actor=ada, now=T)
    with pytest.raises(NotFound):
        reviewed(request, client_link)
    theirs, _ = governance.open_link(
        purpose=Purpose.REVIEW,
        subject_kind="campaign",
        subject_id=5,
        label="x",
        expires_at=T + timedelta(days=1),
        actor=dario,
        now=T,
    )
    with pytest.raises(NotFound):
        reviewed(request, theirs)


def test_a_link_spends_nothing(bruno, client_link):
    with pytest.raises(governance.NotForLinks):
        reviewed(asked(PAY, bruno, reviewed_by_links_of=("campaign", 5)), client_link)


def test_a_member_does_not_use_the_guests_door(mia, bruno, client_link):
    request = asked(PUBLISH, bruno, reviewed_by_links_of=("campaign", 5))
    with pytest.raises(NotAllowed):
        governance.review_approval(
            request_id=request.pk, link_id=client_link.pk, person_name="x", verdict=YES, reason="", actor=mia, now=T
        )


def test_a_person_who_leaves_leaves_their_word(ada, bruno, mia):
    request = asked(PAY, bruno)
    said(request, mia)
    governance.remove_member(member_id=mia.member_id, actor=ada, now=T)
    assert not Member.objects.filter(pk=mia.member_id).exists()
    assert ApprovalRequest.objects.get().approvals.get().person_name == "Mia"
    assert stands(request) is Standing.APPROVED
