"""Is a post commercial, and is it disclosed as the law of its audience's country asks? Law packs held against a post.

The country is the account's, as declared: a stand-in for that of the audience, which no network tells. A member state's pack
is read with the EU's beside it; where no country is declared the EU's alone, and the value says so. What was given is taken
from the post's own words; where they only hint at it (`WEAK`), findings ask for review and never block.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sillage.governance.engine.law import Consideration, LawFinding, LawPack, Publication, Verdict
from sillage.governance.engine.law_judge import judge, worst
from sillage.governance.engine.law_reading import NoLawPack, book_version, law_book, packs_for
from sillage.understanding.engine.brands import BrandMentions
from sillage.understanding.engine.commercial import NETWORK_LABEL, SAID, VERSION, Sign, commercial_signs
from sillage.understanding.engine.port import NOTHING, Finding, PostText

RULES = "2"  # raise it when the same packs and signs would give other findings
_GIVEN: Mapping[str, Consideration] = {
    "label": Consideration.PAID,
    "paid": Consideration.PAID,
    "affiliate": Consideration.AFFILIATE,
    "support": Consideration.AFFILIATE,
    "trip": Consideration.TRIP,
    "gift": Consideration.GIFT,
    "own_brand": Consideration.OWN_BRAND,
}


class Disclosure:
    """The enricher `disclosure`: value {"severity", "consideration", "country", "packs", "findings"} of commercial posts.

    Confidence and evidence are those that the post is commercial at all; a finding is a rule's, not a probability.
    """

    name = "disclosure"
    languages = None
    cost = 0.03

    def __init__(self, brands: BrandMentions | None = None) -> None:
        self._brands = brands
        digest = hashlib.sha256(f"{RULES} {VERSION} {book_version()} {brands.version if brands else ''}".encode())
        self.version = f"{RULES}.{digest.hexdigest()[:12]}"

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        return [self._finding(post) for post in posts]

    def _finding(self, post: PostText) -> Finding:
        signs = commercial_signs(post)
        if not signs:
            return NOTHING
        packs = packs_of(post.country)
        given = consideration_of(signs)
        found = judge(packs, self._publication(post, given))
        severity = worst(found)
        value = {
            "severity": severity.value if severity else None,
            "consideration": given.value,
            "country": post.country,
            "packs": {pack.id: pack.version for pack in packs},
            "findings": [as_value(f) for f in found],
        }
        evidence = [{"words": s.words, "confidence": s.confidence, "kind": s.kind} for s in signs]
        return Finding(value, signs[0].confidence, evidence)

    def _publication(self, post: PostText, given: Consideration) -> Publication:
        mentions = self._brands.findings([post])[0].evidence if self._brands else []
        return Publication(
            caption=post.text,
            title=post.title,
            consideration=given,
            hashtags=post.hashtags,
            language=post.language,
            network=post.network,
            format=post.format,
            platform_flag=True if post.paid_label else None,
            brands=tuple(mention["words"] for mention in mentions),
            published_on=post.published_on,
        )


def packs_of(country: str | None) -> tuple[LawPack, ...]:
    """The packs to hold a post of that country against; none for a country outside of the EU that has no pack."""
    try:
        return packs_for(country)
    except NoLawPack:
        return ()


def consideration_of(signs: Sequence[Sign]) -> Consideration:
    """What the words say was given; UNKNOWN where they only hint. The network's label alone says “paid”."""
    sure = [s for s in signs if s.confidence >= SAID and s.kind in _GIVEN]
    told = [s for s in sure if s.words != NETWORK_LABEL and s.kind != "label"]
    chosen = told or sure
    return _GIVEN[chosen[0].kind] if chosen else Consideration.UNKNOWN


def as_value(finding: LawFinding) -> dict[str, Any]:
    """What is kept of a finding: the law's words are in the pack of that version."""
    return {
        "rule": finding.rule,
        "pack": finding.pack,
        "version": finding.pack_version,
        "check": finding.check,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "seen": finding.seen,
        "change": finding.change,
        "about": dict(finding.about),
        "unseen": list(finding.unseen),
    }


def as_finding(value: Mapping[str, Any]) -> LawFinding:
    """A kept finding with the law's words, where the packs here still are of its version; without them where not."""
    pack = law_book().packs.get(value["pack"])
    rules = {rule.id: rule for rule in pack.rules} if pack and pack.version == value["version"] else {}
    rule = rules.get(value["rule"])
    return LawFinding(
        rule=value["rule"],
        pack=value["pack"],
        pack_version=value["version"],
        check=value["check"],
        verdict=Verdict(value.get("verdict", value["severity"])),
        requirement=rule.requirement if rule else "",
        seen=value["seen"],
        change=value["change"],
        about=value["about"],
        source=rule.source if rule else "",
        confidence=rule.confidence if rule else "",
        effective_on=rule.effective_on if rule else date.min,
        unseen=tuple(value["unseen"]),
    )
