"""What machines say of a text's words while a person writes them: remarks, law packs, the voice. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sillage.campaigns.queries.checking import packs_of as packs_of_campaign
from sillage.governance.engine.law import LawFinding, LawPack, Publication
from sillage.governance.engine.law_facts import Facts
from sillage.governance.engine.law_judge import judge
from sillage.studio.engine.brief import Kind, WritingBrief
from sillage.studio.engine.lawful import judged, packs_of
from sillage.studio.engine.remarks import Remark, remarks_on
from sillage.studio.engine.voice import Fit
from sillage.studio.models import Text
from sillage.studio.queries.briefs import content_of
from sillage.studio.queries.voices import voice_in_use
from sillage.studio.queries.words import accepted_words

PUBLISHED = (Kind.AD.value, Kind.CAPTION.value)  # what the law of publications is about


@dataclass(frozen=True, slots=True)
class Checked:
    """`packs` are those that were looked into: none means that no law was asked. `fit` is None without a trained voice."""

    brief: WritingBrief | None
    remarks: list[Remark]
    packs: tuple[LawPack, ...]
    findings: list[LawFinding]
    fit: Fit | None

    @property
    def stopping(self) -> list[LawFinding]:
        return [finding for finding in self.findings if finding.verdict.stops]

    @property
    def grave(self) -> list[LawFinding]:
        """What stops, or has to be weighed by a person."""
        return [finding for finding in self.findings if finding.verdict.needs_person or finding.verdict.stops]

    @property
    def count(self) -> int:
        """How many things stand in the list."""
        return len(self.remarks) + len(self.grave)

    @property
    def pack_names(self) -> str:
        return ", ".join(f"{pack.id} {pack.version}" for pack in self.packs)


def brief_of(text: Text) -> WritingBrief | None:
    return content_of(text.brief) if text.brief is not None else None


def check_words(text: Text, body: str, on: date) -> Checked:
    """All that is said of these words if they went out on that day."""
    brief = brief_of(text)
    packs = _packs(text, brief)
    voice = voice_in_use(text.voice) if text.voice is not None else None
    return Checked(
        brief,
        remarks_on(body, text.language, brief, accepted_words(text.workspace_id, text.language)),
        packs,
        _findings(text, body, brief, packs, on),
        voice.fit(body) if voice is not None and body.strip() else None,
    )


def law_of(text: Text, body: str, on: date) -> list[LawFinding]:
    """What the law packs alone say: what a choice and an approval are held against."""
    brief = brief_of(text)
    return _findings(text, body, brief, _packs(text, brief), on)


def _packs(text: Text, brief: WritingBrief | None) -> tuple[LawPack, ...]:
    """Those of the brief; for what is published, else those of the campaign."""
    if brief is not None and brief.law_packs:
        return tuple(packs_of(brief))
    if text.campaign is not None and text.kind in PUBLISHED:
        return packs_of_campaign(text.campaign)
    return ()


def _findings(
    text: Text, body: str, brief: WritingBrief | None, packs: Sequence[LawPack], on: date
) -> list[LawFinding]:
    if not packs or not body.strip():
        return []
    if brief is not None:
        return judged(brief, body, packs, on)
    brand = text.campaign.brand if text.campaign is not None else ""
    published = Publication(caption=body, language=text.language, brands=(brand,) if brand else ())
    return judge(packs, Facts(publication=published), on)
