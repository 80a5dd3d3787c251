"""While its version stays, an enricher finds the same: what was read before is not read again, so a change would never show.

Where a digest differs: raise the enricher's version (themes: SCORER) and pin what is found now. Where only INPUTS differs,
the texts were changed, and both are pinned again.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from importlib import resources
from typing import Any

import pytest

from sillage.understanding.engine.brands import BrandMentions
from sillage.understanding.engine.chain import Language, Themes
from sillage.understanding.engine.port import Finding, PostText
from sillage.understanding.tests.test_bad_input import BRANDS, LONG, NOTHING_TO_READ, ODD, ORDERS

INPUTS = "ebcaee80f6e3aac1"
FOUND = {
    "language": ("lid.176.ftz/2", "cc2d538886761eae"),
    "themes": ("1.ad2b029eaecc", "1db942eaf18b0c8f"),
    "brands": ("1.3959b81c4a2d", "6a3dd05a7babd5a8"),
}
ENRICHERS = (Language(), Themes(), BrandMentions(BRANDS))
SPELLINGS = (
    "Merci @MareeBasse ! #TeamMaree #mareebasse. MARÉE BASSE, marée. basse ...marée basse mb cosme\u0301tiques.fr",
    "L’été d'Émile : #CleanBeauty #clean_beauty, clean beauty; huile d'olive, 'DIYHome' it’s skin-care ﬁne 𝒜rt ½ Ⅷ",
    "Écrivez à a.b@exemple.fr ou @ada.b, &amp; www.exemple.fr/un(https://b.fr) a@b a@.b @@x #travel #love",
)


def _posts() -> list[PostText]:
    gold = tomllib.loads((resources.files("sillage.understanding.gold") / "themes.toml").read_text("utf-8"))
    known = [(post["text"], post["language"]) for post in gold["post"]]
    odd = [*NOTHING_TO_READ.values(), *ODD.values(), *ORDERS, *(9 * piece for piece in LONG.values()), *SPELLINGS]
    written = [*known, *((text, language) for text in odd for language in (None, "fr", "de"))]
    tags = ("travel", "TeamMaree", "été", "a b")
    return [PostText(1, n, 0, "", text, tags[: n % 5], language or None) for n, (text, language) in enumerate(written)]


def _digest(what: Iterable[Any]) -> str:
    return sha256(json.dumps(list(what), sort_keys=True).encode()).hexdigest()[:16]


def _told(name: str, finding: Finding) -> Any:
    """The confidence of a language is a model's own float, which may differ in its last digits between machines."""
    if name == "language":
        return finding.value
    return finding.value, round(finding.confidence, 6), finding.evidence


def test_the_texts_are_those_of_the_pins():
    assert _digest((p.words, p.language) for p in _posts()) == INPUTS


@pytest.mark.parametrize("enricher", ENRICHERS, ids=lambda e: e.name)
def test_what_is_found_stays_while_the_version_does(enricher):
    found = _digest(_told(enricher.name, f) for f in enricher.findings(_posts()))
    assert (enricher.version, found) == FOUND[enricher.name]
