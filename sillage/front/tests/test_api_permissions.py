"""Who may call what: every endpoint of the OpenAPI document against every caller of the cast. A new endpoint needs a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from sillage.catalogue.actions import connecting
from sillage.catalogue.models import Account, Brand
from sillage.discovery import actions as discovery
from sillage.front.tests.program import Program, program_of
from sillage.front.tests.test_api_description import described
from sillage.governance import actions as governance
from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Right, Role
from sillage.governance.models import Member
from sillage.understanding.actions.contesting import contest
from sillage.understanding.actions.corrections import correct
from sillage.understanding.actions.tags import create_tag
from sillage.understanding.engine.heads import train_head
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import Correction, Head, TopicMap

READ, BRIEF, CATALOGUE, ERASE, ADMIN = Right.READ, Right.BRIEF, Right.CATALOGUE, Right.ERASE, Right.ADMIN


@dataclass(frozen=True)
class Row:
    """The right that a program needs, what it is answered when it has it, and a request that is in order.

    `body` and `query` may be made from the places.
    """

    right: Right
    status: int = 200
    body: Any = None
    query: Any = ()
    form: Any = ()


def _file() -> dict[str, Any]:
    rows = "network,account_id,post_id,published_at\ninstagram,gil,g1,2026-06-01\n"
    return {"file": SimpleUploadedFile("posts.csv", rows.encode()), "mapping": "sillage-posts"}


MONA = "instagram:mona"
HEAD = train_head(
    ["love it", "so good", "hate it", "so bad"],
    np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool),
    ["positive", "negative"],
    is_exclusive=True,
).to_bytes()
NO_TOPICS = {
    "texts": [0],
    "without": 0,
    "loose": 0,
    "terms": 0,
    "step": "week",
    "periods": [],
    "totals": [[]],
    "topics": [],
    "summaries": [],
    "written": None,
}
CORRECTION = {"enricher": "authenticity", "subject_kind": "account", "value": {"credible": True}}
NAMED = {  # what stands in {key} or {enricher} of some paths
    "receipts": lambda p: {"key": p["receipt"]},
    "tags": lambda p: {"key": "verger"},
    "accounts": lambda p: {"enricher": "authenticity"},
    "agreement": lambda p: {"enricher": "tone"},
    "learn": lambda p: {"enricher": "tone"},
    "rollback": lambda p: {"enricher": "tone"},
}
MATRIX = {
    "GET me": Row(READ),
    "GET members": Row(READ),
    "POST members": Row(ADMIN, 201, {"email": "new@example.org", "role": "reader"}),
    "PATCH members/{member_id}": Row(ADMIN, 200, {"role": "manager"}),
    "DELETE members/{member_id}": Row(ADMIN, 204),
    "GET tokens": Row(READ),
    "POST tokens": Row(ADMIN, 201, {"name": "report", "scopes": ["read"]}),
    "DELETE tokens/{token_id}": Row(ADMIN, 204),
    "GET ledger": Row(READ),
    "GET ledger/verify": Row(READ),
    "GET receipts/{key}": Row(READ),
    "GET receipts/{key}/verify": Row(READ),
    "GET accounts": Row(READ, query={"words": "jardin", "countries": ["FR"]}),
    "GET accounts/facets": Row(READ),
    "GET accounts/{key}": Row(READ),
    "GET creators/{key}": Row(READ),
    "DELETE creators/{key}": Row(ERASE),
    "GET brands": Row(READ),
    "GET coverage": Row(READ),
    "GET mappings": Row(READ),
    "GET imports": Row(READ),
    "POST imports": Row(CATALOGUE, form=_file),
    "POST imports/dry-run": Row(CATALOGUE, form=_file),
    "GET connections": Row(READ),
    "POST connections": Row(CATALOGUE, 201, {"network": "bluesky", "targets": ["mona.example.org"]}),
    "POST connections/{connection_id}/fetch": Row(CATALOGUE, 422),  # an address of the own network is refused
    "GET themes": Row(READ),
    "POST enrich": Row(CATALOGUE, 200, {}),
    "GET accounts/{key}/profile": Row(READ),
    "GET accounts/{key}/posts": Row(READ),
    "GET briefs": Row(READ),
    "POST briefs": Row(BRIEF, 201, {"text": "jardinage"}),
    "POST briefs/read": Row(READ, 200, {"text": "jardinage"}),
    "GET briefs/{brief_id}": Row(READ),
    "PATCH briefs/{brief_id}": Row(BRIEF, 200, {"title": "Potagers"}),
    "PUT briefs/{brief_id}/weights": Row(BRIEF, 200, {"weights": {"themes": 10}}),
    "POST briefs/{brief_id}/archive": Row(BRIEF),
    "POST briefs/{brief_id}/shortlists": Row(BRIEF, 201, {"limit": 3}),
    "GET briefs/{brief_id}/shortlists/latest": Row(READ),
    "GET briefs/{brief_id}/why": Row(READ, query={"account": MONA}),
    "GET briefs/{brief_id}/decisions": Row(READ),
    "POST briefs/{brief_id}/pin": Row(BRIEF, 201, {"account": MONA}),
    "POST briefs/{brief_id}/dismiss": Row(BRIEF, 201, {"account": MONA, "reason": "under contract"}),
    "POST briefs/{brief_id}/withdraw": Row(BRIEF, 201, {"account": MONA}),
    "GET shortlists/{shortlist_id}": Row(READ),
    "POST shortlists/{shortlist_id}/rerank": Row(READ, 200, {"weights": {"words": 50}}),
    "GET shortlists/{shortlist_id}/export": Row(READ, query={"format": "csv"}),
    "POST lookalikes": Row(READ, 200, {"accounts": [MONA]}),
    "GET exclusion-lists": Row(READ),
    "POST exclusion-lists": Row(BRIEF, 200, {"name": "competitors", "accounts": [MONA]}),
    "POST exclusion-lists/remove": Row(BRIEF, 200, {"name": "known", "accounts": [MONA]}),
    "GET searches": Row(READ),
    "POST searches": Row(BRIEF, 200, {"name": "gardens", "words": "jardin"}),
    "DELETE searches": Row(BRIEF, 204, query={"name": "kept"}),
    "GET law": Row(READ),
    "POST law/check": Row(READ, 200, {"caption": "Publicité - ma routine", "country": "FR", "consideration": "gift"}),
    "GET accounts/{key}/brands": Row(READ),
    "GET accounts/{key}/disclosure": Row(READ),
    "GET disclosure": Row(READ),
    "GET accounts/{key}/signals/{enricher}": Row(READ),
    "GET accounts/{key}/contests": Row(READ),
    "POST accounts/{key}/contests": Row(BRIEF, 200, {"text": "A prize drew them.", "stated_by": "Mona"}),
    "POST contests/{contest_id}/answer": Row(BRIEF, 200, {"answer": "Thank you."}),
    "POST accounts/{key}/contest-link": Row(CATALOGUE, 200, {}),
    "GET archives": Row(READ),
    "POST archives": Row(CATALOGUE, 200, {"brand": "terrabelle", "texts": ["Un potager pour tous."]}),
    "GET corrections": Row(
        READ, query=lambda p: {"account_id": p["mona"], "subject_kind": "account", "subject_id": p["mona"]}
    ),
    "POST corrections": Row(BRIEF, 201, lambda p: CORRECTION | {"account_id": p["mona"], "subject_id": p["mona"]}),
    "DELETE corrections/{correction_id}": Row(BRIEF, 403),  # somebody else said it
    "GET agreement/{enricher}": Row(READ),
    "GET tags": Row(READ),
    "POST tags": Row(BRIEF, 201, {"name": "Potagers"}),
    "DELETE tags/{key}": Row(BRIEF, 204),
    "GET heads": Row(READ),
    "GET heads/{head_id}": Row(READ),
    "POST learn/{enricher}": Row(CATALOGUE, 409, {}),  # nobody has corrected enough
    "POST heads/{head_id}/compare": Row(CATALOGUE, 409),  # it was refused already
    "POST heads/{head_id}/promote": Row(CATALOGUE, 409, {}),
    "POST heads/{head_id}/refuse": Row(CATALOGUE, 409, {"reason": "too few"}),
    "POST rollback/{enricher}": Row(CATALOGUE, 409),  # what ships reads
    "GET taxonomies": Row(READ),
    "GET taxonomies/themes": Row(READ),
    "GET topic-maps": Row(READ),
    "POST topic-maps": Row(BRIEF, 422, {"scope": {"kind": "comments"}}),  # too few texts
    "GET topic-maps/{map_id}": Row(READ),
    "DELETE topic-maps/{map_id}": Row(BRIEF, 204),
    "GET comments": Row(READ),
    "GET comments/counts": Row(READ),
}


@pytest.fixture
def places(catalogue, ada, rita, noon) -> dict[str, Any]:
    """What stands in the paths' brackets: things of Ada's workspace."""
    brief = discovery.open_brief(given={"text": "Jardinage, potager"}, actor=ada, now=noon)
    shortlist = discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)
    discovery.exclude(name="known", account_ids=[], actor=ada, now=noon)
    discovery.save_search(name="kept", filters={}, words="", actor=ada, now=noon)
    (connection,) = connecting.connect(network="rss", targets=["http://127.0.0.1:9/feed"], actor=ada, now=noon)
    token, _ = governance.issue_token(name="x", scopes=frozenset({READ}), expires_at=None, actor=rita, now=noon)
    mona = Account.objects.get(handle="mona")
    Brand.objects.create(workspace_id=ada.workspace_id, key="terrabelle", name="Terrabelle")
    create_tag(name="Verger", actor=ada, now=noon)
    said = correct(account_id=mona.pk, subject_id=mona.pk, **CORRECTION, actor=ada, now=noon)
    Correction.objects.update(member=None)  # whoever said it has left
    return {
        "mona": mona.pk,
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
        "connection_id": connection.pk,
        "key": MONA,
        "receipt": shortlist.candidates.get(rank=1).receipt_key,
    }


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
