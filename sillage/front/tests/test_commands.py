"""Every command runs on a small catalogue and ends well, and what it prints for programs is JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sillage.catalogue.models import Account
from sillage.discovery.models import Brief
from sillage.discovery.tests.standing import catalogue, harbour, standing
from sillage.front.cli import COMMANDS
from sillage.front.tests.terminal import Terminal, terminal
from sillage.governance.engine.actors import Actor
from sillage.governance.models import ApiToken, Member, Receipt

__all__ = ["catalogue", "harbour", "standing", "terminal"]

pytestmark = pytest.mark.usefixtures("catalogue", "folder")
BRIEF = "Jardinage et potager, des créateurs français"
PASSWORD = "pelican-harbour-43"

# Each command once as people see it. {brief}, {account}, {receipt}, {token} and {member} are put in.
SPOKEN: tuple[tuple[str, ...], ...] = (
    ("brief", "pin", "{brief}", "instagram:mona", "--reason", "un vrai potager"),
    ("brief", "dismiss", "{brief}", "instagram:noe", "--reason", "surfeuse"),
    ("brief", "withdraw", "{brief}", "instagram:noe"),
    ("brief", "pin", "{brief}", "instagram:mona", "instagram:basile"),
    ("brief", "dismiss", "{brief}", "instagram:noe", "instagram:star", "--reason", "hors sujet"),
    ("brief", "archive", "{brief}"),
    ("brief", "restore", "{brief}"),
    ("brands", "add", "Halden", "--handle", "halden"),
    ("brands", "change", "halden", "--name", "Halden Nature"),
    ("brands", "remove", "halden"),
    ("connect", "bluesky", "chiara.example.com", "--later"),
    ("connect", "bluesky"),
    ("creators", "forget", "instagram:star", "--dry-run"),
    ("creators", "forget", "instagram:star", "--yes"),
    ("exclusions", "add", "vues", "instagram:star"),
    ("exclusions", "remove", "vues", "instagram:star"),
    ("exclusions", "drop", "vues"),
    ("searches", "save", "belges", "--filter", "countries=BE"),
    ("searches", "rename", "belges", "Belgique"),
    ("searches", "drop", "belges"),
    ("ledger", "verify"),
    ("receipt", "verify", "{receipt}"),
    ("members", "add", "new@example.org", "--password", PASSWORD),
    ("members", "password", "ada@example.org", "--password", "lantern-otter-17"),
    ("members", "role", "{member}", "manager"),
    ("members", "remove", "{member}"),
    ("tokens", "issue", "robot", "--scope", "read", "--days", "30"),
    ("tokens", "revoke", "{token}"),
    ("workspace", "open", "second", "--owner", "ada@example.org", "--password", PASSWORD),
    ("database", "migrate"),
    ("database", "sql", "SELECT count(*) AS posts FROM catalogue_post"),
)
# What has to be run before some of them.
FIRST: dict[tuple[str, ...], tuple[str, ...]] = {
    ("brief", "restore"): ("brief", "archive", "{brief}"),
    ("brands", "change"): ("brands", "add", "Halden"),
    ("brands", "remove"): ("brands", "add", "Halden"),
    ("exclusions", "remove"): ("exclusions", "add", "vues", "instagram:star"),
    ("exclusions", "drop"): ("exclusions", "add", "vues", "instagram:star"),
    ("searches", "rename"): ("searches", "save", "belges", "--filter", "countries=BE"),
    ("searches", "drop"): ("searches", "save", "belges", "--filter", "countries=BE"),
}
# Each that can answer a program, run twice: as people see it and with --json.
PRINTED: tuple[tuple[str, ...], ...] = (
    ("brief", "open", BRIEF),
    ("brief", "list"),
    ("brief", "show", "{brief}"),
    ("brief", "shortlist", "{brief}", "--limit", "3"),
    ("brief", "learn", "{brief}"),
    ("brief", "weigh", "{brief}", "--weight", "themes=40"),
    ("brief", "shortlist", BRIEF, "--dry-run"),
    ("brief", "why", "{brief}", "instagram:noe"),
    ("brands", "list"),
    ("connect",),
    ("connect", "youtube", "--refresh"),
    ("coverage",),
    ("creators", "list"),
    ("creators", "list", "--words", "rosiers", "--country", "FR"),
    ("creators", "show", "instagram:mona"),
    ("creators", "like", "instagram:mona"),
    ("database", "status"),
    ("enrich", "--workers", "1"),
    ("enrich", "--workers", "1", "--only", "themes", "--since", "2d"),
    ("exclusions", "list"),
    ("ledger", "list"),
    ("members", "list"),
    ("searches", "list"),
    ("themes", "list", "--language", "fr"),
    ("authenticity", "show", "instagram:mona"),
    ("collaborations", "show", "instagram:mona"),
    ("comments", "list", "--intent", "question"),
    ("disclosure", "list"),
    ("expected", "show", "instagram:mona"),
    ("law", "packs"),
    ("law", "check", "--country", "FR", "--consideration", "gift", "--caption", "Publicité - ma routine avec @mona"),
    ("models", "list"),
    ("originality", "show", "instagram:mona"),
    ("taxonomy", "list"),
    ("topics", "list"),
    ("tokens", "list"),
    ("workspace", "list"),
)
LONG_RUNNING = {"demo", "evaluate", "learn", "reference", "serve", "worker"}  # other tests run these
READS_A_FILE = {"import"}
IN_THEIR_ROOMS = {
    "approval",
    "budget",
    "calendar",
    "campaign",
    "codes",
    "collaboration",
    "contract",
    "conversions",
    "deliverable",
    "draft",
    "evidence",
    "invitation",
    "links",
    "live",
    "payment",
    "policy",
    "privacy",
    "seeding",
    "studio",
    "webhooks",
}  # tests beside their doors run these


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def named(terminal: Terminal, ada: Actor, bruno: Actor, catalogue: None) -> dict[str, str]:
    """What stands for the names in braces."""
    assert terminal("brief", "open", BRIEF).code == 0
    brief = Brief.objects.get()
    assert terminal("brief", "shortlist", brief.pk, "--limit", 3).code == 0
    assert terminal("tokens", "issue", "first").code == 0
    return {
        "brief": str(brief.pk),
        "account": "instagram:mona",
        "receipt": Receipt.objects.filter(metric="account.followers")[0].key,
        "token": str(ApiToken.objects.get().pk),
        "member": str(Member.objects.get(person__email="bruno@example.org").pk),
    }


def _filled(command: tuple[str, ...], named: dict[str, str]) -> list[str]:
    return [part.format(**named) if part.startswith("{") else part for part in command]


@pytest.mark.parametrize("command", SPOKEN, ids=lambda c: " ".join(c[:2]))
def test_a_command_ends_well(terminal: Terminal, named: dict[str, str], command: tuple[str, ...]) -> None:
    if command[:2] in FIRST:
        assert terminal(*_filled(FIRST[command[:2]], named)).code == 0
    said = terminal(*_filled(command, named))
    assert said.code == 0, said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", PRINTED, ids=" ".join)
def test_a_command_prints_a_table_for_people_and_json_for_programs(
    terminal: Terminal, named: dict[str, str], command: tuple[str, ...]
) -> None:
    given = _filled(command, named)
    for_people = terminal(*given)
    assert for_people.code == 0, for_people.err
    for_programs = terminal(*given, "--json")
    assert for_programs.code == 0, for_programs.err
    json.loads(for_programs.out)


def test_a_receipt_is_printed_as_json(terminal: Terminal, named: dict[str, str]) -> None:
    assert terminal("receipt", "show", named["receipt"]).json["metric"] == "account.followers"


def test_a_file_comes_in_and_a_dry_run_writes_nothing(terminal: Terminal, named: dict[str, str], folder: Path) -> None:
    path = folder / "posts.csv"
    path.write_text("network,account_id,post_id,published_at,text\ntiktok,bea,1,2026-06-01,Semis au potager\n")
    given = ("import", path, "--mapping", "sillage-posts", "--json")
    assert terminal(*given, "--dry-run").json["is_dry_run"] is True
    assert not Account.objects.filter(handle="bea").exists()
    assert terminal(*given).json["done"]["posts"]["new"] == 1
    assert terminal(*given).json["already_imported_at"]


def test_who_asked_to_be_forgotten_is_left_out_of_an_import_and_that_is_said(
    terminal: Terminal, named: dict[str, str], folder: Path
) -> None:
    path = folder / "creators.csv"
    path.write_text("network,handle\ninstagram,bea\n")
    terminal("import", path, "--mapping", "sillage-creators")
    terminal("creators", "forget", "instagram:bea", "--yes")
    path.write_text("network,handle\ninstagram,@Bea\n")
    said = terminal("import", path, "--mapping", "sillage-creators")
    assert "asked to be forgotten: 1 accounts" in said.out and "sillage enrich" not in said.err


def test_a_network_of_which_nothing_is_due_says_what_to_do(terminal: Terminal, named: dict[str, str]) -> None:
    said = terminal("connect", "bluesky")
    assert said.code == 0 and "Nothing of bluesky is due" in said.err


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_a_shortlist_is_written_to_a_file(terminal: Terminal, named: dict[str, str], folder: Path, name: str) -> None:
    output = folder / f"out.{name}"
    said = terminal("brief", "shortlist", named["brief"], "--format", name, "--output", output)
    assert said.code == 0 and output.stat().st_size > 100


def test_youtube_says_why_nothing_is_derived_from_what_its_api_gives(terminal: Terminal, named: dict[str, str]) -> None:
    assert "SILLAGE_YOUTUBE_DERIVED_METRICS" in terminal("connect", "youtube", "--refresh").err


def test_every_command_is_run_by_a_test() -> None:
    run = {command[0] for command in (*SPOKEN, *PRINTED)} | LONG_RUNNING | READS_A_FILE | IN_THEIR_ROOMS
    assert run >= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(terminal: Terminal, name: str) -> None:
    said = terminal(name, "--help")
    assert said.code == 0 and "Usage: sillage" in said.out


LIBRARIES = {"lightgbm", "onnx", "onnxruntime", "polars", "pyarrow", "scipy", "sklearn", "tokenizers", "xlsxwriter"}
LIBRARIES |= {"altair", "anthropic", "atproto_client", "ninja", "openai", "pydantic_ai", "ray", "vl_convert"}
LOADING = """
import json, os, sys
from sillage.front import cli, start

os.environ["DJANGO_SETTINGS_MODULE"] = "sillage.front.settings"
sys.argv = ["sillage", "--help"]
assert start.run(cli.sillage) == 0
helped = sorted(sys.modules)
for name in cli.COMMANDS:
    cli.sillage.get_command(None, name)
print(json.dumps([helped, sorted(sys.modules)]))
"""


@pytest.mark.slow
def test_help_loads_no_table_and_no_command_loads_a_library_before_it_uses_it(tmp_path: Path) -> None:
    environment = {**os.environ, "SILLAGE_DATA": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", LOADING], env=environment, capture_output=True, text=True, check=True)
    helped, commanded = map(set, json.loads(ran.stdout.splitlines()[-1]))
    assert sorted(helped & {*LIBRARIES, "numpy", "psycopg", "sillage.governance.models", "sillage.front.wiring"}) == []
    assert {"sillage.governance.models", "sillage.front.wiring", "sillage.discovery.cli"} <= commanded
    assert sorted(commanded & LIBRARIES) == []
