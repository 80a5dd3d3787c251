"""A brand is found by handle, hashtag, name and alias, with the words that show it."""

from __future__ import annotations

import pytest

from sillage.understanding.engine.brands import BrandMentions, KnownBrand
from sillage.understanding.engine.port import NOTHING, PostText

MAREE = KnownBrand("maree-basse", "Marée Basse", ("mareebasse",), ("mareebasse", "teammaree"), ("MB Cosmétiques",))
OM = KnownBrand("om", "Om")
MENTIONS = BrandMentions([MAREE, OM])


def _found(text: str, **more):
    return MENTIONS.findings([PostText(1, 1, 1, "", text, **more)])[0]


@pytest.mark.parametrize(
    ("text", "how", "words"),
    [
        ("Merci @MareeBasse !", "handle", "@mareebasse"),
        ("ma routine #TeamMaree", "hashtag", "#teammaree"),
        ("La crème de MARÉE BASSE sent l’iode", "name", "maree basse"),
        ("J’ai testé mb cosmetiques", "name", "mb cosmetiques"),
    ],
)
def test_it_is_found_however_it_is_written(text, how, words):
    finding = _found(text)
    assert finding.value == {"brands": {"maree-basse": how}}
    assert finding.evidence[0]["words"] == words


def test_the_surest_mention_counts():
    assert _found("Marée Basse, merci @mareebasse").value == {"brands": {"maree-basse": "handle"}}


def test_a_short_name_is_half_sure():
    assert _found("om").confidence == 0.5


def test_hashtags_beside_the_text_count():
    assert _found("ma routine", hashtags=("teammaree",)).value == {"brands": {"maree-basse": "hashtag"}}


@pytest.mark.parametrize("text", ["", "🌊🌊", "basse marée", "homme", "contact@mareebasse.example"])
def test_nothing_is_found_where_nothing_is(text):
    assert _found(text) == NOTHING


def test_another_list_of_brands_is_another_version():
    assert BrandMentions([MAREE]).version != MENTIONS.version
    assert BrandMentions([OM, MAREE]).version == MENTIONS.version
