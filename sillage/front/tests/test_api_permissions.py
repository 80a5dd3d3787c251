"""Who may call what: every endpoint of the OpenAPI document against every caller of the cast. A new endpoint needs a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conftest import NOON, joined
from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.inviting import Wanted, plan_invitations, write_invitation
from sillage.campaigns.actions.notes import set_reminder
from sillage.campaigns.models import Collaboration
from sillage.campaigns.tests.contract_cast import contract_places
from sillage.campaigns.tests.parcels import seeding_places
from sillage.campaigns.tests.places import deliverable_places
from sillage.catalogue.actions import connecting
from sillage.catalogue.models import Account, Brand
from sillage.discovery import actions as discovery
from sillage.discovery.tests.standing import harbour, standing
from sillage.front.tests.api_matrix import (
    ADMIN,
    BRIEF,
    CATALOGUE,
    CORRECTION,
    HEAD,
    MATRIX,
    MONA,
    NAMED,
    NO_TOPICS,
    READ,
)
from sillage.front.tests.program import Program, program_of
from sillage.front.tests.test_api_description import described
from sillage.governance import actions as governance
from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor, Right, Role, automation
from sillage.governance.engine.acts import Act
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import RequestKind
from sillage.governance.models import Member, Policy, PolicyUse
from sillage.studio.tests.being_written import text_places
from sillage.studio.tests.briefing import brief_places
from sillage.studio.tests.bubble import idea_places
from sillage.studio.tests.interview_cast import interview_places
from sillage.studio.tests.picture_cast import picture_places
from sillage.studio.tests.voice_cast import voice_places
from sillage.understanding.actions.contesting import contest
from sillage.understanding.actions.corrections import correct
from sillage.understanding.actions.readings import ask_reading
from sillage.understanding.actions.tags import create_tag
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import Correction, Head, TopicMap

__all__ = ["harbour", "standing"]


def _invited(ada: Actor, noon: datetime) -> dict[str, Any]:
    """A campaign with three creators: nobody wrote to the first, a letter to the second and a plan for the third wait."""
    given = {"name": "Garden", "objective": "Compost", "brand": "Terrabelle", "countries": ["FR"]}
    campaign = open_campaign(given=given, actor=ada, now=noon)
    ids = list(
        Account.objects.filter(handle__in=["mona", "basile", "poppy"]).order_by("handle").values_list("pk", flat=True)
    )
    first, second, third = add_collaborations(campaign_id=campaign.pk, accounts=ids, actor=ada, now=noon)
    letter = write_invitation(collaboration_id=second.pk, wanted=Wanted(), actor=ada, now=noon)
    plan, _ = plan_invitations(campaign_id=campaign.pk, collaborations=[third.pk], wanted=Wanted(), actor=ada, now=noon)
    return {
        "campaign_id": campaign.pk,
        "collaboration_id": first.pk,
        "invitation_id": letter.pk,
        "plan_id": plan.pk,
    }


@pytest.fixture(scope="module")
def with_places(lasting, standing) -> tuple[Actor, dict[str, Any]]:
    """Rita, and what stands in the paths' brackets."""
    with lasting():
        rita = joined("Rita", Role.READER, standing)
        return rita, _places(standing, rita, NOON)


@pytest.fixture
def rita(db, with_places) -> Actor:
    return with_places[0]


@pytest.fixture
def places(ada, with_places) -> dict[str, Any]:
    """Pictures are files, which no rollback brings back: they are made for each test."""
    return with_places[1] | picture_places(ada, timezone.now())


def _places(ada: Actor, rita: Actor, noon: datetime) -> dict[str, Any]:
    """Things of Ada's workspace."""
    brief = discovery.open_brief(given={"text": "Jardinage, potager"}, actor=ada, now=noon)
    shortlist = discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)
    discovery.exclude(name="known", account_ids=[], actor=ada, now=noon)
    discovery.save_search(name="kept", filters={}, words="", actor=ada, now=noon)
    (connection,) = connecting.connect(network="rss", targets=["http://127.0.0.1:9/feed"], actor=ada, now=noon)
    link, _ = governance.open_link(
        purpose=Purpose.CALENDAR,
        subject_kind="workspace",
        subject_id=ada.workspace_id,
        label="x",
        expires_at=noon + timedelta(days=9),
        actor=ada,
        now=noon,
    )
    hook, _ = governance.add_webhook(
        url="https://hooks.example.org/kept", label="Kept", events=["*"], actor=ada, now=noon
    )
    asked = governance.ask_approval(
        act=Act("campaigns.publish", "deliverable", "1", {"caption": "x"}),
        summary="x",
        actor=automation("renewal", ada.workspace_id),
        now=timezone.now(),
    )
    rule = add_rule(ada, noon)
    token, _ = governance.issue_token(name="x", scopes=frozenset({READ}), expires_at=None, actor=rita, now=noon)
    mona = Account.objects.get(handle="mona")
    governance.name_controller(given={"name": "T", "email": "t@example.org"}, actor=ada, now=noon)
    own_page, _ = governance.open_link(
        purpose=Purpose.CREATOR,
        subject_kind="creator",
        subject_id=mona.creator_id,
        label="Mona",
        expires_at=noon + timedelta(days=9),
        actor=ada,
        now=noon,
    )
    objected = governance.Asked(RequestKind.OBJECTION, "creator", Account.objects.get(handle="noe").creator_id)
    objection = governance.open_data_request(asked=objected, actor=ada, now=noon)
    Brand.objects.create(workspace_id=ada.workspace_id, key="terrabelle", name="Terrabelle")
    create_tag(name="Verger", actor=ada, now=noon)
    said = correct(account_id=mona.pk, subject_id=mona.pk, **CORRECTION, actor=ada, now=noon)
    Correction.objects.update(member=None)  # whoever said it has left
    return {
        **_invited(ada, noon),
        "mona": mona.pk,
        "creator_link": own_page.pk,
        "data_request": objection.pk,
        "reading_id": ask_reading(actor=ada, now=noon).pk,
        "restriction_id": objection.restrictions.get().pk,
        "contest_id": contest(
            account_id=mona.pk, enricher="authenticity", text="Not so.", stated_by="Mona", actor=ada, now=noon
        ).pk,
        "correction_id": said.pk,
        "head_id": Head.objects.create(
            workspace_id=ada.workspace_id,
            enricher="tone",
            version="1",
            state="refused",
            body=HEAD,
            examples=4,
            trained_at=noon,
        ).pk,
        "map_id": TopicMap.objects.create(
            workspace_id=ada.workspace_id,
            name="",
            scope={"set": Scope().as_json(), "compare_with": None},
            version="1",
            texts=0,
            result=NO_TOPICS,
            made_at=noon,
        ).pk,
        "brief_id": brief.pk,
        "shortlist_id": shortlist.pk,
        "member_id": rita.member_id,
        "token_id": token.pk,
        "link_id": link.pk,
        "approval_id": asked.pk,
        "rule_id": rule.pk,
        **policy_places(ada, noon),
        "webhook_id": hook.pk,
        "delivery_id": hook.deliveries.order_by("pk")[0].pk,
        "connection_id": connection.pk,
        "key": MONA,
        "receipt": shortlist.candidates.get(rank=1).receipt_key,
        **(delivering := deliverable_places(ada, noon)),
        **brief_places(ada, noon),
        **idea_places(ada, noon),
        **interview_places(ada, noon),
        **text_places(ada, timezone.now()),
        **voice_places(ada, noon),
        **seeding_places(ada, noon, delivering["collaboration_id"]),
        **contract_places(Collaboration.objects.get(pk=delivering["collaboration_id"]), ada, noon),
        "reminder_id": set_reminder(
            campaign_id=delivering["campaign_id"], text="Call", due_on=noon.date(), actor=ada, now=noon
        ).pk,
    }


def add_rule(ada, noon):
    return governance.add_approval_rule(
        verb="campaigns.sign",
        roles=[Role.OWNER],
        members=[],
        up_to=None,
        two_from=None,
        always_two=False,
        currency="",
        actor=ada,
        now=noon,
    )


def policy_places(ada, noon) -> dict[str, int]:
    """A policy for something that this version does not do any more, and a use of it in the sample."""
    policy = Policy.objects.create(
        workspace_id=ada.workspace_id,
        verb="made.label",
        per_day=3,
        sample_percent=100,
        allowed_at=noon,
        expires_at=noon,
        key=governance.rotate_signing_key(actor=ada, now=noon),
        statement={},
    )
    use = PolicyUse.objects.create(
        workspace_id=ada.workspace_id,
        policy=policy,
        subject_kind="comment",
        subject_id="1",
        about={},
        machine_kind="model",
        machine_name="labeller",
        used_at=noon,
        used_on=noon.date(),
        is_sampled=True,
    )
    return {"policy_id": policy.pk, "use_id": use.pk}


def _answers(caller: Program, places: dict[str, Any]) -> dict[str, int]:
    """What the caller is answered everywhere; nothing that it does lasts."""
    found = {}
    for name, row in MATRIX.items():
        method, _, path = name.partition(" ")
        named = NAMED.get(path.partition("/")[0], lambda p: {})(places)
        body, query = (part(places) if callable(part) else part for part in (row.body, row.query))
        form = {"form": row.form()} if row.form else {}
        with transaction.atomic():
            response = caller.call(method, path.format(**places | named), body, **form, **dict(query))
            transaction.set_rollback(True)
        found[name] = response.status_code
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json", name
    return found


def _expected(rights: frozenset[Right]) -> dict[str, int]:
    expected = {name: row.status if row.right in rights else 403 for name, row in MATRIX.items()}
    if ADMIN in rights:  # an owner may take back what somebody else said
        expected["DELETE corrections/{correction_id}"] = 204
        expected["POST approvals/{approval_id}/withdraw"] = 200
    return expected


def test_every_endpoint_stands_in_the_matrix():
    document = described()["paths"]
    prefix = "/api/v1/{workspace}/"
    assert set(MATRIX) == {f"{m.upper()} {p.removeprefix(prefix)}" for p, found in document.items() for m in found}


def test_the_document_names_the_rights_of_the_matrix():
    for path, found in described()["paths"].items():
        for method, operation in found.items():
            row = MATRIX[f"{method.upper()} {path.removeprefix('/api/v1/{workspace}/')}"]
            if path.split("/")[4] != "tokens":  # a person makes their own; a program needs more
                assert operation["x-right"] == row.right.value, path


@pytest.mark.parametrize("who", ["ada", "mia", "bruno", "rita"])
def test_a_member_may_do_what_the_role_allows(who, request, places):
    actor = request.getfixturevalue(who)
    role = Role(Member.objects.get(pk=actor.member_id).role)
    assert _answers(program_of(actor), places) == _expected(RIGHTS_OF_ROLE[role])


@pytest.mark.parametrize("scopes", [{READ}, {BRIEF}, {READ, CATALOGUE}])
def test_a_token_may_do_what_its_scopes_allow(scopes, ada, places):
    assert _answers(program_of(ada, *scopes), places) == _expected(frozenset(scopes))


def test_a_member_of_another_workspace_finds_nothing(dario, places):
    assert set(_answers(program_of(dario, slug="harbour"), places).values()) == {404}


def test_a_member_of_another_workspace_finds_nothing_of_ours_in_theirs(dario, places):
    answers = _answers(program_of(dario, slug="elsewhere"), places)
    about_things = [n for n, row in MATRIX.items() if "{" in n.replace("{enricher}", "") and row.form == ()]
    assert {name: answers[name] for name in about_things} == dict.fromkeys(about_things, 404)


def test_nobody_is_asked_to_sign_in(places):
    assert set(_answers(Program(), places).values()) == {401}


@pytest.mark.parametrize("how", ["expired", "revoked", "made up"])
def test_a_dead_token_speaks_for_nobody(how, ada, places):
    now = timezone.now()
    ends = now - timedelta(seconds=1) if how == "expired" else None
    made = now - timedelta(days=1)
    token, secret = governance.issue_token(name="x", scopes=ada.rights, expires_at=ends, actor=ada, now=made)
    if how == "revoked":
        governance.revoke_token(token_id=token.pk, actor=ada, now=now)
    assert set(_answers(Program("sil_made-up" if how == "made up" else secret), places).values()) == {401}


def test_a_signed_in_person_may_call_and_a_stranger_finds_nothing(ada, dario, places, signed_in):
    own = Program(client=signed_in(ada))
    assert own.get("me").json()["workspaces"] == [{"slug": "harbour", "name": "Harbour", "is_sample": False}]
    assert own.post("briefs", {"text": "jardinage"}).status_code == 201
    stranger = Program(client=signed_in(dario))
    assert set(_answers(stranger, places).values()) == {404}


def test_a_write_of_a_browser_needs_the_csrf_token_and_that_of_a_program_does_not(ada, owners):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Member.objects.get(pk=ada.member_id).person)
    session = Program(client=browser)
    refused = session.post("briefs", {"text": "jardinage"})
    assert refused.status_code == 403 and refused.json()["type"] == "urn:sillage:CsrfMissing"
    assert session.get("briefs").status_code == 200
    browser.get("/accounts/login/")
    secret = "a" * 32
    browser.cookies["csrftoken"] = secret
    assert session.post("briefs", {"text": "jardinage"}, headers={"X-CSRFToken": secret}).status_code == 201
    program = Program(owners.secret, client=Client(enforce_csrf_checks=True))
    assert program.post("briefs", {"text": "jardinage"}).status_code == 201


def test_a_person_makes_a_token_of_their_own_in_the_browser(rita, signed_in):
    made = Program(client=signed_in(rita)).post("tokens", {"name": "mine", "scopes": ["read"]})
    assert made.status_code == 201 and made["Cache-Control"] == "no-store"
    assert Program(made.json()["secret"]).get("me").json()["rights"] == ["read"]
    assert made.json()["secret"] not in Program(client=signed_in(rita)).get("tokens").content.decode()


def test_nobody_makes_a_token_with_more_rights_than_their_own(rita, signed_in):
    refused = Program(client=signed_in(rita)).post("tokens", {"name": "more", "scopes": ["admin"]})
    assert refused.status_code == 403 and refused.json()["type"] == "urn:sillage:ScopeBeyondRole"
