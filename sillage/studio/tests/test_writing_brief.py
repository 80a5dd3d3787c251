"""A writing brief is read field by field; without an idea of a person's, or a fact, nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from sillage.governance.engine.sensitive import SortsPeople
from sillage.lib.errors import Refusal
from sillage.studio.engine.brief import FactMissing, IdeaMissing, WritingBriefMalformed, holds, writing_brief

GIVEN: dict[str, Any] = {"idea": "Une peau calme vaut mieux", "facts": ["La formule compte onze ingrédients."]}


def test_an_idea_and_a_fact_are_enough() -> None:
    brief = writing_brief(GIVEN)
    assert (brief.title, brief.language, brief.kind.value, brief.register.value) == (GIVEN["idea"], "fr", "ad", "vous")
    assert brief.facts[0].text == GIVEN["facts"][0]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"idea": ""}, IdeaMissing),
        ({"idea": "  \n "}, IdeaMissing),
        ({"facts": []}, FactMissing),
        ({"facts": ["", " "]}, FactMissing),
        ({"facts": "onze"}, WritingBriefMalformed),
        ({"facts": [{"words": "x"}]}, WritingBriefMalformed),
        ({"facts": ["x."] * 21}, WritingBriefMalformed),
        ({"idee": "x"}, WritingBriefMalformed),
        ({"tone": "loud"}, WritingBriefMalformed),
        ({"kind": "novel"}, WritingBriefMalformed),
        ({"language": "tlh"}, WritingBriefMalformed),
        ({"idea": "x" * 501}, WritingBriefMalformed),
        ({"longest": "long"}, WritingBriefMalformed),
        ({"longest": True}, WritingBriefMalformed),
        ({"shortest": 500, "longest": 100}, WritingBriefMalformed),
        ({"audience": "femmes enceintes"}, SortsPeople),
    ],
)
def test_what_cannot_be_written_from_is_refused_with_what_to_do(
    changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        writing_brief(GIVEN | changed)
    assert refused.value.message and refused.value.hint


@pytest.mark.parametrize(
    ("text", "words", "does"),
    [
        ("Le sérum Aube, à Grasse", "aube", True),
        ("Le sérum d’Aubépine", "Aube", False),
        ("Un soin anti-âge", "anti-âge", True),
        ("Crème hydratante", "creme hydratante", True),
        ("Crème très hydratante", "crème hydratante", False),
    ],
)
def test_words_are_found_whole_whatever_their_case_and_accents(text: str, words: str, does: bool) -> None:
    assert holds(text, words) is does
