"""An installation's own packs: copied from a folder, tried there, and used in the place of shipped ones."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner

from sillage.governance.cli.law import law
from sillage.governance.engine.law import Publication
from sillage.governance.engine.law_judge import judge
from sillage.governance.engine.law_reading import (
    PackText,
    book_version,
    law_book,
    own_packs,
    packs_for,
    read_also,
    shipped_packs,
    shipped_texts,
)
from sillage.governance.engine.law_text import LawPackMalformed
from sillage.governance.law_folder import LawPackExists, LawPackMissing, copy_pack, read_pack_folder, read_pack_folders
from sillage.understanding.workers import Reader, Spec

BRAZIL = """\
pack = "br"
version = "1"
name = { en = "Brazil", fr = "Brésil" }
countries = ["BR"]
languages = ["pt"]
alone = "review"

[[labels]]
text = "Publicidade"
worth = "pass"
language = "pt"
confidence = "S"

[[rule]]
id = "BR-DISC-01"
title = { en = "Say it", fr = "Le dire" }
binds = ["creator"]
checks = ["label"]
needs = ["publication.consideration"]
requirement = "A publicidade deve ser identificada."
severity = "block"
confidence = "S"
source = "https://law.example/br"
effective_on = 2026-01-01
"""


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    read_also([])


@pytest.fixture
def copied(tmp_path) -> Path:
    return copy_pack("fr", tmp_path)


def _run(*arguments: str):
    return CliRunner().invoke(law, list(arguments))


def test_a_copied_pack_is_one_version_further_and_holds_its_cases(copied):
    assert read_pack_folder(copied).read().order > shipped_packs()["fr"].order
    done = _run("check-pack", str(copied))
    assert done.exit_code == 0 and "cases hold" in done.output


def test_the_command_copies_a_pack_and_says_what_to_do_next(tmp_path):
    done = _run("copy", "fr", str(tmp_path / "packs"))
    assert done.exit_code == 0 and "check-pack" in done.output
    assert (tmp_path / "packs" / "fr" / "cases.toml").is_file()


def test_a_copy_writes_over_nothing(copied):
    with pytest.raises(LawPackExists):
        copy_pack("fr", copied.parent)
    with pytest.raises(LawPackMissing) as refusal:
        copy_pack("atlantis", copied.parent)
    assert "fr, it, uk, us" in refusal.value.hint


def test_a_newer_pack_replaces_the_shipped_one_and_another_id_adds_one(copied):
    before = book_version()
    (copied / "pack.toml").write_text(
        (copied / "pack.toml").read_text().replace('text = "Publicité"', 'text = "Réclame"', 1)
    )
    brazil = copied.parent / "br"
    brazil.mkdir()
    (brazil / "pack.toml").write_text(BRAZIL)
    read_also(read_pack_folders(copied.parent))
    assert law_book().own == {"br", "fr"} and book_version() != before
    assert [p.id for p in packs_for("BR")] == ["br"]
    verdicts = {f.rule: f.verdict.value for f in judge(packs_for("FR"), Publication("Réclame @x", platform_flag=True))}
    assert verdicts["FR-DISC-01"] == "pass"
    assert "own" in _run("packs").output


def test_a_pack_that_is_not_newer_is_refused_and_what_was_in_use_stays(copied):
    text = shipped_texts()["fr"]
    with pytest.raises(LawPackMalformed) as refusal:
        read_also([PackText("here/fr", text.pack)])
    assert "is not newer than the shipped one" in refusal.value.message and refusal.value.place == "here/fr/pack.toml"
    assert own_packs() == ()


def test_two_packs_of_one_id_are_refused():
    with pytest.raises(LawPackMalformed, match="A second pack is called “br”"):
        read_also([PackText("a", BRAZIL), PackText("b", BRAZIL)])


def test_versions_are_compared_as_numbers():
    shipped = shipped_texts()["fr"].pack
    version = shipped_packs()["fr"].version
    major = version.split(".")[0]
    read_also([PackText("x", shipped.replace(f'version = "{version}"', f'version = "{major}.10"', 1))])
    assert law_book().packs["fr"].version == f"{major}.10"


def test_a_case_that_comes_out_otherwise_is_named_with_its_place(copied):
    cases = copied / "cases.toml"
    cases.write_text(cases.read_text().replace('expect = "pass"', 'expect = "warn"', 1))
    refusal = _run("check-pack", str(copied)).exception
    assert f"{cases}:3:1: FR-DISC-01 was to say warn and says pass" in refusal.message
    assert refusal.place == f"{cases}:3:1"


def test_a_malformed_pack_is_refused_by_the_command_with_its_place(copied):
    pack = copied / "pack.toml"
    pack.write_text(pack.read_text().replace('checks = ["label"]', 'checks = ["lable"]', 1))
    refusal = _run("check-pack", str(copied)).exception
    assert isinstance(refusal, LawPackMalformed)
    assert "Did you mean “label”?" in refusal.hint and refusal.place.startswith(f"{pack}:")


def test_a_folder_without_a_pack_is_refused(tmp_path):
    with pytest.raises(LawPackMissing):
        read_pack_folder(tmp_path)
    with pytest.raises(LawPackMissing):
        read_pack_folders(tmp_path / "nowhere")
    assert read_pack_folders(tmp_path) == []


def test_a_process_that_reads_posts_uses_the_installations_packs():
    shipped = Reader(Spec((), None, frozenset({"disclosure"}))).versions
    read_also([PackText("br", BRAZIL)])
    spec = pickle.loads(pickle.dumps(Spec((), None, frozenset({"disclosure"}))))
    read_also([])  # as another process begins
    reader = Reader(spec)
    assert reader.versions["disclosure"] != shipped["disclosure"]
    assert [p.id for p in packs_for("BR")] == ["br"]
