"""Reading writing briefs. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from sillage.campaigns.engine.addresses import tracked_address
from sillage.campaigns.models import Campaign, Deliverable
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.catalogue.queries import list_brands
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.brief import LONGEST_LINE, WritingBrief, writing_brief
from sillage.studio.models import StoredBrief

STATES = ("open", "archived")


def get_brief(workspace_id: int, brief_id: int, *, lock: bool = False) -> StoredBrief:
    """A writing brief. `lock` holds its row until the transaction ends."""
    briefs = StoredBrief.objects.filter(workspace_id=workspace_id, pk=brief_id)
    found = (
        briefs.select_for_update() if lock else briefs.select_related("campaign", "voice", "created_by__person")
    ).first()
    if found is None:
        raise NotFound(
            Sentence("No writing brief %(brief_id)s in this workspace.", brief_id=brief_id),
            Sentence("See the briefs in the studio, or with `sillage studio brief list`."),
        )
    return found


def content_of(stored: StoredBrief) -> WritingBrief:
    """What the brief says, in the shape that the engine writes from."""
    return writing_brief(stored.content)


def list_briefs(
    workspace_id: int,
    *,
    state: str = "open",
    words: str = "",
    kind: str = "",
    campaign_id: int | None = None,
    cursor: str | None = None,
    limit: int = 30,
) -> Page[StoredBrief]:
    """Writing briefs, the last opened first. `words` are looked for in title, idea and brand."""
    briefs = StoredBrief.objects.filter(workspace_id=workspace_id, archived_at__isnull=state != "archived")
    if kind:
        briefs = briefs.filter(kind=kind)
    if campaign_id is not None:
        briefs = briefs.filter(campaign_id=campaign_id)
    for word in words.split()[:8]:
        briefs = briefs.filter(
            Q(title__icontains=word) | Q(content__idea__icontains=word) | Q(content__brand__icontains=word)
        )
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        briefs = briefs.filter(pk__lt=last)
    related = briefs.select_related("campaign", "voice", "created_by__person").order_by("-pk")
    rows = list(related[: limit + 1])
    return Page(rows[:limit], cursor_of([rows[limit - 1].pk]) if len(rows) > limit else None)


def count_briefs(workspace_id: int) -> dict[str, int]:
    """How many there are in each state."""
    counted: dict[str, int] = StoredBrief.objects.filter(workspace_id=workspace_id).aggregate(
        open=Count("pk", filter=Q(archived_at=None)), archived=Count("pk", filter=Q(archived_at__isnull=False))
    )
    return counted


def proposed_by(campaign: Campaign, language: str = "fr") -> dict[str, Any]:
    """What a campaign says of a writing brief: brand, link, code, hashtags, law packs and their label, names to leave out.

    Never the idea, which is a person's, and never a fact.
    """
    names = {brand.key: brand.name for brand in list_brands(campaign.workspace_id)} if campaign.competitors else {}
    asked = Deliverable.objects.filter(campaign=campaign, collaboration=None).order_by("pk").first()
    never = [names.get(key, key) for key in campaign.competitors] + list(asked.never_say if asked else ())
    said = {
        "brand": campaign.brand,
        "link": tracked_address(campaign.landing_url, campaign.utm),
        "code": campaign.codes[0] if campaign.codes else "",
        "hashtags": list(campaign.hashtags),
        "law_packs": list(campaign.law_packs),
        "label": label_of(campaign.law_packs, language),
        "never": [words for words in dict.fromkeys(never) if len(words) <= LONGEST_LINE],
        "network": asked.network if asked else "",
        "format": asked.format if asked else "",
        "consideration": asked.consideration if asked else "",
    }
    return {name: value for name, value in said.items() if value}


def proposed_for(workspace_id: int, campaign_id: int, language: str = "fr") -> dict[str, Any]:
    """The same by the campaign's id; NotFound for another workspace's."""
    return proposed_by(get_campaign(workspace_id, campaign_id), language)


def label_of(law_packs: Sequence[str], language: str) -> str:
    """The first label that is enough by itself under one of these packs, in the language; nothing where there is none."""
    packs = law_book().packs
    labels = (label for name in law_packs if name in packs for label in packs[name].labels)
    fitting = (one.text for one in labels if one.worth == "pass" and one.language == language and "{" not in one.text)
    return next(fitting, "")
