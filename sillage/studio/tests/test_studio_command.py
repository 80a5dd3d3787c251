"""`sillage studio variants`: a table for people, JSON for programs, a refusal that says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sillage.studio.cli.root import studio
from sillage.studio.engine.brief import IdeaMissing, WritingBriefMalformed

BRIEF = """
idea = "Une peau calme vaut mieux qu’une peau parfaite"
brand = "Aube"
product = "le sérum Aube"
link = "aube.example/serum"
label = "Publicité"
law_packs = ["fr"]
consideration = "own_brand"
facts = ["La formule compte onze ingrédients.", "Aucun parfum n’est ajouté."]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "brief.toml"
    file.write_text(BRIEF, encoding="utf8")
    return file


def test_a_program_gets_every_variant_and_what_they_were_made_by(path: Path) -> None:
    said = CliRunner().invoke(studio, ["variants", str(path), "--n", "30", "--json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert len(told["variants"]) == 30 and told["made_by"] == "assembled from templates"
    assert sorted(v["rank"] for v in told["variants"] if v["rank"]) == list(range(1, 13))
    assert all(v["text"].startswith("Publicité · ") for v in told["variants"])


def test_a_person_gets_the_first_ones_and_how_many_there_are(path: Path) -> None:
    said = CliRunner().invoke(studio, ["variants", str(path), "--n", "20", "--shown", "3"])
    assert said.exit_code == 0 and "20 of 20 variants, assembled from templates" in said.output


def test_a_brief_that_is_not_toml_says_where(path: Path) -> None:
    path.write_text('idea = "x\nfacts = []', encoding="utf8")
    refused = CliRunner().invoke(studio, ["variants", str(path)]).exception
    assert isinstance(refused, WritingBriefMalformed) and refused.place.startswith(f"{path}:1:")


def test_a_brief_without_an_idea_is_refused(path: Path) -> None:
    path.write_text('facts = ["x."]', encoding="utf8")
    assert isinstance(CliRunner().invoke(studio, ["variants", str(path)]).exception, IdeaMissing)
