"""Where words and pictures come from, step by step; what share is whose; what platforms and laws are told of it.

Fields of platforms: Instagram `is_ai_generated` (Instagram Platform changelog, 22 June 2026), X `made_with_ai` (X API,
POST /2/tweets), YouTube `status.containsSyntheticMedia` (YouTube Data API), Google CM360
`syntheticContentAttestationStatus`. TikTok's `is_aigc` is known from others' documentation only. All of them ask about
pictures and films, none about words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from sillage.governance.engine.law_facts import AiFacts, Facts, ImageFacts
from sillage.studio.engine.digital_source import Source, source_of_words
from sillage.studio.engine.origins import MadeBy, Origin

_WORDS = re.compile(r"\w+|[^\w\s]")
MOST_WORDS = 20_000  # of two versions together; beyond, an edit counts as a new text
UNVERIFIED = ("tiktok",)


@dataclass(frozen=True, slots=True)
class Step:
    """A version of a text, or what was done to a picture: by whom, when, from which version."""

    made_by: MadeBy
    who: str = ""
    at: datetime | None = None
    number: int | None = None
    body: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The steps from the first to the newest, the share of each origin in today's words (empty for pictures), the term."""

    kind: Literal["text", "picture"]
    steps: tuple[Step, ...]
    source: Source
    shares: Mapping[Origin, float] = field(default_factory=dict)
    reviewer: str = ""  # the person who chose or approved the newest words
    is_marked: bool = False  # the file says it to machines: C2PA and IPTC

    @property
    def is_generated(self) -> bool | None:
        """Whether generative AI had a part; None where nobody knows."""
        return self.source.is_generated

    @property
    def models(self) -> tuple[MadeBy, ...]:
        """The models that had a part, each with its version and prompt."""
        return tuple(dict.fromkeys(step.made_by for step in self.steps if step.made_by.origin is Origin.MODEL))


def shares_of(steps: Sequence[Step]) -> dict[Origin, float]:
    """The share of the newest words that each origin wrote: a word belongs to the version in which it came first.

    Words of a machine that a person kept stay the machine's. Empty for an empty text.
    """
    words: list[str] = []
    whose: list[Origin] = []
    for step in steps:
        new = _WORDS.findall(step.body)
        whose = _attributed(words, whose, new, step.made_by.origin)
        words = new
    counted = Counter(whose)
    return {origin: counted[origin] / len(whose) for origin in Origin if counted[origin]}


def _attributed(old: list[str], whose: list[Origin], new: list[str], by: Origin) -> list[Origin]:
    found = [by] * len(new)
    if len(old) + len(new) > MOST_WORDS:
        return found
    for one in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        found[one.b : one.b + one.size] = whose[one.a : one.a + one.size]
    return found


def history_of_words(steps: Sequence[Step], reviewer: str = "") -> History:
    """The history of a text from its versions, the oldest first."""
    shares = shares_of(steps)
    source = source_of_words(
        has_model=Origin.MODEL in shares, has_template=Origin.TEMPLATE in shares, has_person=Origin.PERSON in shares
    )
    return History("text", tuple(steps), source, shares, reviewer)


def platform_fields(history: History) -> dict[str, dict[str, Any]]:
    """{platform: {field: value}} to set at publication. Nothing for words alone; None where a person must say first."""
    if history.kind == "text":
        return {}
    said = history.is_generated
    attested = {None: None, True: "IS_SYNTHETIC", False: "NOT_SYNTHETIC"}[said]
    return {
        "instagram": {"is_ai_generated": said},
        "x": {"made_with_ai": said},
        "youtube": {"status.containsSyntheticMedia": said},
        "tiktok": {"is_aigc": said},
        "google_cm360": {"syntheticContentAttestationStatus": attested},
    }


def law_facts_of(history: History, *, labelled: bool | None = None) -> Facts:
    """What law packs may know of it (AI Act, art. 50; loi 2023-451, art. 5). What nobody said stays unknown and is asked."""
    said, reviewer = history.is_generated, history.reviewer or None
    if history.kind == "text":  # words are no deepfake (art. 50(4) names image, audio, video) and carry no credentials
        return Facts(ai=AiFacts(said, labelled=labelled, reviewer=reviewer, deepfake=False, c2pa_in=False))
    ai = AiFacts(said, marked=history.is_marked or None, labelled=labelled, reviewer=reviewer)
    return Facts(ai=ai, image=ImageFacts(synthetic=said, digital_source_type=history.source.value))
