"""What a draft or a live post is held against: the campaign's law packs, its own rules, and what is known of the medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sillage.campaigns.engine.campaign_rules import RuleFinding, Wanted, kept_rule
from sillage.campaigns.engine.checking import OF_KIND, Checked, Published, checked
from sillage.campaigns.models import Campaign, Deliverable, Draft, DraftCheck, LiveEvidence
from sillage.catalogue.models import Post
from sillage.governance.engine.law import Consideration, LawFinding, LawPack
from sillage.governance.engine.law_kept import kept_finding
from sillage.governance.engine.law_reading import packs_for_countries, packs_named


def packs_of(campaign: Campaign) -> tuple[LawPack, ...]:
    """The campaign's own choice of packs, else those of its countries."""
    return tuple(packs_named(campaign.law_packs) if campaign.law_packs else packs_for_countries(campaign.countries))


def wanted_of(deliverable: Deliverable) -> Wanted:
    """The campaign's rules and the deliverable's; a code of the deliverable's own is asked for instead of the campaign's."""
    campaign = deliverable.campaign
    return Wanted(
        hashtags=tuple(campaign.hashtags),
        mentions=tuple(campaign.mentions),
        codes=(deliverable.code,) if deliverable.code else tuple(campaign.codes),
        brand=deliverable.brand_mention,
        say=tuple(deliverable.say),
        never_say=tuple(deliverable.never_say),
    )


def consideration_of(deliverable: Deliverable) -> str:
    """What the creator gets, as packs name it: said of the deliverable, else the weightiest of the collaboration's."""
    if deliverable.consideration != Consideration.UNKNOWN.value or deliverable.collaboration is None:
        return deliverable.consideration
    kinds = set(deliverable.collaboration.considerations.filter(withdrawn_at=None).values_list("kind", flat=True))
    return next((OF_KIND[kind].value for kind in OF_KIND if kind in kinds), Consideration.UNKNOWN.value)


def check_of_draft(draft: Draft, files: Sequence[Any], on: date) -> Checked:
    """What packs and rules say of a draft, if it were published on that day. `files`: with `says_machine_made`."""
    deliverable = draft.deliverable
    published = Published(
        title=draft.title,
        text=draft.text,
        facts={**deliverable.facts, **draft.facts},
        slides=len(files) or None,
        says_machine_made=any(file.says_machine_made for file in files),
        **_said_of(deliverable),
    )
    return checked(packs_of(deliverable.campaign), published, wanted_of(deliverable), on)


def check_of_post(deliverable: Deliverable, post: Post, facts: Mapping[str, Any]) -> Checked:
    """The same packs and rules, of a post as the catalogue has it, on the day on which it was published."""
    published = Published(
        title=post.title,
        text=post.text,
        facts={**deliverable.facts, **facts},
        hashtags=tuple(post.hashtags),
        platform_flag=post.paid_label,
        **_said_of(deliverable),
    )
    return checked(packs_of(deliverable.campaign), published, wanted_of(deliverable), post.published_at.date())


def _said_of(deliverable: Deliverable) -> dict[str, Any]:
    campaign = deliverable.campaign
    brands = (campaign.brand, deliverable.brand_mention, *campaign.mentions)
    return {
        "network": deliverable.network,
        "format": deliverable.format,
        "language": deliverable.language or None,
        "consideration": consideration_of(deliverable),
        "brands": tuple(dict.fromkeys(name for name in brands if name)),
    }


def findings_of(kept: DraftCheck | LiveEvidence) -> tuple[list[LawFinding], list[RuleFinding]]:
    """What was kept of a check, as it was found."""
    return [kept_finding(f) for f in kept.findings], [kept_rule(r) for r in kept.rules]
