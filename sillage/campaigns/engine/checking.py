"""What is known of a draft or a post, put as law packs ask for it, and held against them and the campaign's own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sillage.campaigns.engine.campaign_rules import RuleFinding, Wanted, hold_against
from sillage.governance.engine.law import Consideration, LawFinding, LawPack, Publication, Verdict
from sillage.governance.engine.law_facts import AiFacts, Facts, ImageFacts, SectorFacts
from sillage.governance.engine.law_judge import judge, verdict_of

WITH_PICTURES = ("carousel", "image", "live", "short_video", "story", "video")
_WORST = (Verdict.PASS, Verdict.INFO, Verdict.ASK, Verdict.REVIEW, Verdict.WARN, Verdict.BLOCK)
_AI = ("marked", "c2pa_in", "c2pa_out", "deepfake", "is_evidently_art", "labelled", "public_interest_text", "reviewer")
OF_KIND: Mapping[str, Consideration] = {
    "money": Consideration.PAID,
    "gift": Consideration.GIFT,
    "trip": Consideration.TRIP,
    "percentage": Consideration.AFFILIATE,
}
"""What a collaboration's consideration is to a law pack; money says more than what comes with it."""


@dataclass(frozen=True, slots=True)
class Published:
    """What would be, or was, published. `facts` by the names that packs ask for; what is not known is not there."""

    title: str
    text: str
    network: str
    format: str
    language: str | None
    consideration: str
    brands: tuple[str, ...]
    facts: Mapping[str, Any]
    hashtags: tuple[str, ...] = ()
    slides: int | None = None
    platform_flag: bool | None = None
    says_machine_made: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What the law and the campaign's rules say. `verdict` is the worst; None: nothing had anything to say."""

    findings: tuple[LawFinding, ...]
    rules: tuple[RuleFinding, ...]
    verdict: Verdict | None


def checked(packs: Sequence[LawPack], published: Published, wanted: Wanted, on: date) -> Checked:
    """Hold what would be published on a day against law packs and the campaign's rules."""
    findings = tuple(judge(packs, facts_of(published), on=on))
    rules = tuple(hold_against(f"{published.title}\n{published.text}" if published.title else published.text, wanted))
    if published.title:
        rules = tuple(_moved(rule, len(published.title) + 1) for rule in rules)
    verdicts = [v for v in (verdict_of(findings), *(Verdict(rule.verdict) for rule in rules)) if v is not None]
    return Checked(findings, rules, max(verdicts, key=_WORST.index, default=None))


def _moved(rule: RuleFinding, by: int) -> RuleFinding:
    """Places as they are in the text: those in the title are left out."""
    places = tuple((a - by, b - by) for a, b in rule.places if a >= by)
    return RuleFinding(rule.kind, rule.wanted, rule.verdict, places)


def facts_of(published: Published) -> Facts:
    """The groups of facts that a publication is about. Pictures are asked after only where there are pictures."""
    known = published.facts
    has_pictures = published.format in WITH_PICTURES
    return Facts(
        publication=Publication(
            caption=published.text,
            title=published.title,
            consideration=Consideration(published.consideration),
            hashtags=published.hashtags,
            language=published.language,
            network=published.network,
            format=published.format,
            slides=published.slides,
            platform_flag=known.get("publication.platform_flag", published.platform_flag),
            brands=published.brands,
            overlay=known.get("publication.overlay", ""),
            disclosure_place=known.get("publication.disclosure_place"),
        ),
        image=_image(known, published.says_machine_made) if has_pictures else None,
        ai=_machine_made(known, published.says_machine_made),
        sector=SectorFacts(category=known.get("sector.category"), registration=known.get("sector.registration")),
        stated={name.removeprefix("stated."): value for name, value in known.items() if name.startswith("stated.")}
        or None,
    )


def _image(known: Mapping[str, Any], says_machine_made: bool) -> ImageFacts:
    depicts = known.get("image.depicts")
    return ImageFacts(
        retouched=known.get("image.retouched"),
        synthetic=True if says_machine_made else known.get("image.synthetic"),
        depicts=None if depicts is None else frozenset(depicts),
    )


def _machine_made(known: Mapping[str, Any], says_machine_made: bool) -> AiFacts | None:
    """Rules on generated content are asked after only where there is some, or somebody spoke of it."""
    generated = True if says_machine_made else known.get("ai.generated")
    if generated is None and known.get("image.synthetic"):
        generated = True
    if generated is None:
        return None
    told = {name: known.get(f"ai.{name}") for name in _AI}
    since = known.get("ai.system_on_market")
    return AiFacts(generated=generated, system_on_market=date.fromisoformat(since) if since else None, **told)
