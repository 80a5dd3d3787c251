"""Texts over the API and on the command line."""

from __future__ import annotations

import pytest

from sillage.campaigns.tests.conftest import accounts, campaign, collaboration, collaborations
from sillage.campaigns.tests.delivering import asked
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.studio.models import Text
from sillage.studio.tests.being_written import ASSEMBLED, LAWFUL, UNLAWFUL, begun, briefed

__all__ = ["accounts", "campaign", "collaboration", "collaborations", "terminal"]
NEW = {"title": "Spring", "kind": "ad", "language": "fr"}


# -- the API ---------------------------------------------------------------------------------------------------------


def test_a_program_begins_saves_and_keeps_and_says_what_a_model_wrote(ada):
    program = program_of(ada)
    made = program.post("studio/texts", NEW | {"made_by": {"origin": "model", "name": "m", "version": "1"}}).json()
    path = f"studio/texts/{made['id']}"
    saved = program.call("PUT", f"{path}/words", {"body": "Bonjour", "seen": 1}).json()
    assert (saved["body"], saved["version"], saved["state"]) == ("Bonjour", 2, "writing")
    late = program.call("PUT", f"{path}/words", {"body": "Salut", "seen": 1})
    assert (late.status_code, late.json()["type"]) == (409, "urn:sillage:TextNewer")
    kept = program.post(f"{path}/versions", {"body": "Bonjour Mona", "seen": 2, "note": "with a name"}).json()
    assert (kept["number"], kept["edited_from"], kept["made_by"]["origin"]) == (2, 1, "person")
    back = program.post(f"{path}/versions/1/restore", {"seen": 3}).json()
    assert (back["number"], back["body"], back["made_by"]["origin"]) == (3, "", "model")
    assert [v["number"] for v in program.get(f"{path}/versions").json()["items"]] == [3, 2, 1]
    assert [t["id"] for t in program.get("studio/texts", state="writing").json()["items"]] == [made["id"]]


def test_a_program_is_told_what_is_remarked_and_what_the_law_stops(ada, noon):
    program = program_of(ada)
    text = begun(ada, noon, "", brief_id=briefed(ada, noon).pk)
    told = program.post(f"studio/texts/{text.pk}/check", {"body": UNLAWFUL + " l'été"}).json()
    assert told["stopped_by"] == ["FR-DISC-01"] and told["fit"] is None
    assert {"apostrophe"} <= {remark["rule"] for remark in told["remarks"]}
    assert any(pack.startswith("fr ") for pack in told["packs"])
    refused = program.post(f"studio/texts/{text.pk}/choose", {"seen": 1, "body": UNLAWFUL})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sillage:TextUnlawful")
    assert refused.json()["hint"]


def test_a_program_comments_chooses_approves_and_hands_over(ada, noon, collaboration):
    program, deliverable = program_of(ada), asked(collaboration, ada, noon)
    path = f"studio/texts/{begun(ada, noon, LAWFUL, ASSEMBLED).pk}"
    comment = program.post(f"{path}/comments", {"said": "Which?", "quote": "tomates"}).json()
    assert comment["starts"] == LAWFUL.index("tomates")
    assert program.post(f"{path}/comments/{comment['id']}/settle", {}).json()["settled_who"] == "Ada"
    assert program.get(f"{path}/comments").json()["items"][0]["said"] == "Which?"
    choice = program.post(f"{path}/choose", {"seen": 1, "body": LAWFUL + " !"}).json()
    assert choice["made_by"]["origin"] == "template" and choice["distance"]["words"] > 0
    asked_for = program.post(f"{path}/approval", {"seen": 2}).json()
    assert (asked_for["standing"], asked_for["needed"]) == ("waiting", 1)
    assert program.post(f"{path}/approve", {"seen": 2, "reason": "Read"}).json()["state"] == "approved"
    handed = program.post(f"{path}/hand-over", {"seen": 2, "deliverable_id": deliverable.pk}).json()
    assert (handed["deliverable_id"], handed["number"]) == (deliverable.pk, 1)
    assert program.get(path).json()["state"] == "handed_over"
    assert program.post(f"{path}/reopen", {"seen": 2}).json()["state"] == "writing"
    refused = program.post(f"{path}/refuse", {"seen": 2, "reason": "No more"}).json()
    assert [c["word"] for c in program.get(f"{path}/choices").json()["items"]] == ["refused", "chosen"]
    assert refused["reason"] == "No more"
    assert program.post(f"{path}/archive", {}).json()["archived_at"] is not None


def test_a_program_of_another_workspace_finds_no_text(ada, dario, noon):
    text = begun(ada, noon)
    program = program_of(dario, slug="elsewhere")
    assert program.get(f"studio/texts/{text.pk}").status_code == 404
    assert program.call("PUT", f"studio/texts/{text.pk}/words", {"body": "x", "seen": 1}).status_code == 404
    assert program.get("studio/texts").json()["items"] == []


@pytest.mark.parametrize("wrong", [{"kind": "sonnet"}, {"body": "x" * 20_001}, {"colour": "red"}, {"title": ""}])
def test_what_cannot_be_read_is_refused(ada, wrong):
    assert program_of(ada).post("studio/texts", NEW | wrong).status_code == 422


# -- the command line ------------------------------------------------------------------------------------------------


def test_the_whole_way_on_the_command_line(terminal, ada, noon, collaboration):
    deliverable = asked(collaboration, ada, noon)
    made = terminal("studio", "text", "new", "Spring", "--body", LAWFUL)
    text_id = made.out.strip()
    assert made.code == 0 and Text.objects.get(pk=int(text_id)).body == LAWFUL
    assert terminal("studio", "text", "keep", text_id, "--body", LAWFUL + " !").out.strip() == "2"
    checked = terminal("studio", "text", "check", text_id, "--body", "l'été", "--json").json
    assert checked["remarks"][0]["rule"] == "apostrophe" and checked["packs"] == []
    assert terminal("studio", "text", "choose", text_id, "--seen", "1").code != 0
    assert terminal("studio", "text", "choose", text_id, "--seen", "2").out.strip() == "2"
    assert terminal("studio", "text", "approve", text_id, "--seen", "2", "--reason", "Read").out.strip() == "approved"
    assert terminal("studio", "text", "hand-over", text_id, str(deliverable.pk), "--seen", "2").code == 0
    assert deliverable.drafts.get().text == LAWFUL + " !"
    (line,) = terminal("studio", "text", "list", "--json").json
    assert (line["state"], line["made by"]) == ("handed_over", "person")
    shown = terminal("studio", "text", "show", text_id, "--json").json
    assert [version["number"] for version in shown["versions"]] == [2, 1]


def test_a_text_is_refused_on_the_command_line_with_its_reason(terminal, ada, noon):
    text = begun(ada, noon, LAWFUL, ASSEMBLED)
    assert terminal("studio", "text", "refuse", str(text.pk), "--seen", "1").code != 0
    assert terminal("studio", "text", "refuse", str(text.pk), "--seen", "1", "--reason", "Flat").code == 0
    assert Text.objects.get().state == "refused"
