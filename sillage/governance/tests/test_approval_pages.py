"""Approvals and policies as pages, API and commands: for those who may, in words, and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.utils import timezone
from django.utils.translation import override

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.front import errors
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.actions import policies as registry
from sillage.governance.cli.approvals import approval
from sillage.governance.cli.policies import policy
from sillage.governance.engine.actors import Actor, ActorKind, Right
from sillage.governance.engine.acts import Act, Verdict
from sillage.governance.engine.approval_file import check_approval_file
from sillage.governance.engine.policy_limits import Doing, Limits
from sillage.governance.models import ApprovalRequest, ApprovalRule, Policy, PolicyUse, SigningKey
from sillage.governance.views.policies import scope_of
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Decimals, Language, Sentence, to_stored

PAY = Act("campaigns.pay", "payment", "7", {"for": "<b>Reel</b>"}, ("mona@example.org",), Decimal("1200.50"), "EUR")
DEARER = Act("campaigns.pay", "payment", "7", {"for": "<b>Story</b>"}, ("mona@example.org",), Decimal("1300"), "EUR")


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def asked(bruno):
    return governance.ask_approval(act=PAY, summary="Pay Mona", actor=bruno, now=timezone.now())


def text_of(answer):
    return answer.content.decode()


# -- pages -----------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_awaits_me_and_the_navigation_counts_it(signed_in, ada, asked):
    page = text_of(signed_in(ada).get("/w/harbour/approvals/"))
    assert "Pay Mona" in page and "1,200.50 EUR" in page and "Have a payment made" in page
    assert "awaiting you" in text_of(signed_in(ada).get("/w/harbour/members/"))


def test_an_approval_is_read_in_the_reader_s_language_and_signed_exported_and_told_to_programs_in_english(
    signed_in, ada, bruno, monkeypatch
):
    summary = Sentence("Pay %(amount)s to %(name)s", amount=Decimals(Decimal("1200.50"), 2), name="Mona")
    asked = governance.ask_approval(act=PAY, summary=summary, actor=bruno, now=timezone.now())
    french = Language("[{}]".format, lambda _, term: f"[{term}]", lambda number, _: f"<{number}>", str)
    monkeypatch.setattr(errors, "READERS", french)
    client, path = signed_in(ada), f"/w/harbour/approvals/{asked.pk}/"
    for address in ("/w/harbour/approvals/", "/w/harbour/approvals/all/", path):
        assert "[Pay &lt;1200.50&gt; to Mona]" in text_of(client.get(address))
    client.post(f"{path}decide/", {"verdict": "approved", "reason": "agreed"})
    file = json.loads(client.get(f"{path}file/").content)
    assert file["request"]["summary"] == "Pay 1,200.50 to Mona" and "[Pay" not in json.dumps(file)
    program = program_of(ada).get(f"approvals/{asked.pk}").json()
    assert program["summary"] == "Pay 1,200.50 to Mona"


def test_a_request_that_was_kept_as_plain_text_is_shown_as_it_is(signed_in, ada, asked, monkeypatch):
    assert ApprovalRequest.objects.get().summary_said is None
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, term: term, lambda n, _: str(n), str))
    page = text_of(signed_in(ada).get("/w/harbour/approvals/"))
    assert "Pay Mona" in page and "[Pay Mona]" not in page


def test_a_page_never_shows_another_sentence_than_the_one_that_is_signed(signed_in, ada, asked):
    ApprovalRequest.objects.update(summary_said=to_stored(Sentence("Pay nobody")))
    page = text_of(signed_in(ada).get(f"/w/harbour/approvals/{asked.pk}/"))
    assert "Pay Mona" in page and "Pay nobody" not in page


def test_why_somebody_may_not_decide_is_said_in_their_language(signed_in, ada, bruno, monkeypatch):
    governance.ask_approval(act=PAY, summary="Pay Mona", actor=ada, now=timezone.now())
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, term: term, lambda n, _: str(n), str))
    page = text_of(signed_in(ada).get(f"/w/harbour/approvals/{ApprovalRequest.objects.get().pk}/"))
    assert "[You asked for this spending yourself.]" in page


def test_acts_are_named_in_words_with_their_code_beside(signed_in, ada, asked, labelled):
    client = signed_in(ada)
    for path in ("approvals/", f"approvals/{asked.pk}/"):
        page = text_of(client.get(f"/w/harbour/{path}"))
        assert "Have a payment made" in page and "campaigns.pay</code>" in page
    assert "made.label</code>" in text_of(client.get("/w/harbour/policies/"))


def test_an_empty_inbox_says_what_will_stand_there(signed_in, ada, bruno, asked):
    assert "Nothing awaits your word" in text_of(signed_in(bruno).get("/w/harbour/approvals/"))
    assert "Pay Mona" in text_of(signed_in(bruno).get("/w/harbour/approvals/asked/"))
    assert "Pay Mona" in text_of(signed_in(ada).get("/w/harbour/approvals/all/"))
    assert "awaiting you" not in text_of(signed_in(bruno).get("/w/harbour/members/"))


def test_a_request_shows_every_word_escaped_and_who_may_approve(signed_in, ada, asked):
    page = text_of(signed_in(ada).get(f"/w/harbour/approvals/{asked.pk}/"))
    assert "&lt;b&gt;Reel&lt;/b&gt;" in page and "mona@example.org" in page
    assert "Yes, do exactly this" in page and PAY.digest.hex() in page


def test_a_yes_on_the_page_is_kept_and_a_no_without_reason_is_refused(signed_in, ada, asked):
    client, path = signed_in(ada), f"/w/harbour/approvals/{asked.pk}/decide/"
    refused = client.post(path, {"verdict": "refused", "reason": ""})
    assert refused.status_code == 422 and "needs its reason" in text_of(refused)
    done = client.post(path, {"verdict": "approved", "reason": "agreed"}, follow=True)
    assert "it may be done, once" in text_of(done)
    page = text_of(client.get(f"/w/harbour/approvals/{asked.pk}/"))
    assert "agreed" in page and "signed by the key" in page
    file = client.get(f"/w/harbour/approvals/{asked.pk}/file/")
    assert "attachment" in file["Content-Disposition"] and check_approval_file(file.content).holds


def test_the_page_shows_what_changed_since_the_last_approval(signed_in, ada, bruno, asked):
    now = timezone.now()
    governance.decide_approval(request_id=asked.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=now)
    later = governance.ask_approval(act=DEARER, summary="Pay more", actor=bruno, now=now)
    page = text_of(signed_in(ada).get(f"/w/harbour/approvals/{later.pk}/"))
    assert "<del>Reel</del>" in page and "<ins>Story</ins>" in page


def test_those_who_may_not_decide_are_told_and_refused(signed_in, bruno, dario, rita, asked):
    path = f"/w/harbour/approvals/{asked.pk}/"
    page = text_of(signed_in(bruno).get(path))
    assert "Your role does not approve" in page and "Yes, do exactly this" not in page
    assert signed_in(bruno).post(f"{path}decide/", {"verdict": "approved"}).status_code == 403
    assert signed_in(rita).post(f"{path}withdraw/").status_code == 403
    for address in (path, f"{path}file/", "/w/harbour/approvals/", "/w/harbour/policies/"):
        assert signed_in(dario).get(address).status_code == 404
    assert ApprovalRequest.objects.get().approvals.count() == 0


def test_the_asker_withdraws_on_the_page(signed_in, bruno, asked):
    done = signed_in(bruno).post(f"/w/harbour/approvals/{asked.pk}/withdraw/", follow=True)
    assert "The request is withdrawn" in text_of(done)


def test_an_owner_keeps_rules_on_their_page(signed_in, ada, bruno):
    client = signed_in(ada)
    given = {"act": "campaigns.pay", "roles": ["owner"], "up_to": "1 000,50", "two_from": "500", "currency": "eur"}
    page = text_of(client.post("/w/harbour/approvals/rules/add/", given, follow=True))
    assert "Have a payment made" in page and "1,000.50 EUR" in page
    row = ApprovalRule.objects.get()
    assert (row.up_to, row.two_from, row.currency) == (Decimal("1000.50"), Decimal("500"), "EUR")
    assert client.post("/w/harbour/approvals/rules/add/", {"up_to": "much"}).status_code == 422
    assert signed_in(bruno).post("/w/harbour/approvals/rules/add/", given).status_code == 403
    client = signed_in(ada)
    assert "No rule yet" in text_of(client.post(f"/w/harbour/approvals/rules/{row.pk}/remove/", follow=True))


def test_the_keys_page_shows_the_public_half_and_replaces_it(signed_in, ada, bruno):
    client = signed_in(ada)
    assert "No key yet" in text_of(client.get("/w/harbour/approvals/keys/"))
    page = text_of(client.post("/w/harbour/approvals/keys/rotate/", follow=True))
    assert bytes(SigningKey.objects.get().public).hex() in page and "signs now" in page
    assert signed_in(bruno).post("/w/harbour/approvals/keys/rotate/").status_code == 403


def test_lists_of_approvals_stay_within_their_budget(signed_in, ada, bruno, django_assert_max_num_queries):
    for n in range(60):
        act = Act("campaigns.publish", "deliverable", str(n), {"caption": "x"})
        governance.ask_approval(act=act, summary=f"Post {n}", actor=bruno, now=timezone.now())
    client = signed_in(ada)
    for path in ("approvals/", "approvals/all/", "policies/"):
        with django_assert_max_num_queries(14):
            assert client.get(f"/w/harbour/{path}").status_code == 200
    page = text_of(client.get("/w/harbour/approvals/all/"))
    assert 'rel="next"' in page and "Post 59" in page and ">Post 9<" not in page


# -- policies --------------------------------------------------------------------------------------------------------


@pytest.fixture
def labelled(ada):
    """A machine acted once within a policy: a label that the tests can take back."""
    undone = []
    governance.undo_with("made.label", lambda use, now: undone.append(use.undo["was"]))
    now = timezone.now()
    governance.allow_policy(
        verb="made.label",
        limits=Limits({"kind": ["spam"]}, Decimal("0.9"), 5, None, "", now + timedelta(days=30)),
        sample_percent=100,
        reason="Spam is plain.",
        actor=ada,
        now=now,
    )
    governance.use_policy(
        verb="made.label",
        subject_kind="comment",
        subject_id=4,
        doing=Doing({"kind": "spam"}, Decimal("0.95")),
        machine=Actor(ActorKind.MODEL, "labeller", ada.workspace_id, frozenset(), version="3"),
        undo={"was": "none"},
        now=now,
    )
    yield undone
    registry._undos.pop("made.label")


def test_the_page_of_policies_shows_limits_uses_and_the_switch(signed_in, ada, bruno, labelled):
    client = signed_in(bruno)
    page = text_of(client.get("/w/harbour/policies/"))
    assert "Kind: spam" in page and "1 / 5" in page and "actor--model" in page and "Stop everything" in page
    page = text_of(client.post("/w/harbour/policies/stop/", {"reason": "wrong words"}, follow=True))
    assert "Every policy is stopped" in page and "Bruno stopped them" in page and "wrong words" in page
    assert client.post("/w/harbour/policies/resume/").status_code == 403
    page = text_of(signed_in(ada).post("/w/harbour/policies/resume/", follow=True))
    assert "Stop everything" in page


def test_a_campaign_in_a_scope_goes_by_its_name_in_its_own_workspace(signed_in, ada, dario, labelled):
    given = {"given": {"name": "Spring", "objective": "Compost", "brand": "Terre Vive"}, "now": timezone.now()}
    ours, theirs = (open_campaign(**given, actor=actor) for actor in (ada, dario))
    Policy.objects.update(scope={"campaign": [ours.pk, theirs.pk], "network": ["tiktok"]})
    PolicyUse.objects.update(about={"campaign": ours.pk, "network": None})
    page = text_of(signed_in(ada).get("/w/harbour/policies/"))

    assert f"Campaign: Spring, {theirs.pk}" in page and "Network: TikTok" in page
    assert "<span>Campaign: Spring</span>" in page and "<span>Network: -</span>" in page


def test_a_field_of_a_scope_may_be_called_as_the_page_calls_it():
    with override("fr"):
        assert scope_of("Réseau\u00a0: tiktok\nformat: image\nlabel: x") == {
            "network": ["tiktok"],
            "format": ["image"],
            "label": ["x"],
        }


def test_a_person_looks_at_a_use_and_undoes_it(signed_in, bruno, labelled):
    client, use = signed_in(bruno), PolicyUse.objects.get()
    assert "labeller" in text_of(client.get("/w/harbour/policies/review/"))
    page = text_of(client.post(f"/w/harbour/policies/uses/{use.pk}/judge/", {"verdict": "wrong"}, follow=True))
    assert "Nothing to look at" in page
    page = text_of(client.post(f"/w/harbour/policies/uses/{use.pk}/undo/", follow=True))
    assert labelled == ["none"] and "undone" in page
    again = client.post(f"/w/harbour/policies/uses/{use.pk}/undo/")
    assert again.status_code == 409 and "undone already" in text_of(again)


def test_a_policy_is_allowed_on_the_page_and_ended(signed_in, ada, rita, labelled):
    given = {"act": "made.label", "scope": "kind: spam, scam\n", "per_day": "20", "sample_percent": "5", "days": "7"}
    client = signed_in(ada)
    client.post("/w/harbour/policies/allow/", given | {"reason": "plain", "threshold": "0,99"})
    made = queries.list_policies(ada.workspace_id, timezone.now())[0].policy
    assert made.scope == {"kind": ["spam", "scam"]} and made.threshold == Decimal("0.99")
    for wrong in ({"per_day": "many"}, {"scope": "spam"}, {"reason": ""}):
        assert client.post("/w/harbour/policies/allow/", given | {"reason": "plain"} | wrong).status_code == 422
    client.post(f"/w/harbour/policies/{made.pk}/end/")
    assert not queries.list_policies(ada.workspace_id, timezone.now())[1].is_live
    assert signed_in(rita).post("/w/harbour/policies/stop/").status_code == 403


# -- the API ---------------------------------------------------------------------------------------------------------


def test_a_program_reads_and_decides(ada, bruno, asked):
    program = program_of(ada)
    (found,) = program.get("approvals/awaiting").json()["items"]
    assert (found["id"], found["amount"], found["digest"]) == (asked.pk, "1200.50", PAY.digest.hex())
    one = program.get(f"approvals/{asked.pk}").json()
    assert one["may_approve"][0]["email"] == "ada@example.org" and one["why_not_you"] == ""
    done = program.post(f"approvals/{asked.pk}/decide", {"verdict": "approved", "reason": "ok"}).json()
    assert done["standing"] == "approved" and len(done["words"][0]["signature"]) == 128
    again = program.post(f"approvals/{asked.pk}/decide", {"verdict": "approved"})
    assert again.status_code == 409 and again.json()["type"] == "urn:sillage:NotAwaited"
    assert check_approval_file(program.get(f"approvals/{asked.pk}/file").content).holds


def test_a_program_keeps_rules_and_policies(ada, labelled):
    program = program_of(ada)
    made = program.post("approvals/rules", {"act": "campaigns.pay", "up_to": "500.00", "currency": "EUR"})
    assert made.status_code == 201 and made.json()["up_to"] == "500.00"
    assert program.get("approvals/rules").json()["items"] == [made.json()]
    assert program.call("DELETE", f"approvals/rules/{made.json()['id']}").status_code == 204
    assert program.post("approvals/keys", {}).status_code == 201
    assert len(program.get("approvals/keys").json()["items"]) == 2
    found = program.get("policies").json()
    assert found["acts"] == ["campaigns.confirm_live", "made.label"]
    assert found["items"][0]["uses"] == 1 and not found["switch"]["is_stopped"]
    assert program.post("policies/stop", {"reason": "x"}).json()["is_stopped"]
    use = program.get("policy-uses/to-review").json()["items"][0]
    assert use["machine"] == "model labeller 3" and use["score"] == "0.9500"
    assert program.post(f"policy-uses/{use['id']}/judge", {"is_right": True}).json()["verdict"] == "right"
    assert program.post(f"policy-uses/{use['id']}/undo", {}).json()["undone_at"]


def test_a_token_without_the_right_decides_nothing(ada, asked):
    narrow = program_of(ada, Right.READ, Right.CAMPAIGN)
    assert narrow.post(f"approvals/{asked.pk}/decide", {"verdict": "approved"}).status_code == 403


# -- the command line ------------------------------------------------------------------------------------------------


def run(command, *arguments):
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_the_command_lists_shows_decides_and_exports(ada, asked, tmp_path):
    assert [row["id"] for row in json.loads(run(approval, "list", "--json").output)] == [asked.pk]
    shown = json.loads(run(approval, "show", str(asked.pk), "--json").output)
    assert shown["lines"]["amount"] == "1200.50 EUR" and shown["may_approve"] == ["ada@example.org"]
    assert "is approved" in run(approval, "approve", str(asked.pk), "--reason", "agreed").output
    file = tmp_path / "approval.json"
    file.write_bytes(run(approval, "export", str(asked.pk)).stdout_bytes)
    assert "approved by Ada" in run(approval, "verify", str(file)).output
    key = json.loads(run(approval, "keys", "--json").output)[0]["public"]
    assert "the key that you gave" in run(approval, "verify", str(file), "--key", key).output
    with pytest.raises(Refusal, match="none of those you trust"):
        run(approval, "verify", str(file), "--key", "0" * 16)


def test_the_command_keeps_rules(ada):
    assert "Rule" in run(approval, "rules", "add", "--act", "campaigns.pay", "--two-from", "1000").output
    (row,) = json.loads(run(approval, "rules", "list", "--json").output)
    assert row["act"] == "campaigns.pay" and row["two from"] == "1000.00"
    run(approval, "rules", "remove", str(row["id"]))
    assert json.loads(run(approval, "rules", "list", "--json").output) == []


def test_the_command_stops_lists_and_undoes(ada, labelled):
    assert "stopped" in run(policy, "stop", "--reason", "wrong words").output
    (row,) = json.loads(run(policy, "list", "--json").output)
    assert (row["state"], row["today"], row["scope"]) == ("stopped", "1 of 5", "kind: spam")
    assert "go on" in run(policy, "resume").output
    (use,) = json.loads(run(policy, "uses", "--json").output)
    run(policy, "undo", str(use["id"]))
    assert labelled == ["none"]
    allowed = ("allow", "made.label", "--scope", "kind=spam", "--per-day", "3", "--reason", "plain")
    assert "is live" in run(policy, *allowed).output
    assert "is ended" in run(policy, "end", str(row["id"])).output
