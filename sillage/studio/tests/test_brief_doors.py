"""Writing briefs and runs of variants through the API and the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.front.tests.program import Program, program_of
from sillage.front.tests.terminal import Terminal, terminal
from sillage.governance.engine.actors import Actor
from sillage.studio.tests.briefing import GIVEN, made, written

__all__ = ["terminal"]


# -- the API ---------------------------------------------------------------------------------------------------------


def test_a_brief_is_written_read_changed_copied_and_put_away(ada: Actor) -> None:
    program = program_of(ada)
    facts = [{"text": "La formule compte onze ingrédients."}]
    answer = program.post("studio/briefs", {**GIVEN, "facts": facts, "register": "tu"})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["content"]["register"] == "tu" and told["content"]["facts"][0]["source"] == "" and told["version"] == 1
    path = f"studio/briefs/{told['id']}"
    assert program.get(path).json() == told
    changed = program.call("PATCH", path, {"tone": "warm", "seen": 1}).json()
    assert (changed["content"]["tone"], changed["version"], changed["content"]["idea"]) == ("warm", 2, GIVEN["idea"])
    assert program.call("PATCH", path, {"tone": None}).json()["content"]["tone"] is None
    stale = program.call("PATCH", path, {"tone": "warm", "seen": 1})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:sillage:BriefNewer")
    copied = program.post(f"{path}/duplicate", {"title": "Autumn"}).json()
    assert copied["title"] == "Autumn" and copied["id"] != told["id"]
    assert program.post(f"{path}/archive").json()["archived_at"] is not None
    assert [b["id"] for b in program.get("studio/briefs", state="archived").json()["items"]] == [told["id"]]
    assert program.post(f"{path}/restore").json()["archived_at"] is None
    assert [b["id"] for b in program.get("studio/briefs", words="autumn").json()["items"]] == [copied["id"]]


def test_what_is_missing_or_unknown_is_named(ada: Actor) -> None:
    program = program_of(ada)
    refused = program.post("studio/briefs", {"facts": [{"text": "x."}]})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sillage:IdeaMissing")
    refused = program.post("studio/briefs", {"idea": "x", "facts": [{"text": "y."}], "tone": "loud"})
    assert (refused.status_code, refused.json()["place"]) == (422, "tone")
    assert program.post("studio/briefs", {"idea": "x", "colour": "red"}).status_code == 422


def test_a_campaign_proposes_fields(ada: Actor, noon: datetime) -> None:
    given = {"name": "C", "objective": "o", "brand": "Aube", "countries": ["FR"]}
    campaign = open_campaign(given=given, actor=ada, now=noon)
    told = program_of(ada).get("studio/briefs/proposed", campaign_id=campaign.pk).json()
    assert told == {"brand": "Aube", "law_packs": ["fr", "eu"], "label": "Publicité"}


def _run(program: Program, actor: Actor, noon: datetime, n: int = 120) -> dict[str, object]:
    brief = written(actor, noon)
    answer = program.post(f"studio/briefs/{brief.pk}/runs", {"n": n, "seed": 3})
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_a_run_is_made_narrowed_and_read_in_pages(ada: Actor, noon: datetime) -> None:
    program = program_of(ada)
    run = _run(program, ada, noon)
    assert (run["made"], run["wanted"], len(run["shown"])) == (120, 120, 12)  # type: ignore[arg-type]
    assert run["made_by"]["origin"] == "template"  # type: ignore[index]
    path = f"studio/runs/{run['id']}"
    assert program.get(path).json() == run
    assert program.get(f"studio/briefs/{run['brief_id']}/runs").json()["items"] == [run]
    found, cursor = [], None
    while True:
        answer = program.get(f"{path}/variants", limit=50, cursor=cursor).json()
        found += answer["items"]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert sorted(one["row"] for one in found) == list(range(120))
    fits = [one["fit"] for one in found]
    assert fits == sorted(fits, reverse=True) and found[0]["fits"]["voice"] is None
    narrowed = program.get(f"{path}/variants", family="story", limit=200).json()["items"]
    assert [one["row"] for one in narrowed] == [one["row"] for one in found if one["family"] == "story"] != []
    first = program.get(f"{path}/first").json()["items"]
    assert [one["row"] for one in first] == run["shown"] and [one["rank"] for one in first] == list(range(1, 13))


def test_a_run_is_streamed_a_variant_per_line(ada: Actor, noon: datetime) -> None:
    program = program_of(ada)
    run = _run(program, ada, noon, n=700)
    answer = program.get(f"studio/runs/{run['id']}/stream")
    assert answer.streaming and answer["Content-Type"] == "application/x-ndjson"
    pieces = list(answer.streaming_content)
    lines = [json.loads(line) for line in b"".join(pieces).decode().splitlines()]
    assert len(pieces) == 2 and sorted(line["row"] for line in lines) == list(range(700))
    assert all(line["text"].startswith("Publicité · ") for line in lines)
    few = program.get(f"studio/runs/{run['id']}/stream", words="onze ingrédients", family="story")
    texts = [json.loads(line)["text"] for line in b"".join(few.streaming_content).decode().splitlines()]
    assert texts and all("onze ingrédients" in text for text in texts)


def test_a_variant_is_marked_dismissed_and_written_on_with(ada: Actor, noon: datetime) -> None:
    program = program_of(ada)
    path = f"studio/runs/{_run(program, ada, noon)['id']}"
    assert program.post(f"{path}/marks", {"row": 4, "word": "favourite"}).status_code == 201
    refused = program.post(f"{path}/marks", {"row": 5, "word": "no"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sillage:DismissedUnexplained")
    assert program.post(f"{path}/marks", {"row": 5, "word": "no", "reason": "plat"}).json()["reason"] == "plat"
    favourites = program.get(f"{path}/variants", marked="favourite").json()["items"]
    assert [(one["row"], one["marks"]) for one in favourites] == [(4, ["favourite"])]
    everything = program.get(f"{path}/variants", limit=200).json()["items"]
    assert 5 not in {one["row"] for one in everything} and len(everything) == 119
    dismissed = program.get(f"{path}/variants", marked="no").json()["items"]
    assert [(one["row"], one["reason"]) for one in dismissed] == [(5, "plat")]
    assert {(m["row"], m["word"]) for m in program.get(f"{path}/marks").json()["items"]} == {
        (4, "favourite"),
        (5, "no"),
    }
    assert program.call("DELETE", f"{path}/marks/4/favourite").status_code == 204
    assert program.call("DELETE", f"{path}/marks/4/favourite").status_code == 404
    text = program.post(f"{path}/variants/7/write").json()
    assert text["row"] == 7


def test_nothing_of_another_workspace_is_found(ada: Actor, dario: Actor, noon: datetime) -> None:
    run = made(ada, noon, wanted=30)
    stranger = program_of(dario, slug="elsewhere")
    for path in (f"studio/briefs/{run.brief_id}", f"studio/briefs/{run.brief_id}/runs", f"studio/runs/{run.pk}"):
        assert stranger.get(path).status_code == 404
    for path in ("variants", "first", "stream", "marks"):
        assert stranger.get(f"studio/runs/{run.pk}/{path}").status_code == 404
    assert stranger.post(f"studio/runs/{run.pk}/marks", {"row": 1, "word": "more"}).status_code == 404
    assert stranger.post(f"studio/briefs/{run.brief_id}/runs", {"n": 10}).status_code == 404


# -- the command line ------------------------------------------------------------------------------------------------

BRIEF = """
idea = "Une peau calme vaut mieux qu’une peau parfaite"
brand = "Aube"
product = "le sérum Aube"
link = "aube.example/serum"
label = "Publicité"
law_packs = ["fr"]
consideration = "own_brand"
facts = ["La formule compte onze ingrédients.", {text = "Aucun parfum n’est ajouté.", source = "INCI"}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "brief.toml"
    path.write_text(BRIEF, encoding="utf8")
    return path


def test_a_file_goes_in_and_the_same_comes_out(ada: Actor, terminal: Terminal, file: Path, tmp_path: Path) -> None:
    kept = terminal("studio", "brief", "new", file, "--json").json
    out = terminal("studio", "brief", "show", kept["id"], "--toml").out
    again = tmp_path / "again.toml"
    again.write_text(out, encoding="utf8")
    copy = terminal("studio", "brief", "new", again, "--json").json
    assert {**copy, "id": 0} == {**kept, "id": 0} and copy["facts"][1]["source"] == "INCI"
    listed = terminal("studio", "brief", "list", "--json").json
    assert [one["id"] for one in listed] == [copy["id"], kept["id"]]


def test_a_brief_is_changed_shown_copied_and_put_away(ada: Actor, terminal: Terminal, file: Path) -> None:
    kept = terminal("studio", "brief", "new", "-", "--json", given=BRIEF).json
    changed = terminal("studio", "brief", "change", kept["id"], "-", "--version", "1", "--json", given='tone = "warm"')
    assert changed.json["tone"] == "warm" and changed.json["version"] == 2
    late = terminal("studio", "brief", "change", kept["id"], "-", "--version", "1", given='tone = "plain"')
    assert late.code == 1 and "changed meanwhile" in late.err
    assert "INCI" in terminal("studio", "brief", "show", kept["id"]).out
    assert terminal("studio", "brief", "duplicate", kept["id"], "Autumn", "--json").json["title"] == "Autumn"
    assert "put away" in terminal("studio", "brief", "archive", kept["id"]).out
    assert "is back" in terminal("studio", "brief", "archive", kept["id"], "--back").out
    broken = terminal("studio", "brief", "new", "-", given='idea = "x')
    assert broken.code == 1 and "-:1:" in broken.err


def test_variants_of_a_kept_brief_are_kept(ada: Actor, terminal: Terminal, file: Path) -> None:
    kept = terminal("studio", "brief", "new", file, "--json").json
    told = terminal("studio", "variants", "--brief", kept["id"], "--n", "40", "--json").json
    assert len(told["variants"]) == 40 and told["made_by"] == "assembled from templates"
    assert sorted(v["rank"] for v in told["variants"] if v["rank"]) == list(range(1, 13))
    runs = terminal("studio", "run", "list", "--json").json
    assert [run["id"] for run in runs] == [told["run_id"]]
    read = terminal("studio", "run", "show", told["run_id"], "--limit", "50", "--json").json
    assert sorted(one["text"] for one in read) == sorted(v["text"] for v in told["variants"])
    told_people = terminal("studio", "variants", "--brief", kept["id"], "--n", "40")
    assert "assembled from templates" in told_people.err and "Kept as run" in told_people.err
    assert terminal("studio", "run", "show", told["run_id"]).code == 0


def test_variants_need_a_file_or_a_kept_brief(ada: Actor, terminal: Terminal, file: Path) -> None:
    assert terminal("studio", "variants").code == 2
    assert terminal("studio", "variants", file, "--brief", "1").code == 2
    assert terminal("studio", "variants", "--brief", "999").code == 1
