"""A person is asked to judge words, answers once, and an approval waits for the answer: actions, pages, API, command line."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from django.urls import reverse

from sillage.campaigns.tests.conftest import campaign
from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry, Member
from sillage.lib.errors import NotFound
from sillage.studio.actions.human_checks import (
    CheckAnswered,
    CheckAsked,
    CheckMalformed,
    CheckNotYours,
    answer_check,
    ask_person,
)
from sillage.studio.actions.texts import TextArchived, archive_text, save_words
from sillage.studio.models import HumanCheck
from sillage.studio.queries.human_checks import awaiting, awaiting_others, flag_lines, get_check, judges_of, unanswered
from sillage.studio.queries.texts import get_text, newest_version
from sillage.studio.tests.being_written import begun

WORDS = "Malheureusement, ce parfum exotique part vite."
__all__ = ["campaign"]


@pytest.fixture(autouse=True)
def _in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def text(ada, noon):
    return begun(ada, noon, WORDS, title="Perfume")


def _asked(text, of, by, now, **more):
    given = {"flag": "ambiguous", "words": "exotique", "reason": "It may hurt.", "made_by": "rule ambiguous/1"} | more
    return ask_person(text_id=text.pk, member_id=of.member_id, actor=by, now=now, **given)


def _answered(check, by, now, answer="fine", reason=""):
    return answer_check(check_id=check.pk, answer=answer, reason=reason, actor=by, now=now)


# -- asking ----------------------------------------------------------------------------------------------------------


def test_a_member_is_asked_and_finds_it_in_the_list(text, ada, rita, noon):
    check = _asked(text, rita, ada, noon)
    assert list(awaiting(ada.workspace_id, rita.member_id)) == [check]
    assert list(awaiting_others(ada.workspace_id, ada.member_id)) == [check]
    entry = Entry.objects.get(verb="studio.human_check_asked")
    assert entry.subject_id == str(text.pk) and entry.facts["flag"] == "ambiguous"


def test_words_that_are_only_typed_are_kept_as_a_version_first(text, ada, rita, noon):
    save_words(text_id=text.pk, body=WORDS + " Promis.", seen=text.version, actor=ada, now=noon)
    check = _asked(text, rita, ada, noon, words="Promis.")
    assert check.number == 2 and newest_version(text).body.endswith("Promis.")


def test_what_was_asked_of_one_goes_to_another_and_not_twice_to_the_same(text, ada, bruno, rita, noon):
    check = _asked(text, rita, ada, noon)
    with pytest.raises(CheckAsked, match="Rita was asked"):
        _asked(text, rita, ada, noon)
    assert _asked(text, bruno, ada, noon).pk == check.pk
    assert not awaiting(ada.workspace_id, rita.member_id) and awaiting(ada.workspace_id, bruno.member_id)


@pytest.mark.parametrize(
    "wrong", [{"words": "absent"}, {"reason": " "}, {"reason": "x" * 301}, {"flag": "taste"}, {"words": "x" * 501}]
)
def test_what_cannot_be_judged_is_not_asked(text, ada, rita, noon, wrong):
    with pytest.raises(CheckMalformed):
        _asked(text, rita, ada, noon, **wrong)
    assert not HumanCheck.objects.exists()


def test_a_reader_a_stranger_and_a_text_put_away_ask_nobody(text, ada, rita, dario, noon):
    with pytest.raises(NotAllowed):
        _asked(text, ada, rita, noon)
    with pytest.raises(NotFound):
        _asked(text, rita, dario, noon)
    with pytest.raises(NotFound):
        _asked(text, dario, ada, noon)
    archive_text(text_id=text.pk, is_archived=True, actor=ada, now=noon)
    with pytest.raises(TextArchived):
        _asked(text, rita, ada, noon)


# -- answering -------------------------------------------------------------------------------------------------------


def test_who_was_asked_answers_once_even_somebody_who_only_reads(text, ada, rita, noon):
    check = _asked(text, rita, ada, noon)
    assert _answered(check, rita, noon).answer == "fine"
    with pytest.raises(CheckAnswered):
        _answered(check, rita, noon, "change", "No.")
    with pytest.raises(CheckAnswered):
        _asked(text, rita, ada, noon)
    assert Entry.objects.get(verb="studio.human_check_answered").facts["answer"] == "fine"


def test_nobody_answers_for_another(text, ada, bruno, rita, dario, noon):
    check = _asked(text, rita, ada, noon)
    with pytest.raises(CheckNotYours, match="was asked"):
        _answered(check, ada, noon)
    with pytest.raises(NotFound):
        _answered(check, dario, noon)
    Member.objects.filter(pk=rita.member_id).delete()
    with pytest.raises(NotAllowed):
        _answered(check, bruno, noon)
    assert _answered(check, ada, noon).answered_by_id == ada.member_id


@pytest.mark.parametrize(("answer", "reason"), [("maybe", ""), ("change", " "), ("fine", "x" * 501)])
def test_an_answer_is_fine_or_change_with_a_reason(text, ada, rita, noon, answer, reason):
    with pytest.raises(CheckMalformed):
        _answered(_asked(text, rita, ada, noon), rita, noon, answer, reason)


def test_an_approval_waits_until_it_is_fine_or_the_words_are_gone(text, ada, rita, noon):
    check = _asked(text, rita, ada, noon)
    assert unanswered(text, 1) == [check]
    _answered(check, rita, noon, "change", "Say where it comes from.")
    assert unanswered(text, 1) == [check]
    save_words(text_id=text.pk, body="Ce parfum part vite.", seen=text.version, actor=ada, now=noon)
    again = _asked(get_text(ada.workspace_id, text.pk), rita, ada, noon, words="", flag="humour")
    assert unanswered(text, 2) == [again]
    _answered(again, rita, noon)
    assert unanswered(text, 2) == []


def test_who_judged_last_is_proposed_next(text, ada, rita, noon):
    _answered(_asked(text, rita, ada, noon), rita, noon)
    assert {flag: m.pk for flag, m in judges_of(ada.workspace_id, {"ambiguous", "irony"}).items()} == {
        "ambiguous": rita.member_id
    }
    (line,) = [line for line in flag_lines(text, WORDS) if line.flag.flag == "ambiguous"]
    assert line.check is not None and line.check.answer == "fine" and line.judge.pk == rita.member_id


def test_the_days_of_the_campaign_are_looked_at(ada, noon, campaign):
    campaign.starts_on, campaign.ends_on = date(2026, 11, 10), date(2026, 11, 14)
    campaign.save(update_fields=["starts_on", "ends_on"])
    text = begun(ada, noon, "Un texte.", campaign_id=campaign.pk)
    (line,) = flag_lines(get_text(ada.workspace_id, text.pk), "Un texte.")
    assert line.flag.flag == "sensitive_date" and "Armistice" in line.flag.why["en"]


# -- doors -----------------------------------------------------------------------------------------------------------


def at(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_the_panel_names_what_to_judge_and_asks_somebody(text, ada, rita, signed_in):
    browser = signed_in(ada)
    panel = browser.post(at("text_panel", text.pk, "checks"), {"body": WORDS}).content.decode()
    assert "exotique" in panel and "Malheureusement" in panel and "Choose a person" in panel
    form = {"member": rita.member_id, "flag": "ambiguous", "words": "exotique", "reason": "r", "made_by": "rule x/1"}
    answer = browser.post(at("ask_human_check", text.pk), form, HTTP_HX_REQUEST="true")
    assert "Rita was asked" in answer.content.decode()
    assert browser.post(at("ask_human_check", text.pk), form | {"words": "parfum"}).status_code == 302
    assert HumanCheck.objects.count() == 2


def test_a_reader_who_was_asked_answers_on_the_page(text, ada, rita, noon, signed_in):
    check = _asked(text, rita, ada, noon)
    browser = signed_in(rita)
    page = browser.get(at("human_checks")).content.decode()
    assert "Awaits your word" in page and "exotique" in page and "It is fine" in page
    assert browser.post(at("answer_human_check", check.pk), {"answer": "change", "reason": "Non."}).status_code == 302
    page = browser.get(at("human_checks")).content.decode()
    assert "Nothing awaits your word" in page and "to be changed" in page and "Non." in page


def test_somebody_of_another_workspace_sees_nothing(text, ada, rita, dario, noon, signed_in):
    check = _asked(text, rita, ada, noon)
    browser = signed_in(dario)
    assert browser.get(at("human_checks")).status_code == 404
    assert browser.post(at("answer_human_check", check.pk), {"answer": "fine"}).status_code == 404
    with pytest.raises(NotFound):
        get_check(dario.workspace_id, check.pk)


def test_a_program_checks_words_asks_and_answers(text, ada, noon):
    program = program_of(ada)
    told = program.post("studio/checks", {"text": "Une creme a tester.", "language": "fr"}).json()["items"]
    assert {(r["kind"], r["fixes"][0]) for r in told} == {("spelling", "crème"), ("grammar", "à")}
    assert told[1]["why"]["fr"] and not told[1]["soft"]
    flags = program.get(f"studio/texts/{text.pk}/flags").json()["items"]
    assert {"empathy", "ambiguous"} == {flag["flag"] for flag in flags}
    given = {"member_id": ada.member_id, "flag": "empathy", "reason": "Bad news", "words": "Malheureusement"}
    made = program.post(f"studio/texts/{text.pk}/human-checks", given)
    assert made.status_code == 201 and made.json()["number"] == 1
    assert [c["id"] for c in program.get("studio/human-checks").json()["items"]] == [made.json()["id"]]
    answer = program.post(f"studio/human-checks/{made.json()['id']}/answer", {"answer": "fine"})
    assert answer.json()["answer"] == "fine"
    assert program.get("studio/human-checks", which="answered").json()["items"][0]["answered_by_id"] == ada.member_id


def test_the_command_line_does_the_same(text, ada, noon, tmp_path):
    file = tmp_path / "post.txt"
    file.write_text("Bonjour.\nUne creme a tester, malheureusement.", encoding="utf8")
    run = CliRunner().invoke
    said = run(sillage, ["studio", "check", str(file), "--people"])
    assert said.exit_code == 0 and f"{file}:2:5: spelling/unknown: “creme” → crème" in said.output
    assert "a person judges (empathy)" in said.output
    assert '"kind": "spelling"' in run(sillage, ["studio", "check", str(file), "--json"]).output
    accepted = run(sillage, ["studio", "check", str(file), "--accept", "creme"]).output
    assert "spelling/" not in accepted
    asked = run(
        sillage,
        [
            "studio",
            "judge",
            "ask",
            str(text.pk),
            "--member",
            str(ada.member_id),
            "--flag",
            "irony",
            "--reason",
            "Is it?",
        ],
    )
    assert asked.exit_code == 0, asked.output
    listed = (
        run(sillage, ["studio", "judge", "list", "--which", "others"]).output
        + run(sillage, ["studio", "judge", "list"]).output
    )
    assert "irony" in listed and "Perfume" in listed
    assert run(sillage, ["studio", "judge", "flags", str(text.pk)]).exit_code == 0
    assert run(sillage, ["studio", "judge", "answer", asked.output.strip(), "fine"]).exit_code == 0
    assert HumanCheck.objects.get().answer == "fine"
