"""The board: a person's ideas and a rule's are marked apart, move, are pinned and rewritten; only a person's is chosen."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.lib.errors import NotFound
from sillage.studio.actions.ideas import (
    FoundAlready,
    IdeaMoved,
    IdeaNotAPersons,
    NobodysIdea,
    keep_found,
    move_idea,
    pin_idea,
    put_away_idea,
    rewrite_idea,
    write_idea,
)
from sillage.studio.engine.ideas import FoundIdea, IdeaMalformed, Rule
from sillage.studio.found_shapes import FoundUnreadable, opened, sealed
from sillage.studio.models import Idea
from sillage.studio.queries.ideas import board_of, get_idea
from sillage.studio.queries.inspiration import asked_of, question_idea
from sillage.studio.tests.bubble import a_campaign, planted

__all__ = ["terminal"]
FIGURES = {"kind": "word", "n": 8, "of": 40, "other_n": 0, "other_of": 60, "owners": 3, "z": 3.1}
FOUND = FoundIdea(Rule.ANGLE, "angles/1", "compost", FIGURES, ())


def _write(actor, now, text="Le produit raconté par celles qui l’ont fini", **given):
    return write_idea(text=text, actor=actor, now=now, **given)


def _keep(actor, now, found=FOUND, **given):
    return keep_found(found=found, actor=actor, now=now, **given)


# -- actions ---------------------------------------------------------------------------------------------------------


def test_a_person_s_idea_bears_their_name_and_enters_the_ledger(ada, noon):
    idea = _write(ada, noon, "  Montrer\n la routine ")
    assert (idea.text, idea.place, idea.rule, idea.member_id) == ("Montrer la routine", "raw", "", ada.member_id)
    entry = governance.list_entries(ada.workspace_id).items[0]
    assert (entry.verb, entry.subject_id) == ("studio.idea_kept", str(idea.pk))


@pytest.mark.parametrize("text", ["", " \n", "x" * 501])
def test_an_idea_has_words_and_not_too_many(ada, noon, text):
    with pytest.raises(IdeaMalformed):
        _write(ada, noon, text)


def test_a_machine_has_no_idea(ada, noon):
    machine = automation("sync", ada.workspace_id)
    with pytest.raises((NobodysIdea, NotAllowed)):
        _write(machine, noon)
    with pytest.raises(NobodysIdea):
        _write(type(ada)(machine.kind, "sync", ada.workspace_id, ada.rights), noon)


def test_what_a_rule_found_is_marked_as_the_rule_s_and_stands_once_per_campaign(ada, noon):
    idea = _keep(ada, noon)
    assert (idea.rule, idea.rule_version, idea.text) == ("angle", "angles/1", "")
    with pytest.raises(FoundAlready):
        _keep(ada, noon)
    campaign = a_campaign(ada, noon)
    assert _keep(ada, noon, campaign_id=campaign.pk).campaign_id == campaign.pk
    put_away_idea(idea_id=idea.pk, actor=ada, now=noon)
    assert _keep(ada, noon).pk != idea.pk


def test_the_tables_hold_that_an_idea_is_a_person_s_or_a_rule_s(ada, noon):
    idea = _keep(ada, noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=idea.pk).update(text="words of nobody")


def test_ideas_move_and_the_last_moved_stands_first_under_what_is_pinned(ada, noon):
    first, second, third = (_write(ada, noon, f"Idée {n}") for n in range(3))
    for minutes, idea in enumerate((third, first), 1):
        move_idea(idea_id=idea.pk, to="worth", actor=ada, now=noon + timedelta(minutes=minutes))
    pin_idea(idea_id=third.pk, is_pinned=True, actor=ada, now=noon)
    raw, worth, chosen = board_of(ada.workspace_id)
    assert [one.row.pk for one in raw.ideas] == [second.pk]
    assert [one.row.pk for one in worth.ideas] == [third.pk, first.pk] and chosen.total == 0
    pin_idea(idea_id=third.pk, is_pinned=False, actor=ada, now=noon)
    assert [one.row.pk for one in board_of(ada.workspace_id)[1].ideas] == [first.pk, third.pk]


def test_only_a_person_s_idea_is_chosen_for_a_brief(ada, noon):
    found = _keep(ada, noon)
    with pytest.raises(IdeaNotAPersons):
        move_idea(idea_id=found.pk, to="chosen", actor=ada, now=noon)
    own = rewrite_idea(idea_id=found.pk, text="Le compost de mon balcon", actor=ada, now=noon)
    assert (own.rule, own.text, own.rewritten_from_id, own.member_id) == (
        *("", "Le compost de mon balcon", found.pk),
        ada.member_id,
    )
    assert move_idea(idea_id=own.pk, to="chosen", actor=ada, now=noon).place == "chosen"
    with pytest.raises(NotFound):
        get_idea(ada.workspace_id, found.pk)
    assert Idea.objects.get(pk=found.pk).rule == "angle"  # what the rule said stays as it was


def test_who_moves_an_older_one_is_told(ada, bruno, noon):
    idea = _write(ada, noon)
    move_idea(idea_id=idea.pk, to="worth", version=1, actor=bruno, now=noon)
    with pytest.raises(IdeaMoved):
        move_idea(idea_id=idea.pk, to="chosen", version=1, actor=ada, now=noon)
    with pytest.raises(IdeaMalformed):
        move_idea(idea_id=idea.pk, to="nowhere", actor=ada, now=noon)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_once_one_is_told(ada, noon):
    idea = _write(ada, noon)
    gate, outcomes = threading.Barrier(2), []

    def move(to):
        try:
            gate.wait()
            outcomes.append(move_idea(idea_id=idea.pk, to=to, version=1, actor=ada, now=noon).place)
        except IdeaMoved:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=(to,)) for to in ("worth", "chosen")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] in ("chosen", "told") and outcomes.count("told") == 1


def test_a_reader_changes_nothing_and_a_stranger_finds_nothing(ada, rita, dario, noon):
    idea = _write(ada, noon)
    for doing in (
        lambda who: _write(who, noon),
        lambda who: _keep(who, noon),
        lambda who: move_idea(idea_id=idea.pk, to="worth", actor=who, now=noon),
        lambda who: pin_idea(idea_id=idea.pk, is_pinned=True, actor=who, now=noon),
        lambda who: rewrite_idea(idea_id=idea.pk, text="x", actor=who, now=noon),
        lambda who: put_away_idea(idea_id=idea.pk, actor=who, now=noon),
    ):
        with pytest.raises(NotAllowed):
            doing(rita)
    for doing in (
        lambda: move_idea(idea_id=idea.pk, to="worth", actor=dario, now=noon),
        lambda: rewrite_idea(idea_id=idea.pk, text="x", actor=dario, now=noon),
        lambda: put_away_idea(idea_id=idea.pk, actor=dario, now=noon),
        lambda: _write(dario, noon, campaign_id=a_campaign(ada, noon).pk),
    ):
        with pytest.raises(NotFound):
            doing()
    assert not any(column.total for column in board_of(dario.workspace_id))


def test_a_question_is_quoted_as_it_stands_and_goes_with_its_creator(ada, noon):
    accounts = planted(ada, noon)
    asked = asked_of(ada.workspace_id, [accounts["lea"].pk], noon.date())
    idea = _keep(ada, noon, question_idea(asked.groups[0].group))
    (shown,) = board_of(ada.workspace_id)[0].ideas
    assert "maquillage" in shown.question and "maquillage" not in json.dumps([idea.figures, idea.refs, idea.subject])
    own = rewrite_idea(idea_id=_keep(ada, noon, FoundIdea(Rule.ANGLE, "1", "x", {}, tuple(idea.refs))).pk, text="À moi",
                       actor=ada, now=noon)  # fmt: skip
    key = catalogue.get_account(ada.workspace_id, "instagram:lea").creator.key
    assert forget(key=key, actor=ada, now=noon).removed["idea"] >= 1
    assert not Idea.objects.filter(pk=idea.pk).exists()
    assert Idea.objects.get(pk=own.pk).refs == [] and Idea.objects.get(pk=own.pk).text == "À moi"


def test_only_what_a_page_had_sealed_comes_back_as_a_rule_s():
    assert opened(sealed(FOUND)) == FOUND
    with pytest.raises(FoundUnreadable):
        opened(sealed(FOUND)[:-2] + "xx")


# -- doors -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_an_empty_board_says_what_to_do(visitor):
    html = visitor.get(url("ideas")).content.decode()
    assert "No idea yet" in html and url("inspiration") in html


def test_the_board_shows_who_or_what_an_idea_is_of(visitor, ada, noon):
    own, found = _write(ada, noon), _keep(ada, noon)
    html = visitor.get(url("ideas")).content.decode()
    assert f'id="card-{own.pk}"' in html and "idea--own" in html and "idea--found" in html
    assert "The audience says “compost”, the category does not" in html and "8 of 40 here" in html
    assert "say it in your own words before it is chosen for a brief" in html
    card = html[html.index(f'id="card-{found.pk}"') :].split("</li>")[0]
    assert 'value="chosen"' not in card and "idea_text" not in card


def test_an_idea_is_written_moved_rewritten_pinned_and_put_away_on_the_page(visitor, ada):
    back = url("ideas")
    assert visitor.post(url("write_idea"), {"text": "Une idée", "back": back}).url == back
    idea = Idea.objects.get()
    assert visitor.post(url("move_idea", idea.pk), {"to": "worth", "version": 1}).status_code == 302
    moved = visitor.post(
        url("move_idea", idea.pk), {"to": "chosen", "version": 2}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="idea-board"' in moved and "Moved to “Chosen for a brief”" in moved and "<html" not in moved
    stale = visitor.post(
        url("move_idea", idea.pk), {"to": "raw", "version": 2}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Somebody changed this idea" in stale
    visitor.post(url("rewrite_idea", idea.pk), {"text": "Une autre", "version": 3})
    visitor.post(url("pin_idea", idea.pk), {"pinned": "1"})
    idea.refresh_from_db()
    assert (idea.text, idea.place, idea.pinned_at is not None) == ("Une autre", "chosen", True)
    visitor.post(url("put_away_idea", idea.pk), {"version": idea.version})
    assert "No idea yet" in visitor.get(url("ideas")).content.decode()


def test_a_form_leads_back_to_this_site_only(visitor):
    assert visitor.post(url("write_idea"), {"text": "x", "back": "//evil.example/"}).url == url("ideas")
    assert visitor.post(url("keep_found"), {"found": "forged", "back": url("inspiration")}).url == url("inspiration")
    assert not Idea.objects.exclude(rule="").exists()


def test_the_board_can_be_narrowed_to_a_campaign(visitor, ada, noon):
    campaign = a_campaign(ada, noon)
    _write(ada, noon, "Ailleurs")
    _write(ada, noon, "Ici", campaign_id=campaign.pk)
    html = visitor.get(url("ideas"), {"campaign": campaign.pk}).content.decode()
    assert "Ici" in html and "Ailleurs" not in html


def test_a_person_s_idea_leads_to_the_form_of_a_writing_brief_with_its_words(visitor, ada, noon):
    idea = _write(ada, noon, "Mon idée")
    html = visitor.get(url("ideas")).content.decode()
    assert f"idea={idea.pk}&amp;idea_text=Mon+id%C3%A9e" in html


def test_the_board_through_the_api(ada, rita, noon):
    program = program_of(ada)
    made = program.post("studio/ideas", {"text": "Une idée"}).json()
    assert (made["column"], made["rule"], made["version"]) == ("raw", None, 1)
    path = f"studio/ideas/{made['id']}"
    assert program.post(f"{path}/move", {"to": "worth", "version": 1}).json()["column"] == "worth"
    assert program.post(f"{path}/move", {"to": "raw", "version": 1}).status_code == 409
    assert program.post(f"{path}/pin", {"pinned": True}).json()["pinned_at"] is not None
    assert program.post(f"{path}/rewrite", {"text": "Une autre"}).json()["text"] == "Une autre"
    assert [i["id"] for i in program.get("studio/ideas", column="worth").json()["items"]] == [made["id"]]
    assert program_of(rita).post("studio/ideas", {"text": "x"}).status_code == 403
    assert program.post(f"{path}/put-away", {}).status_code == 200
    assert program.get("studio/ideas").json()["items"] == []


def test_the_board_from_the_command_line(terminal, ada):
    assert "on the board" in terminal("studio", "idea", "write", "Une idée").out
    idea = Idea.objects.get()
    assert "worth" in terminal("studio", "idea", "move", idea.pk, "worth").out
    assert "in your words" in terminal("studio", "idea", "rewrite", idea.pk, "Une autre").out
    (line,) = terminal("studio", "idea", "list", "--json").json
    assert (line["idea"], line["mark"]) == ("Une autre", "person ada@example.org")
