"""Reading campaigns and collaborations. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q

from sillage.campaigns.engine.campaign import FIELDS
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign, Collaboration
from sillage.catalogue.queries import list_brands
from sillage.discovery.models import Shortlist
from sillage.discovery.queries import decisions_of, get_shortlist, list_candidates
from sillage.governance.engine.law_reading import EU, law_book
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence

STATES = ("running", "archived", "templates")


def get_campaign(workspace_id: int, campaign_id: int, *, lock: bool = False) -> Campaign:
    """A campaign or a template. `lock` holds its row until the transaction ends."""
    campaigns = Campaign.objects.filter(workspace_id=workspace_id, pk=campaign_id)
    found = (campaigns.select_for_update() if lock else campaigns.select_related("created_by__person")).first()
    if found is None:
        raise NotFound(
            Sentence("No campaign %(campaign_id)s in this workspace.", campaign_id=campaign_id),
            Sentence("See the page “Campaigns”, or `sillage campaign list`."),
        )
    return found


def get_collaboration(workspace_id: int, collaboration_id: int, *, lock: bool = False) -> Collaboration:
    """One creator in one campaign, with the campaign. `lock` holds its row until the transaction ends."""
    rows = Collaboration.objects.select_related("campaign", "owner__person")
    rows = rows.filter(workspace_id=workspace_id, pk=collaboration_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No collaboration %(collaboration_id)s in this workspace.", collaboration_id=collaboration_id),
            Sentence("See a campaign’s pipeline, or `sillage collaboration list`."),
        )
    return found


def as_given(campaign: Campaign) -> dict[str, Any]:
    """A campaign in the shape in which actions take one."""
    return {field: getattr(campaign, field) for field in FIELDS}


def list_campaigns(
    workspace_id: int,
    *,
    state: str = "running",
    words: str = "",
    brand: str = "",
    cursor: str | None = None,
    limit: int = 30,
) -> Page[Campaign]:
    """Campaigns, the newest first. `words` are looked for in name, brand and objective; `brand` is a key."""
    campaigns = Campaign.objects.filter(workspace_id=workspace_id, is_template=state == "templates")
    campaigns = campaigns.filter(archived_at__isnull=state != "archived")
    if brand:
        campaigns = campaigns.filter(brand_key=brand)
    for word in words.split()[:8]:
        campaigns = campaigns.filter(Q(name__icontains=word) | Q(brand__icontains=word) | Q(objective__icontains=word))
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        campaigns = campaigns.filter(pk__lt=last)
    rows = list(campaigns.select_related("created_by__person").order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of([rows[limit - 1].pk]) if more else None)


def count_campaigns(workspace_id: int) -> dict[str, int]:
    """How many campaigns there are in each state."""
    counted = Campaign.objects.filter(workspace_id=workspace_id).aggregate(
        running=Count("pk", filter=Q(is_template=False, archived_at=None)),
        archived=Count("pk", filter=Q(is_template=False, archived_at__isnull=False)),
        templates=Count("pk", filter=Q(is_template=True, archived_at=None)),
    )
    return {state: counted[state] for state in STATES}


def list_campaign_brands(workspace_id: int) -> list[tuple[str, str]]:
    """Brands that campaigns are for, as (key, name)."""
    rows = Campaign.objects.filter(workspace_id=workspace_id).order_by("brand_key", "-pk").distinct("brand_key")
    return sorted(rows.values_list("brand_key", "brand"), key=lambda pair: pair[1].casefold())


def stage_counts(campaign_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many collaborations stand in each stage: {campaign id: {stage: n}}; stages without any are absent."""
    rows = Collaboration.objects.filter(campaign_id__in=list(campaign_ids)).values("campaign_id", "stage")
    found: dict[int, dict[str, int]] = {}
    for row in rows.annotate(n=Count("pk")).order_by():
        found.setdefault(row["campaign_id"], {})[row["stage"]] = row["n"]
    return found


def proposed_packs(countries: Sequence[str]) -> tuple[str, ...]:
    """The law packs of these countries, and the Union's where one of them belongs to it."""
    packs = law_book().packs.values()
    own = [pack.id for pack in packs if pack.id != EU and set(pack.countries) & set(countries)]
    union = [pack.id for pack in packs if pack.id == EU and set(pack.countries) & set(countries)]
    return (*own, *union)


def accounts_of_shortlist(shortlist: Shortlist, *, take: str, first: int = 0) -> list[int]:
    """Accounts to begin a campaign with: those pinned for the brief, or the first n places; dismissed ones never."""
    decisions = decisions_of(shortlist.brief)
    if take == "pinned":
        return [account for account, decision in decisions.items() if decision.kind == "pinned"]
    dismissed = {account for account, decision in decisions.items() if decision.kind == "dismissed"}
    ranked = [c for c in list_candidates(shortlist) if c.rank is not None and c.account_id not in dismissed]
    return [candidate.account_id for candidate in sorted(ranked, key=lambda c: c.rank or 0)[:first]]


def accounts_of_shortlist_id(workspace_id: int, shortlist_id: int, take: str | int) -> list[int]:
    """The same by the shortlist's id, with `take` “pinned” or how many of the first places."""
    shortlist = get_shortlist(workspace_id, shortlist_id)
    first = take if isinstance(take, int) else 0
    return accounts_of_shortlist(shortlist, take="first" if first else "pinned", first=first)


def said_by_shortlist(shortlist: Shortlist, workspace_name: str) -> dict[str, Any]:
    """What a shortlist's brief says of a campaign that begins with it: its title, countries, dates, budget, first brand."""
    brief = shortlist.brief
    countries = [str(country) for country in brief.filters.get("countries") or ()]
    names = {brand.key: brand.name for brand in list_brands(brief.workspace_id)} if brief.brands else {}
    brand = next((names.get(key, key) for key in brief.brands), workspace_name)
    return {
        "name": brief.title,
        "objective": brief.title,
        "brand": brand[:100],
        "countries": countries,
        "starts_on": brief.starts_on,
        "ends_on": brief.ends_on,
        "budget": brief.budget,
        "currency": brief.currency,
        "law_packs": list(proposed_packs(countries)),
    }


def stages_at_work() -> tuple[str, ...]:
    """Stages in which something is still to be done."""
    return tuple(stage.value for stage in Stage if stage not in (Stage.REPORTED, Stage.CLOSED))
