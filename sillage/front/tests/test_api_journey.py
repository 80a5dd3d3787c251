"""The main job by the API alone: bring creators in, read them, brief, shortlist, decide, export, forget."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sillage.discovery.tests.conftest import CREATORS
from sillage.front.tests.program import Program


@pytest.fixture
def posts() -> bytes:
    """The small catalogue as the file that a colleague sends."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["network", "account_id", "post_id", "published_at", "text", "likes", "comments", "observed_at"])
    now = timezone.now().replace(microsecond=0)
    for handle, (texts, followers, _, _) in CREATORS.items():
        for i, text in enumerate(texts * 3):
            published = (now - timedelta(days=2 * i + 1)).isoformat()
            numbers = [followers // 40, followers // 500, now.isoformat()]
            rows.writerow(["instagram", handle, f"{handle}{i}", published, text, *numbers])
    rows.writerow(["instagram", "broken", "b1", "yesterday", "?", "", "", ""])
    return out.getvalue().encode()


def _upload(content: bytes, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("posts.csv", content), **fields}


@pytest.fixture
def brought_in(owners: Program, posts: bytes) -> dict[str, Any]:
    tried = owners.post("imports/dry-run", form=_upload(posts, mapping="sillage-posts")).json()
    assert tried["is_dry_run"] and tried["done"]["posts"]["new"] == 45
    assert owners.get("accounts").json()["items"] == []
    return owners.post("imports", form=_upload(posts, mapping="sillage-posts")).json()


@pytest.fixture
def shortlist(owners: Program, brought_in: dict[str, Any]) -> dict[str, Any]:
    owners.post("enrich", {})
    brief = owners.post("briefs", {"text": "Jardinage au naturel, potager, pas de surf"}).json()
    return owners.post(f"briefs/{brief['id']}/shortlists", {"limit": 3}).json()


def test_a_file_comes_in_and_what_cannot_be_read_is_told(brought_in, owners):
    assert brought_in["done"]["accounts"]["new"] == 5 and brought_in["done"]["posts"]["new"] == 45
    (reject,) = brought_in["rejects"]
    assert reject["place"].startswith("posts.csv:47:") and "yesterday" in reject["raw"]
    assert owners.get("imports").json()["items"][0]["rows_refused"] == 1


def test_the_same_file_again_changes_nothing(brought_in, owners, posts):
    assert brought_in["already_imported_at"] is None
    again = owners.post("imports", form=_upload(posts, mapping="sillage-posts")).json()
    assert again["already_imported_at"] is not None and again["done"] == brought_in["done"]
    assert len(owners.get("imports").json()["items"]) == 1


def test_a_mapping_of_ones_own_is_sent_with_the_file(owners):
    mapping = '[account]\nnetwork = { constant = "instagram" }\nnetwork_id = "who"\n'
    done = owners.post("imports", form=_upload(b"who,fame\nzoe,9\n", mapping_toml=mapping)).json()
    assert done["done"]["accounts"]["new"] == 1 and done["columns_unused"] == ["fame"]


def test_reading_makes_profiles_and_cards(brought_in, owners):
    done = owners.post("enrich", {}).json()
    assert done["posts"] == 45
    profile = owners.get("accounts/instagram:mona/profile").json()
    assert next(iter(profile["themes"])) == "home.gardening"
    assert owners.post("enrich", {}).json()["posts"] == 0


def test_a_shortlist_shows_reasons_that_add_up_and_posts_that_prove_them(shortlist, owners):
    handles = [c["account"]["handle"] for c in shortlist["candidates"]]
    assert "mona" in handles and "noe" not in handles
    for candidate in shortlist["candidates"]:
        assert sum(r["points"] for r in candidate["reasons"]) == pytest.approx(candidate["score"], abs=1e-4)
        themes = next(r for r in candidate["reasons"] if r["reason"] == "themes")
        assert themes["posts"][0]["text"] and themes["posts"][0]["words"]
        assert owners.get(f"receipts/{candidate['receipt']}/verify").json()["holds"]
    assert owners.get(f"briefs/{shortlist['brief_id']}/shortlists/latest").json() == shortlist
    assert owners.get(f"shortlists/{shortlist['id']}").json() == shortlist


def test_ids_survive_a_reader_with_short_numbers(shortlist, owners):
    account = shortlist["candidates"][0]["account"]
    assert isinstance(account["id"], str)
    assert owners.get(f"accounts/{account['id']}").json()["handle"] == account["handle"]


def test_sliders_rerank_without_keeping_anything(shortlist, owners):
    weights = {"themes": 0, "meaning": 0, "words": 1, "engagement": 0, "rhythm": 0, "brands": 0}
    lines = owners.post(f"shortlists/{shortlist['id']}/rerank", {"weights": weights, "limit": 5}).json()["items"]
    assert [line["rank"] for line in lines] == [1, 2, 3, 4, 5]
    assert all(sum(line["points"].values()) == pytest.approx(line["score"]) for line in lines)
    assert owners.get(f"shortlists/{shortlist['id']}").json() == shortlist


def test_a_person_decides_and_the_next_shortlist_follows(shortlist, owners):
    brief = f"briefs/{shortlist['brief_id']}"
    owners.post(f"{brief}/pin", {"account": "instagram:noe", "reason": "a friend of the house"})
    owners.post(f"{brief}/dismiss", {"account": "instagram:mona", "reason": "under contract"})
    kinds = {d["kind"] for d in owners.get(f"{brief}/decisions").json()["items"]}
    assert kinds == {"pinned", "dismissed"}
    after = owners.post(f"{brief}/shortlists", {"limit": 3}).json()
    decided = {c["account"]["handle"]: c["decision"] for c in after["candidates"]}
    assert "mona" not in decided and decided["noe"]["kind"] == "pinned"
    why = owners.get(f"{brief}/why", account="instagram:mona").json()
    assert why["decision"]["reason"] == "under contract" and "under contract" in " ".join(why["sentences"])
    owners.post(f"{brief}/withdraw", {"account": "instagram:mona"})
    assert owners.get(f"{brief}/why", account="instagram:mona").json()["decision"] is None


def test_several_are_decided_about_at_once(shortlist, owners):
    path = f"briefs/{shortlist['brief_id']}/decisions"
    given = {"kind": "dismissed", "accounts": ["instagram:mona", "instagram:noe"], "reason": "under contract"}

    made = owners.post(path, given)
    assert made.status_code == 201 and [d["reason"] for d in made.json()["items"]] == ["under contract"] * 2
    standing, answered = ({d["account_id"]: d for d in a.json()["items"]} for a in (owners.get(path), made))
    assert standing == answered and len(standing) == 2
    again = owners.post(path, {**given, "accounts": ["instagram:mona", "instagram:star"]}).json()["items"]
    assert len(again) == 1
    assert owners.post(path, {**given, "accounts": []}).status_code == 422


@pytest.mark.parametrize("fmt", ["csv", "json", "xlsx"])
def test_the_whole_shortlist_leaves_as_a_file(fmt, shortlist, owners):
    file = owners.get(f"shortlists/{shortlist['id']}/export", format=fmt)
    assert f'filename="shortlist-{shortlist["id"]}.{fmt}"' in file["Content-Disposition"]
    handles = [c["account"]["handle"] for c in shortlist["candidates"]]
    if fmt == "csv":
        rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        assert [row["handle"] for row in rows] == handles
    elif fmt == "json":
        assert [c["handle"] for c in json.loads(file.content)["candidates"]] == handles
    else:
        assert file.content.startswith(b"PK")


def test_a_brief_is_read_shown_changed_and_put_away(owners):
    read = owners.post("briefs/read", {"text": "Surf in France, 5k to 200k followers"}).json()
    assert read["id"] is None and "sport.surf" in read["themes"]
    assert read["filters"]["countries"] == ["FR"] and read["filters"]["min_followers"] == 5000
    assert owners.get("briefs").json()["items"] == []
    brief = owners.post("briefs", {"text": "Surf in France", "budget": "5000.50", "ends_on": "2027-01-31"}).json()
    address = f"briefs/{brief['id']}"
    assert brief["budget"] == "5000.50" and brief["filters"]["countries"] == ["FR"]
    changed = owners.call("PATCH", address, {"title": "Waves", "budget": None, "terms": ["houle"]}).json()
    assert (changed["title"], changed["budget"], changed["terms"]) == ("Waves", None, ["houle"])
    assert changed["text"] == brief["text"] and changed["ends_on"] == "2027-01-31" and changed["is_edited"]
    weighed = owners.call("PUT", f"{address}/weights", {"weights": {"words": 99}, "diversity": 0.5}).json()
    assert weighed["weights"]["words"] == 99 and weighed["diversity"] == 0.5
    assert owners.call("PATCH", address, {"filters": changed["filters"]}).json()["filters"] == changed["filters"]
    owners.post(f"{address}/archive")
    assert owners.get("briefs").json()["items"] == []
    assert owners.get("briefs", archived="true").json()["items"][0]["title"] == "Waves"


def test_lookalikes_of_accounts_and_of_a_shortlist(shortlist, owners):
    lines = owners.post("lookalikes", {"accounts": ["instagram:mona"], "limit": 2}).json()["items"]
    assert "mona" not in {line["account"]["handle"] for line in lines}
    whole = owners.post("lookalikes", {"shortlist_id": shortlist["id"]}).json()["items"]
    shown = {c["account"]["handle"] for c in shortlist["candidates"]}
    assert whole and not shown & {line["account"]["handle"] for line in whole}


def test_an_exclusion_list_keeps_accounts_out_while_it_is_on(shortlist, owners):
    listed = owners.post("exclusion-lists", {"name": "rivals", "accounts": ["instagram:mona"]}).json()
    assert listed["account_ids"] == [owners.get("accounts/instagram:mona").json()["id"]]
    again = f"briefs/{shortlist['brief_id']}/shortlists"
    assert "mona" not in str(owners.post(again, {}).json()["candidates"])
    owners.post("exclusion-lists", {"name": "rivals", "is_on": False})
    assert "mona" in str(owners.post(again, {}).json()["candidates"])
    emptied = owners.post("exclusion-lists/remove", {"name": "rivals", "accounts": ["instagram:mona"]}).json()
    assert emptied["account_ids"] == []


def test_a_search_is_saved_found_again_and_dropped(owners):
    mona = "7233203075698650594"
    filters = {"countries": ["fr"], "active_since": "2026-01-31", "without_accounts": [mona]}
    owners.post("searches", {"name": "Jardins / France", "filters": filters, "words": "potager"})
    (kept,) = owners.get("searches").json()["items"]
    assert kept["words"] == "potager" and kept["filters"]["countries"] == ["FR"]
    assert kept["filters"]["without_accounts"] == [mona] and kept["filters"]["active_since"] == "2026-01-31"
    assert owners.call("DELETE", "searches", name="Jardins / France").status_code == 204
    assert owners.get("searches").json()["items"] == []


def test_a_forgotten_person_is_gone_and_does_not_come_back(shortlist, owners, posts):
    gone = owners.call("DELETE", "creators/instagram:mona").json()
    assert gone["accounts"] == 1 and gone["removed"]["post"] == 9
    assert owners.get("accounts/instagram:mona").status_code == 404
    changed = posts.replace(b"yesterday", b"2026-01-01")
    assert owners.post("imports", form=_upload(changed, mapping="sillage-posts")).json()["done"]["forgotten"] >= 1
    assert owners.get("accounts/instagram:mona").status_code == 404


def test_all_of_it_stands_in_the_ledger(shortlist, owners):
    verbs = {e["verb"] for e in owners.get("ledger", limit=200).json()["items"]}
    assert {"catalogue.imported", "understanding.enriched", "discovery.brief_opened", "discovery.shortlisted"} <= verbs
    check = owners.get("ledger/verify").json()
    assert check["holds"] and check["entries"] >= 6


def test_members_come_change_and_go(owners):
    zoe = {"email": "zoe@example.org", "name": "Zoé", "role": "analyst", "password": "pelican-harbour-43"}
    made = owners.post("members", zoe).json()
    assert made["name"] == "Zoé" and "password" not in made
    assert owners.call("PATCH", f"members/{made['id']}", {"role": "manager"}).json()["role"] == "manager"
    assert owners.call("DELETE", f"members/{made['id']}").status_code == 204
    assert [m["email"] for m in owners.get("members").json()["items"]] == ["ada@example.org"]


def test_connections_are_remembered(owners):
    owners.post("connections", {"network": "bluesky", "targets": ["mona.example.org", "mona.example.org"]})
    (kept,) = owners.get("connections").json()["items"]
    assert kept["target"] == "mona.example.org" and kept["fetched_at"] is None and kept["account_id"] is None
    assert owners.post("connections", {"network": "myspace", "targets": ["x"]}).status_code == 404
