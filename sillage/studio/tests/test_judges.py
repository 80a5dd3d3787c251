"""Who judges what: a member named for a flag is proposed first; without one, or when they leave, whoever judged last."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import actions as governing
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Member
from sillage.lib.errors import NotFound
from sillage.studio.actions.human_checks import CheckMalformed, answer_check, ask_person
from sillage.studio.actions.judging import JudgeSo, name_judge
from sillage.studio.models import FlagJudge, HumanCheck
from sillage.studio.queries.human_checks import flag_lines, judges_of, named_judges
from sillage.studio.queries.texts import get_text
from sillage.studio.tests.being_written import begun

__all__ = ["terminal"]
WORDS = "Ce parfum exotique part vite."


@pytest.fixture
def text(ada, noon):
    """Rita judged such a word last."""
    return begun(ada, noon, WORDS)


@pytest.fixture
def judged(text, ada, rita, noon):
    check = ask_person(
        text_id=text.pk, member_id=rita.member_id, flag="ambiguous", words="exotique", reason="?", made_by="rule",
        actor=ada, now=noon,
    )  # fmt: skip
    return answer_check(check_id=check.pk, answer="fine", reason="", actor=rita, now=noon)


def _name(actor, now, member, flag="ambiguous"):
    return name_judge(flag=flag, member_id=member.member_id if member else None, actor=actor, now=now)


def _proposed(text):
    (line,) = [
        line for line in flag_lines(get_text(text.workspace_id, text.pk), WORDS) if line.flag.flag == "ambiguous"
    ]
    return line.judge.pk if line.judge else None


def test_whom_the_workspace_names_is_proposed_before_whoever_judged_last(text, judged, ada, bruno, rita, noon):
    assert _proposed(text) == rita.member_id
    _name(ada, noon, bruno)
    assert _proposed(text) == bruno.member_id and HumanCheck.objects.count() == 1  # nobody is asked by it
    entry = governance.list_entries(ada.workspace_id).items[0]
    assert (entry.verb, entry.facts) == (
        "studio.judge_named",
        {"flag": "ambiguous", "member": bruno.member_id, "before": None},
    )
    _name(ada, noon, None)
    assert _proposed(text) == rita.member_id and not FlagJudge.objects.exists()


def test_a_judge_is_named_for_one_flag_only(ada, bruno, rita, noon):
    _name(ada, noon, bruno)
    _name(ada, noon, rita, "irony")
    _name(ada, noon, rita)
    found = judges_of(ada.workspace_id, {"ambiguous", "irony", "humour"})
    assert {flag: member.pk for flag, member in found.items()} == {
        "ambiguous": rita.member_id,
        "irony": rita.member_id,
    }


def test_when_the_judge_is_removed_whoever_judged_last_is_proposed(text, judged, ada, bruno, rita, noon):
    _name(ada, noon, bruno)
    governing.remove_member(member_id=bruno.member_id, actor=ada, now=noon)
    assert _proposed(text) == rita.member_id and not FlagJudge.objects.exists()


def test_a_judge_who_cannot_sign_in_any_more_is_not_proposed(text, judged, ada, bruno, rita, noon):
    _name(ada, noon, bruno)
    person = Member.objects.get(pk=bruno.member_id).person
    person.is_active = False
    person.save()
    assert _proposed(text) == rita.member_id and named_judges(ada.workspace_id) == {}


def test_the_setting_is_refused_where_it_says_nothing_new_or_nothing_at_all(ada, bruno, rita, dario, noon):
    with pytest.raises(JudgeSo):
        _name(ada, noon, None)
    _name(ada, noon, rita)
    with pytest.raises(JudgeSo):
        _name(ada, noon, rita)
    with pytest.raises(CheckMalformed):
        _name(ada, noon, rita, "taste")
    with pytest.raises(NotFound):
        _name(ada, noon, dario)
    for who in (bruno, rita):
        with pytest.raises(NotAllowed):
            _name(who, noon, None)
    _name(dario, noon, dario)
    assert judges_of(ada.workspace_id, {"ambiguous"})["ambiguous"].pk == rita.member_id


# -- doors -----------------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_who_judges_what_is_set_on_the_page_of_human_checks(text, english, signed_in, ada, bruno, rita):
    browser = signed_in(ada)
    form = {"flag": "ambiguous", "member": bruno.member_id}
    assert browser.post(url("name_judge"), form).status_code == 302
    page = browser.get(url("human_checks")).content.decode()
    assert "Who judges what" in page and "named by Ada" in page
    assert "This is so already." in browser.post(url("name_judge"), form, follow=True).content.decode()
    panel = browser.post(url("text_panel", text.pk, "checks"), {"body": WORDS}).content.decode()
    assert f'<option value="{bruno.member_id}" selected>' in panel
    browser = signed_in(rita)
    page = browser.get(url("human_checks")).content.decode()
    assert "Who judges what" in page and 'name="member"' not in page
    assert browser.post(url("name_judge"), form).status_code == 403


def test_a_stranger_names_nobody(signed_in, ada, dario):
    assert signed_in(dario).post(url("name_judge"), {"flag": "irony", "member": ada.member_id}).status_code == 404
    assert program_of(dario).get("studio/judges").status_code == 404


def test_a_program_names_judges(judged, ada, bruno, rita):
    program = program_of(ada)
    named = program.call("PUT", "studio/judges/ambiguous", {"member_id": bruno.member_id})
    assert named.json() == {"flag": "ambiguous", "named_id": bruno.member_id, "last_id": rita.member_id}
    assert program.call("PUT", "studio/judges/taste", {"member_id": None}).status_code == 422
    assert program.call("PUT", "studio/judges/ambiguous", {"member_id": None}).json()["named_id"] is None
    lines = {line["flag"]: line["last_id"] for line in program.get("studio/judges").json()["items"]}
    assert len(lines) == 9 and lines["ambiguous"] == rita.member_id and lines["irony"] is None


def test_the_command_line_names_judges(terminal, ada, bruno):
    said = terminal("studio", "judge", "first", "irony", "--member", bruno.member_id, "--json").json
    assert {line["flag"]: line["proposed first"] for line in said}["irony"] == "Bruno"
    assert terminal("studio", "judge", "first", "irony").code == 2
    assert "Bruno" not in terminal("studio", "judge", "first", "irony", "--nobody").out
