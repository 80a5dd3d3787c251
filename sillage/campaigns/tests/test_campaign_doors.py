"""Campaigns and collaborations through the API and the command line."""

from __future__ import annotations

from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign
from sillage.discovery import actions as discovery
from sillage.discovery.actions import exclude
from sillage.discovery.tests.conftest import fill
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal

__all__ = ["terminal"]
LEAST = {"name": "Spring", "brand": "Terre Vive", "objective": "Make it known"}


# -- the API ---------------------------------------------------------------------------------------------------------


def test_a_campaign_is_opened_read_changed_copied_and_put_away(ada):
    program = program_of(ada)
    made = program.post(
        "campaigns",
        {**LEAST, "countries": ["FR"], "landing_url": "https://e.org/a", "utm": {"source": "tiktok"}},
    ).json()
    assert made["law_packs"] == ["fr", "eu"] and made["link"] == "https://e.org/a?utm_source=tiktok"
    path = f"campaigns/{made['id']}"
    assert program.get(path).json()["stages"] == {}
    changed = program.call("PATCH", path, {"budget": "900.5", "seen_at": made["changed_at"]}).json()
    assert changed["budget"] == "900.50"
    stale = program.call("PATCH", path, {"name": "x", "seen_at": made["changed_at"]})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:sillage:ChangedMeanwhile")
    assert program.call("PATCH", path, {"budget": "lots"}).status_code == 422
    copied = program.post(f"{path}/duplicate", {"name": "Garden", "is_template": True}).json()
    assert copied["is_template"]
    assert program.post(f"{path}/archive").json()["archived_at"] is not None
    assert [c["name"] for c in program.get("campaigns", state="archived").json()["items"]] == ["Spring"]
    assert program.post(f"{path}/restore").json()["archived_at"] is None


def test_a_field_that_cannot_be_read_is_named(ada):
    answer = program_of(ada).post("campaigns", {**LEAST, "countries": ["France"]})
    assert (answer.status_code, answer.json()["place"]) == (422, "countries")


def test_a_campaign_begins_with_a_shortlist(ada, noon):
    fill(ada, noon)
    brief = discovery.open_brief(given={"text": "Jardinage, potager"}, actor=ada, now=noon)
    found = discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    program = program_of(ada)
    made = program.post("campaigns", {**LEAST, "shortlist_id": found.pk, "take": 2}).json()
    assert program.get(f"campaigns/{made['id']}").json()["stages"] == {"shortlisted": 2}


def test_collaborations_come_in_move_and_are_written_about(campaign, accounts, ada, bruno):
    program = program_of(bruno)
    path = f"campaigns/{campaign.pk}/collaborations"
    added = program.post(path, {"accounts": ["instagram:mona", "instagram:noe"]}).json()["items"]
    one = f"collaborations/{added[0]['id']}"
    assert program.get(one).json()["moves"] == ["contacted", "closed"]

    moved = program.post(f"{one}/moves", {"to": "contacted", "version": 1}).json()
    assert (moved["stage"], moved["version"]) == ("contacted", 2)
    late = program.post(f"{one}/moves", {"to": "closed", "version": 1, "reason": "x"})
    assert late.status_code == 409 and "bruno@example.org moved Mona to contacted" in late.json()["detail"]
    refused = program.post(f"{one}/moves", {"to": "live"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sillage:MoveRefused")
    assert program.post(f"{one}/undo", {}).json()["stage"] == "shortlisted"
    moves = program.get(f"{one}/moves").json()["items"]
    assert [m["to_stage"] for m in moves] == ["shortlisted", "contacted"] and moves[0]["undoes_id"] == moves[1]["id"]

    note = program.post(f"{one}/notes", {"text": "@ada see"}).json()
    assert note["mentioned"] == [ada.member_id]
    assert [n["id"] for n in program_of(ada).get("mentions").json()["items"]] == [note["id"]]
    owned = program.call("PUT", f"{one}/owner", {"member_id": ada.member_id}).json()
    assert owned["owner_id"] == ada.member_id
    due = program.post(f"campaigns/{campaign.pk}/reminders", {"text": "Call", "due_on": "2026-06-20"}).json()
    assert program.post(f"reminders/{due['id']}/done").json()["done_at"] is not None
    assert program.get("reminders", mine="true").json()["items"] == []


def test_many_moves_answer_one_by_one(campaign, collaborations, ada, noon):
    exclude(name="Stop", account_ids=[collaborations["noe"].account_id], actor=ada, now=noon)
    versions = {str(row.pk): row.version for row in collaborations.values()}
    answer = program_of(ada).post(f"campaigns/{campaign.pk}/moves", {"to": "contacted", "collaborations": versions})
    said = {o["collaboration"]["handle"]: o["refused"] for o in answer.json()["items"]}
    assert said == {"mona": None, "noe": "MoveRefused"}


def test_the_list_goes_on_and_keeps_a_stage(campaign, collaborations, ada, noon):
    move_collaboration(collaboration_id=collaborations["noe"].pk, to=Stage.CONTACTED, actor=ada, now=noon)
    program, path = program_of(ada), f"campaigns/{campaign.pk}/collaborations"
    first = program.get(path, limit=1).json()
    rest = program.get(path, limit=1, cursor=first["next_cursor"]).json()
    assert {first["items"][0]["handle"], rest["items"][0]["handle"]} == {"mona", "noe"}
    assert [c["handle"] for c in program.get(path, stage="contacted").json()["items"]] == ["noe"]
    assert program.get(path, stage="limbo").status_code == 422


def test_a_program_that_only_reads_changes_nothing_and_a_stranger_finds_nothing(campaign, collaboration, rita, dario):
    reader, stranger = program_of(rita), program_of(dario, slug="elsewhere")
    assert reader.get(f"campaigns/{campaign.pk}").status_code == 200
    for path, body in (
        ("campaigns", LEAST),
        (f"collaborations/{collaboration.pk}/moves", {"to": "contacted"}),
        (f"collaborations/{collaboration.pk}/notes", {"text": "x"}),
    ):
        assert reader.post(path, body).status_code == 403
        if "{" not in path and path != "campaigns":
            assert stranger.post(path, body).status_code == 404
    assert stranger.get(f"collaborations/{collaboration.pk}").status_code == 404


# -- the command line ------------------------------------------------------------------------------------------------


def test_a_campaign_from_the_command_line(terminal, ada, tmp_path):
    path = tmp_path / "spring.toml"
    path.write_text('objective = "Make it known"\nbrand = "Terre Vive"\nhashtags = ["compost"]\n', encoding="utf8")
    made = terminal("campaign", "open", "Spring", "--file", path, "--country", "FR", "--json").json
    assert (made["name"], made["hashtags"], made["law_packs"]) == ("Spring", ["compost"], ["fr", "eu"])
    assert "Spring" in terminal("campaign", "list").out
    copy = terminal("campaign", "duplicate", made["id"], "Autumn", "--json").json
    assert copy["objective"] == "Make it known"
    assert "is put away" in terminal("campaign", "archive", copy["id"]).out
    assert "is back" in terminal("campaign", "archive", copy["id"], "--back").out
    assert terminal("campaign", "show", made["id"], "--json").json["brand"] == "Terre Vive"
    again = terminal("campaign", "open", "Summer", "--from", made["id"], "--json").json
    assert again["hashtags"] == ["compost"] and Campaign.objects.count() == 3


def test_a_file_that_is_not_toml_is_refused_with_its_place(terminal, ada, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("objective = \n", encoding="utf8")
    said = terminal("campaign", "open", "x", "--file", path)
    assert said.code == 1 and f"{path}:1:" in said.err
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in terminal("campaign", "open", "x", "--file", path).err


def test_collaborations_from_the_command_line(terminal, campaign, accounts, ada, bruno):
    assert "1 came in" in terminal("collaboration", "add", campaign.pk, "instagram:mona").out
    (row,) = terminal("collaboration", "list", campaign.pk, "--json").json
    assert row["stage"] == "shortlisted" and "Mona" in terminal("collaboration", "list", campaign.pk).out
    assert "From there: contacted, closed." in terminal("collaboration", "move", row["id"]).out
    assert "is contacted (version 2)" in terminal("collaboration", "move", row["id"], "contacted").out
    refused = terminal("collaboration", "move", row["id"], "closed")
    assert refused.code == 1 and "needs a reason" in refused.err
    stale = terminal("collaboration", "move", row["id"], "negotiating", "--version", "1")
    assert stale.code == 1 and "moved Mona to contacted meanwhile" in stale.err
    assert "is shortlisted" in terminal("collaboration", "move", row["id"], "--undo").out
    assert "for Bruno" in terminal("collaboration", "note", row["id"], "@bruno see").out
