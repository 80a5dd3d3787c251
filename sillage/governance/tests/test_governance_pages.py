"""The ledger, receipts, members and tokens as pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from sillage.discovery.tests.conftest import fill
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import Right, Role
from sillage.governance.models import ApiToken, Entry, Member, Receipt
from sillage.governance.queries import find_actor_of_token


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


def fill_ledger(actor, noon, count):
    for n in range(count):
        governance.record(
            verb="discovery.search_saved", subject_kind="saved_search", subject_id=n, actor=actor, now=noon
        )


# -- the ledger ------------------------------------------------------------------------------------------------------


def test_the_ledger_says_who_did_what_in_words(signed_in, ada, bruno):
    page = signed_in(ada).get("/w/harbour/ledger/").content.decode()

    assert "let a person in" in page and "opened the workspace" in page
    assert "actor--person" in page and "actor--automation" in page


def test_the_ledger_goes_on_page_by_page_and_within_its_budget(signed_in, ada, noon, django_assert_max_num_queries):
    fill_ledger(ada, noon, 60)
    client, seen, query = signed_in(ada), [], ""
    for _ in range(3):
        with django_assert_max_num_queries(8):
            page = client.get(f"/w/harbour/ledger/{query}").content.decode()
        seen += re.findall(r'id="entry-(\d+)"', page)
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        if not following:
            break
        query = following.group(1).replace("&amp;", "&")

    assert [int(n) for n in seen] == list(range(62, 0, -1))


def test_the_ledger_is_filtered_by_verb_actor_and_subject(signed_in, ada, noon):
    fill_ledger(ada, noon, 3)
    client = signed_in(ada)

    def count(query):
        return client.get(f"/w/harbour/ledger/?{query}").content.decode().count('id="entry-')

    assert count("verb=discovery.search_saved") == 3
    assert count("actor_kind=automation") == 2
    assert count("subject_kind=saved_search&subject_id=1") == 1
    assert "No entry of this kind" in client.get("/w/harbour/ledger/?verb=no.such").content.decode()


def test_a_whole_chain_is_said_to_hold(signed_in, rita):
    page = signed_in(rita).post("/w/harbour/ledger/verify/").content.decode()

    assert "The chain holds: 3 entries" in page and "</html>" in page
    fragment = signed_in(rita).post("/w/harbour/ledger/verify/", headers={"HX-Request": "true"}).content.decode()
    assert "The chain holds" in fragment and "</html>" not in fragment


def test_a_seal_is_shown_and_compared(signed_in, rita, ada, noon):
    client = signed_in(rita)
    seal = queries.verify_ledger(rita.workspace_id).seal
    assert seal in client.post("/w/harbour/ledger/verify/").content.decode()
    fill_ledger(ada, noon, 1)
    assert "The chain holds" in client.post("/w/harbour/ledger/verify/", {"seal": seal}).content.decode()
    other = seal[:-1] + ("0" if seal[-1] != "0" else "1")
    page = client.post("/w/harbour/ledger/verify/", {"seal": other}).content.decode()
    assert "The chain breaks at entry 3" in page and "another than the one that was sealed" in page
    refused = client.post("/w/harbour/ledger/verify/", {"seal": "3-abc"})
    assert refused.status_code == 422 and "is not the seal of a ledger" in refused.content.decode()


def test_a_changed_entry_is_named(signed_in, ada):
    with connection.cursor() as cursor:  # past the trigger that refuses it: what a tampering administrator would do
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE governance_entry SET actor_name = 'nobody' WHERE number = 2")
        cursor.execute("SET session_replication_role = DEFAULT")

    page = signed_in(ada).post("/w/harbour/ledger/verify/").content.decode()

    assert "The chain breaks at entry 2" in page and "changed after it was written" in page


# -- receipts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def rate(ada, noon) -> Receipt:
    fill(ada, noon)
    return Receipt.objects.filter(metric="account.engagement_by_followers").order_by("pk")[0]


def test_a_receipt_shows_formula_inputs_sources_and_time(signed_in, rita, rate):
    page = signed_in(rita).get(f"/w/harbour/receipts/{rate.key}/").content.decode()

    for word in ("Engagement by followers", "median(sums(likes, comments))", "observation:", rate.key, "Sillage 0."):
        assert word in page


def test_a_receipt_for_the_dialog_is_a_fragment(signed_in, rita, rate):
    answer = signed_in(rita).get(f"/w/harbour/receipts/{rate.key}/", headers={"HX-Request": "true"})

    assert "receipt-paper" in answer.content.decode() and "</html>" not in answer.content.decode()


def test_verifying_recomputes_the_value_from_its_sources(signed_in, rita, rate):
    page = signed_in(rita).get(f"/w/harbour/receipts/{rate.key}/?verify=1").content.decode()

    assert "the same value" in page


def test_a_receipt_whose_source_changed_says_so(signed_in, rita, rate):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_observation SET value = value + 1 WHERE measure = 'followers'")

    page = signed_in(rita).get(f"/w/harbour/receipts/{rate.key}/?verify=1").content.decode()

    assert "1 source says something else now" in page


def test_a_receipt_that_was_changed_itself_says_so(signed_in, rita, rate):
    Receipt.objects.filter(pk=rate.pk).update(value=99.0)

    page = signed_in(rita).get(f"/w/harbour/receipts/{rate.key}/?verify=1").content.decode()

    assert "changed after it was written" in page


def test_a_receipt_of_another_workspace_is_not_found(signed_in, dario, rate):
    assert signed_in(dario).get(f"/w/elsewhere/receipts/{rate.key}/").status_code == 404


# -- members ---------------------------------------------------------------------------------------------------------


def test_an_owner_lets_somebody_in(signed_in, ada):
    client = signed_in(ada)

    client.post(
        "/w/harbour/members/add/",
        {"email": "chiara@example.org", "name": "Chiara", "role": "manager", "password": "lantern-otter-17"},
    )

    assert Member.objects.get(person__email="chiara@example.org").role == "manager"
    assert "Chiara" in client.get("/w/harbour/members/").content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "nobody"}, "is not an e-mail address"),
        ({"email": "x@example.org", "password": "short"}, "too short"),
        ({"email": "x@example.org", "role": "emperor"}, "is not a role"),
    ],
)
def test_what_is_wrong_with_a_new_member_is_said(signed_in, ada, given, said):
    answer = signed_in(ada).post("/w/harbour/members/add/", {"role": "reader", "password": "lantern-otter-17", **given})

    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_role_changes_and_a_membership_ends(signed_in, ada, bruno):
    client = signed_in(ada)

    client.post(f"/w/harbour/members/{bruno.member_id}/role/", {"role": "manager"})
    assert Member.objects.get(pk=bruno.member_id).role == Role.MANAGER
    client.post(f"/w/harbour/members/{bruno.member_id}/remove/")
    assert not Member.objects.filter(pk=bruno.member_id).exists()


def test_the_last_owner_stays(signed_in, ada):
    answer = signed_in(ada).post(f"/w/harbour/members/{ada.member_id}/remove/")

    assert answer.status_code == 409 and Member.objects.filter(pk=ada.member_id).exists()


def test_a_member_who_is_no_owner_sees_members_and_changes_nothing(signed_in, bruno, rita):
    client = signed_in(bruno)

    assert "End membership" not in client.get("/w/harbour/members/").content.decode()
    assert client.post(f"/w/harbour/members/{rita.member_id}/remove/").status_code == 403
    assert client.post(f"/w/harbour/members/{rita.member_id}/role/", {"role": "owner"}).status_code == 403
    assert client.post("/w/harbour/members/add/", {"email": "x@example.org", "role": "owner"}).status_code == 403


def test_an_owner_elsewhere_cannot_touch_these_members(signed_in, dario, bruno):
    client = signed_in(dario)

    assert client.post(f"/w/elsewhere/members/{bruno.member_id}/remove/").status_code == 404
    assert Member.objects.filter(pk=bruno.member_id).exists()


# -- tokens ----------------------------------------------------------------------------------------------------------


def test_a_tokens_secret_is_shown_once_and_kept_nowhere(signed_in, bruno, noon):
    client = signed_in(bruno)

    made = client.post("/w/harbour/tokens/issue/", {"name": "report", "scopes": ["read"], "days": "30"})
    secret = re.search(r"sil_[\w-]{30,}", made.content.decode()).group()

    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get("/w/harbour/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert find_actor_of_token(secret, token.created_at).rights == {Right.READ}
    assert token.expires_at - token.created_at == timedelta(days=30)


def test_a_token_cannot_do_more_than_its_maker(signed_in, bruno):
    answer = signed_in(bruno).post("/w/harbour/tokens/issue/", {"name": "x", "scopes": ["read", "erase"], "days": "30"})

    assert answer.status_code == 403 and not ApiToken.objects.exists()


@pytest.mark.parametrize("given", [{"scopes": ["fly"]}, {"scopes": ["read"], "days": "99999"}])
def test_a_token_is_made_of_choices_that_exist(signed_in, bruno, given):
    assert signed_in(bruno).post("/w/harbour/tokens/issue/", {"name": "x", **given}).status_code == 422


def test_a_token_is_revoked_by_its_owner_and_not_by_a_colleague(signed_in, bruno, rita, noon):
    token, _secret = governance.issue_token(
        name="mine", scopes=frozenset({Right.READ}), expires_at=None, actor=bruno, now=noon
    )

    assert signed_in(rita).post(f"/w/harbour/tokens/{token.pk}/revoke/").status_code == 404
    assert signed_in(bruno).post(f"/w/harbour/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Entry.objects.filter(verb="governance.token_revoked").count() == 1


def test_one_sees_ones_own_tokens_and_an_owner_sees_all(signed_in, ada, bruno, rita, noon):
    governance.issue_token(name="of bruno", scopes=frozenset({Right.READ}), expires_at=None, actor=bruno, now=noon)

    assert "of bruno" in signed_in(ada).get("/w/harbour/tokens/").content.decode()
    assert "of bruno" not in signed_in(rita).get("/w/harbour/tokens/").content.decode()
