"""The law packs over a writing brief's texts: part by part for thousands, whole for the ones that a person sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sillage.governance.engine.law import Consideration, LawFinding, LawPack, Publication
from sillage.governance.engine.law_facts import Facts
from sillage.governance.engine.law_judge import judge
from sillage.governance.engine.law_reading import packs_named
from sillage.studio.engine.brief import WritingBrief


def packs_of(brief: WritingBrief) -> list[LawPack]:
    """Raises NoLawPack for an unknown id."""
    return list(packs_named(brief.law_packs))


def judged(brief: WritingBrief, text: str, packs: Sequence[LawPack], on: date) -> list[LawFinding]:
    """What the packs say of a text as it would be published."""
    publication = Publication(
        caption=text,
        consideration=Consideration(brief.consideration),
        language=brief.language,
        network=brief.network or None,
        format=brief.format or None,
        brands=(brief.brand,) if brief.brand else (),
    )
    return judge(packs, Facts(publication=publication), on)


def stopping(brief: WritingBrief, text: str, packs: Sequence[LawPack], on: date) -> str:
    """The rule that stops the text, or nothing. What asks or doubts is a person's, and shown with the text."""
    return next((finding.rule for finding in judged(brief, text, packs, on) if finding.verdict.stops), "")
