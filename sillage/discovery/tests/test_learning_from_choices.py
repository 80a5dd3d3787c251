"""Pins and dismissals suggest other weights for a brief; a person accepts them, and can go back."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from conftest import NOON, opened
from sillage.catalogue.models import Account
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.engine.learning import Verdict
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.discovery.models import Brief, Candidate, Decision, Shortlist
from sillage.discovery.queries import Taught
from sillage.discovery.tests import conftest
from sillage.discovery.tests.standing import harbour
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import actions as governance
from sillage.governance import queries as ledger
from sillage.governance.engine.actors import Actor, ActorKind, NotAllowed, Right
from sillage.governance.engine.privacy import RequestKind
from sillage.lib.errors import NotFound

__all__ = ["harbour", "terminal"]

TEXT = "Jardinage au naturel, potager, pas de surf"
PINNED = [f"pinned{i}" for i in range(6)]
DISMISSED = [f"dismissed{i}" for i in range(6)]


@pytest.fixture(scope="module")
def standing(lasting):
    """Ada, and a catalogue with more creators."""
    with lasting(), pytest.MonkeyPatch.context() as patch:
        for handle in (*PINNED, *DISMISSED):
            patch.setitem(conftest.CREATORS, handle, (conftest.GARDEN, 9_000, "FR", "fr"))
        _, ada = opened("harbour", "Ada")
        conftest.fill(ada, NOON)
        return ada


@pytest.fixture
def brief(ada, noon):
    return _with_list(ada, noon)


def _with_list(ada, noon):
    """A brief whose words tell whom a person will pin; under the present weights meaning outweighs them for some."""
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    made = discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)
    for i in range(6):
        _measured(made, PINNED[i], themes=0.5, words=0.7 - i / 50, meaning=0.3 + i / 50)
        _measured(made, DISMISSED[i], themes=0.5, words=0.4 - i / 50, meaning=0.5 + i / 10)
    return Brief.objects.get(pk=brief.pk)


def _measured(made: Shortlist, handle: str, **parts: float) -> None:
    nothing = dict.fromkeys(DEFAULT_WEIGHTS)
    Candidate.objects.filter(shortlist=made, account__handle=handle).update(parts={**nothing, **parts})


def decide(brief, ada, noon, pinned=PINNED, dismissed=DISMISSED):
    for handle in pinned:
        discovery.pin(brief_id=brief.pk, account=f"instagram:{handle}", reason="", actor=ada, now=noon)
    for handle in dismissed:
        discovery.dismiss(brief_id=brief.pk, account=f"instagram:{handle}", reason="non", actor=ada, now=noon)


@pytest.fixture
def decided(brief, ada, noon):
    decide(brief, ada, noon)
    return brief


def accept(brief, actor, noon, key=None):
    found = queries.weight_suggestion(brief)
    return discovery.weigh(
        brief_id=brief.pk,
        weights=found.lesson.weights,
        diversity=brief.diversity,
        actor=actor,
        now=noon,
        suggestion=key or found.key,
    )


# -- what is suggested -----------------------------------------------------------------------------------------------


def test_decisions_suggest_the_weights_that_tell_them_apart(decided):
    found = queries.weight_suggestion(decided)

    assert found.is_offered and found.taught_by is Taught.BRIEF and found.briefs == 1
    assert found.lesson.pairs == 36 and found.lesson.choices == 12
    assert found.lesson.weights["words"] > 30 > found.lesson.weights["meaning"]
    assert Brief.objects.get().weights == DEFAULT_WEIGHTS


def test_the_pairs_that_change_are_the_ones_that_were_decided(decided):
    found = queries.weight_suggestion(decided)

    assert found.turned and all(pair.is_mended for pair in found.turned)
    assert {p.pinned.kind for p in found.turned} == {"pinned"} and {p.dismissed.kind for p in found.turned} == {
        "dismissed"
    }


def test_too_few_decisions_suggest_nothing(brief, ada, noon):
    decide(brief, ada, noon, PINNED[:2], DISMISSED)

    found = queries.weight_suggestion(brief)

    assert found.lesson.verdict is Verdict.TOO_FEW and not found.is_offered
    assert (found.lesson.pinned, found.lesson.dismissed, found.lesson.pairs) == (2, 6, 12)


def test_a_brief_without_decisions_learns_from_the_others_of_the_workspace_and_says_so(decided, ada, noon):
    other = discovery.open_brief(given={"text": "Compost et jardinage"}, actor=ada, now=noon)

    found = queries.weight_suggestion(other)

    assert found.taught_by is Taught.WORKSPACE and found.is_offered
    assert all(pair.pinned.brief_id == decided.pk for pair in found.turned)


def test_another_workspace_teaches_nothing(decided, dario, noon):
    theirs = discovery.open_brief(given={"text": TEXT}, actor=dario, now=noon)

    assert queries.weight_suggestion(theirs).lesson.choices == 0


def test_what_was_withdrawn_or_measured_otherwise_or_is_of_somebody_who_objected_is_left_out(decided, ada, noon):
    discovery.withdraw(brief_id=decided.pk, account="instagram:pinned0", actor=ada, now=noon)
    assert queries.weight_suggestion(decided).lesson.pinned == 5

    Decision.objects.filter(account__handle="dismissed0").update(parts={})
    assert queries.weight_suggestion(decided).lesson.dismissed == 5

    creator = Account.objects.get(handle="dismissed1").creator_id
    said = governance.Asked(RequestKind.OBJECTION, "creator", creator)
    governance.open_data_request(asked=said, actor=ada, now=noon)
    assert queries.weight_suggestion(decided).lesson.dismissed == 4

    Shortlist.objects.update(versions={"score": "score/0"})
    assert queries.weight_suggestion(decided).lesson.choices == 0


# -- what a person does with it --------------------------------------------------------------------------------------


def test_accepting_keeps_the_weights_and_enters_whence_they_came(decided, ada, noon):
    found = queries.weight_suggestion(decided)

    brief = accept(decided, ada, noon)

    assert brief.weights == found.lesson.weights and brief.former_weights == DEFAULT_WEIGHTS
    entry = ledger.list_entries(ada.workspace_id).items[0]
    assert entry.verb == "discovery.brief_weighed" and entry.actor_kind == "person"
    assert entry.facts["suggestion"] == {
        "by": "automation choices/1",
        "key": found.key,
        "taught_by": "brief",
        "decisions": 12,
        "pairs": 36,
    }


def test_weights_that_were_accepted_teach_nothing_more_and_can_be_taken_back(decided, ada, noon):
    brief = accept(decided, ada, noon)
    assert not queries.weight_suggestion(brief).is_offered

    back = discovery.weigh(
        brief_id=brief.pk, weights=brief.former_weights, diversity=brief.diversity, actor=ada, now=noon
    )

    assert back.weights == DEFAULT_WEIGHTS and back.former_weights == brief.weights
    assert "suggestion" not in ledger.list_entries(ada.workspace_id).items[0].facts


def test_a_change_of_the_brief_keeps_the_former_weights_too(decided, ada, noon):
    brief = discovery.change_brief(
        brief_id=decided.pk, given={"weights": {**decided.weights, "themes": 80}}, actor=ada, now=noon
    )
    assert brief.former_weights == DEFAULT_WEIGHTS
    assert discovery.change_brief(brief_id=brief.pk, given={"title": "x"}, actor=ada, now=noon).former_weights


def test_a_suggestion_is_accepted_only_as_it_was_seen(decided, ada, noon):
    seen = queries.weight_suggestion(decided).key
    discovery.withdraw(brief_id=decided.pk, account="instagram:pinned0", actor=ada, now=noon)

    with pytest.raises(discovery.SuggestionOutdated):
        accept(decided, ada, noon, key=seen)
    with pytest.raises(discovery.SuggestionOutdated):
        other = {**decided.weights, "themes": 99}
        key = queries.weight_suggestion(decided).key
        discovery.weigh(brief_id=decided.pk, weights=other, diversity=0, actor=ada, now=noon, suggestion=key)
    assert Brief.objects.get().weights == DEFAULT_WEIGHTS


def test_nothing_is_accepted_where_nothing_is_suggested(brief, ada, noon):
    with pytest.raises(discovery.NothingSuggested):
        accept(brief, ada, noon)


def test_a_machine_accepts_no_suggestion(decided, ada, noon):
    machine = Actor(ActorKind.AUTOMATION, "bot", ada.workspace_id, frozenset({Right.READ, Right.BRIEF}))

    with pytest.raises(discovery.NotAPerson):
        accept(decided, machine, noon)


def test_a_reader_accepts_nothing_and_a_stranger_finds_nothing(decided, rita, dario, noon):
    with pytest.raises(NotAllowed):
        accept(decided, rita, noon)
    with pytest.raises(NotFound):
        accept(decided, dario, noon)


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def visitor(signed_in, ada, english):
    return signed_in(ada)


def url(name, *args):
    return reverse(f"discovery:{name}", args=["harbour", *args])


def test_the_page_shows_both_weights_the_pairs_and_both_figures(decided, visitor):
    html = visitor.get(url("brief", decided.pk)).content.decode()

    panel = html.split('<section class="card taught"')[1].split("</section>")[0]
    assert "Present weights" in panel and "Proposed weights" in panel and "of 36 pairs" in panel
    assert "actor--automation" in panel and "now above" in panel
    shortlist = queries.find_shortlist(decided)
    assert url("candidate", shortlist.pk, Account.objects.get(handle="pinned0").pk) in panel
    assert panel.count("<li>") <= 3


def test_what_the_page_shows_is_accepted_and_taken_back(decided, visitor):
    html = visitor.get(url("brief", decided.pk)).content.decode()
    key = html.split('name="suggestion" value="')[1].split('"')[0]
    proposed = queries.weight_suggestion(decided).lesson.weights

    shown = visitor.post(url("accept_weights", decided.pk), {"suggestion": key}, follow=True).content.decode()
    assert Brief.objects.get().weights == proposed
    assert "a trial under other weights" in shown and "Back to the former weights" in shown
    assert "Accept these weights" not in shown

    visitor.post(url("former_weights", decided.pk))
    assert Brief.objects.get().weights == DEFAULT_WEIGHTS


def test_after_a_decision_the_page_asks_for_the_panel_again(brief, visitor, ada, noon):
    decide(brief, ada, noon, pinned=PINNED[:5])
    html = visitor.get(url("brief", brief.pk)).content.decode()
    address = url("choices", brief.pk)
    before = queries.weight_suggestion(brief).key
    assert f'hx-get="{address}" hx-trigger="chosen from:body"' in html and before in html

    last = Account.objects.get(handle=PINNED[5])
    answer = visitor.post(url("decide", brief.pk, last.pk), {"kind": "pinned"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Trigger"] == "chosen"
    panel = visitor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert panel.lstrip().startswith('<section class="card taught"') and f'hx-get="{address}"' in panel
    assert queries.weight_suggestion(brief).key in panel and before not in panel


def test_a_decision_that_is_refused_changes_no_panel(decided, visitor):
    account = Account.objects.get(handle=PINNED[0])
    refused = visitor.post(url("decide", decided.pk, account.pk), {"kind": "dismissed"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "HX-Trigger" not in refused.headers


def test_the_panel_alone_leads_to_its_page_without_scripts_and_is_nobody_else_s(
    decided, visitor, signed_in, rita, dario
):
    assert visitor.get(url("choices", decided.pk)).url == url("brief", decided.pk)
    reader = signed_in(rita).get(url("choices", decided.pk), headers={"HX-Request": "true"})
    assert reader.status_code == 200 and "Accept these weights" not in reader.content.decode()
    assert signed_in(dario).get(url("choices", decided.pk)).status_code == 404


@pytest.mark.parametrize("key", ["", "0123456789abcdef"])
def test_another_suggestion_than_the_one_shown_is_refused_on_the_page(decided, visitor, key):
    shown = visitor.post(url("accept_weights", decided.pk), {"suggestion": key}, follow=True).content.decode()

    assert "are not what the decisions on" in shown and Brief.objects.get().weights == DEFAULT_WEIGHTS


def test_the_page_says_why_nothing_is_taught_yet(brief, visitor, ada, noon):
    assert "nobody is pinned or dismissed" in visitor.get(url("brief", brief.pk)).content.decode()

    decide(brief, ada, noon, PINNED[:1], DISMISSED[:2])
    html = visitor.get(url("brief", brief.pk)).content.decode()
    assert "So far: 1 pinned, 2 dismissed. They do not teach anything yet." in html
    assert "Accept these weights" not in html


def test_the_page_says_that_held_back_pairs_were_no_better(decided, visitor):
    words = {"pinned": (0.2, 0.9) * 3, "dismissed": (0.9, 0.2) * 3}
    for kind, values in words.items():
        for i, value in enumerate(values):
            parts = {**dict.fromkeys(DEFAULT_WEIGHTS), "themes": 0.5, "words": value}
            Decision.objects.filter(account__handle=f"{kind}{i}").update(parts=parts)

    html = visitor.get(url("brief", decided.pk)).content.decode()

    assert "on pairs that were held back, other weights were no better" in html and "Other weights" in html
    assert "Accept these weights" not in html


def test_a_brief_that_learns_from_others_says_so_on_its_page(decided, visitor, ada, noon):
    other = _with_list(ada, noon)
    html = visitor.get(url("brief", other.pk)).content.decode()

    assert "This brief has too few decisions of its own." in html and "on 1 brief." in html


def test_a_reader_sees_the_panel_and_accepts_nothing(decided, signed_in, rita, english):
    client = signed_in(rita)
    html = client.get(url("brief", decided.pk)).content.decode()

    assert "Proposed weights" in html and "Accept these weights" not in html
    for name in ("accept_weights", "former_weights"):
        assert client.post(url(name, decided.pk), {"suggestion": "x"}).status_code == 403


# -- programs and the terminal ---------------------------------------------------------------------------------------


def test_a_program_reads_the_suggestion_and_a_persons_token_accepts_it(decided, ada):
    caller = program_of(ada)
    found = caller.get(f"briefs/{decided.pk}/weights/suggestion").json()
    assert found["verdict"] == "better" and found["made_by"] == "automation choices/1"
    assert found["present_weights"] == DEFAULT_WEIGHTS and found["held_out"]["value"] > found["present"]["value"]

    body = {"weights": found["weights"], "suggestion": found["key"]}
    stale = caller.call("PUT", f"briefs/{decided.pk}/weights", {**body, "suggestion": "nothing"})
    assert stale.status_code == 409 and stale.json()["type"] == "urn:sillage:SuggestionOutdated"
    kept = caller.call("PUT", f"briefs/{decided.pk}/weights", body)
    assert kept.json()["weights"] == found["weights"] and kept.json()["former_weights"] == DEFAULT_WEIGHTS


def test_the_terminal_shows_accepts_and_goes_back(decided, terminal):
    said = terminal("brief", "learn", decided.pk)
    assert said.code == 0 and "36 pairs" in said.out and "automation choices/1" in said.out
    assert json.loads(terminal("brief", "learn", decided.pk, "--json").out)["accepted"] is False

    assert terminal("brief", "learn", decided.pk, "--accept").code == 0
    assert Brief.objects.get().weights["words"] > 30
    assert terminal("brief", "learn", decided.pk, "--accept").code == 1

    assert terminal("brief", "weigh", decided.pk, "--former", "--dry-run").code == 0
    assert Brief.objects.get().weights["words"] > 30
    assert terminal("brief", "weigh", decided.pk, "--former").code == 0
    assert Brief.objects.get().weights == DEFAULT_WEIGHTS


def test_weights_are_moved_at_the_terminal(brief, terminal):
    assert "never changed" in terminal("brief", "weigh", brief.pk, "--former").err
    assert "Write --weight themes=40" in terminal("brief", "weigh", brief.pk, "--weight", "themes").err
    assert terminal("brief", "weigh", brief.pk, "--weight", "likes=4").code == 1

    said = terminal("brief", "weigh", brief.pk, "--weight", "themes=40", "--diversity", "0.3", "--json")

    assert said.json["weights"]["themes"] == 40 and said.json["diversity"] == 0.3
    assert Brief.objects.get().weights == {**DEFAULT_WEIGHTS, "themes": 40}
