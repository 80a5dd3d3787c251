"""A malformed pack is refused with its place, a caret and what would have been valid: the whole message, word for word."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from sillage.governance.engine.law_cases import cases_from
from sillage.governance.engine.law_parsing import pack_from
from sillage.governance.engine.law_text import LawPackMalformed

GOLDEN = tomllib.loads(resources.files("sillage.governance.tests").joinpath("law_mistakes.toml").read_text("utf8"))
PACK = """\
pack = "xx"
version = "2026.1"
name = { en = "Atlantis", fr = "Atlantide" }
countries = ["XX"]
languages = ["en"]
alone = "review"

[placing]
end = "block"

[questions]
licensed = { en = "Is there a licence?", fr = "Y a-t-il une licence ?" }

[[labels]]
text = "Ad"
worth = "pass"
language = "en"
confidence = "S"

[[rule]]
id = "XX-DISC-01"
title = { en = "Say it", fr = "Le dire" }
binds = ["creator"]
checks = ["label", "stated"]
when = { sector.category = ["tea"] }
needs = ["sector.category", "stated.licensed"]
requirement = "It shall be said."
severity = "block"
confidence = "P/S"
source = "https://law.example/1"
effective_on = 2026-01-01
given = { stated = ["licensed"] }
"""
CASES = """\
[[case]]
rule = "XX-DISC-01"
expect = "block"
consideration = "paid"
caption = "Tea"
sector = { category = "tea" }
"""


def _named(kind: str) -> list:
    return [pytest.param(one["changes"], one["said"], id=one["name"]) for one in GOLDEN[kind]]


def _changed(text: str, changes: list[list[str]]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def _told(refusal: LawPackMalformed) -> str:
    return f"{refusal.place}: {refusal.message}\n→ {refusal.hint}"


def test_the_pack_without_a_mistake_is_read():
    pack = pack_from(PACK, "xx/pack.toml")
    assert pack.rules[0].needs == ("sector.category", "stated.licensed")
    assert [case.expect for case in cases_from(CASES, "xx/cases.toml", pack)] == ["block"]


@pytest.mark.parametrize(("changes", "said"), _named("mistake"))
def test_a_mistake_is_told_with_its_place_a_caret_and_what_would_be_valid(changes, said):
    with pytest.raises(LawPackMalformed) as refusal:
        pack_from(_changed(PACK, changes), "xx/pack.toml")
    assert _told(refusal.value) == said


@pytest.mark.parametrize(("changes", "said"), _named("mistake_in_a_case"))
def test_a_mistake_in_a_case_is_told_with_its_place(changes, said):
    with pytest.raises(LawPackMalformed) as refusal:
        cases_from(_changed(CASES, changes), "xx/cases.toml", pack_from(PACK, "xx/pack.toml"))
    assert _told(refusal.value) == said
