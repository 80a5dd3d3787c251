"""Reading briefs, shortlists, decisions and lists. A thing of another workspace is not found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max

from sillage.discovery.models import Brief, Candidate, Decision, ExclusionList, SavedSearch, Shortlist
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.queries import unproposed_accounts


def get_brief(workspace_id: int, brief_id: int) -> Brief:
    brief = Brief.objects.filter(workspace_id=workspace_id, pk=brief_id).first()
    if brief is None:
        raise NotFound(
            Sentence("No brief %(brief_id)s in this workspace.", brief_id=brief_id),
            Sentence("See the page “Briefs”, or `sillage brief list`."),
        )
    return brief


def list_briefs(workspace_id: int, *, archived: bool = False) -> list[Brief]:
    """Briefs, last changed first, each with `shortlist_count` and `shortlisted_at`."""
    briefs = Brief.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived)
    counted = briefs.annotate(shortlist_count=Count("shortlists"), shortlisted_at=Max("shortlists__computed_at"))
    return list(counted.select_related("created_by__person").order_by("-changed_at")[:200])


def find_shortlist(brief: Brief) -> Shortlist | None:
    """The newest shortlist of a brief."""
    return Shortlist.objects.filter(brief=brief).order_by("-computed_at", "-pk").first()


def get_shortlist(workspace_id: int, shortlist_id: int) -> Shortlist:
    found = Shortlist.objects.select_related("brief").filter(brief__workspace_id=workspace_id, pk=shortlist_id).first()
    if found is None:
        raise NotFound(
            Sentence("No shortlist %(shortlist_id)s in this workspace.", shortlist_id=shortlist_id),
            Sentence("Open its brief and compute it again."),
        )
    return found


def list_candidates(shortlist: Shortlist) -> list[Candidate]:
    """Ranked candidates, best first, with account, creator and card. Who objected since then is not shown any more."""
    ranked = Candidate.objects.filter(shortlist=shortlist, rank__isnull=False).order_by("rank")
    ranked = ranked.exclude(account_id__in=unproposed_accounts(shortlist.brief.workspace_id))
    return list(ranked.select_related("account__creator", "account__card"))


def decisions_of(brief: Brief, account_ids: Iterable[int] | None = None) -> dict[int, Decision]:
    """The decision that counts for each account: the newest, unless it was withdrawn."""
    decisions = Decision.objects.filter(brief=brief).select_related("member__person")
    if account_ids is not None:
        decisions = decisions.filter(account_id__in=list(account_ids))
    newest = decisions.order_by("account_id", "-decided_at", "-pk").distinct("account_id")
    return {d.account_id: d for d in newest if d.kind != "withdrawn"}


def list_exclusion_lists(workspace_id: int) -> list[ExclusionList]:
    return list(ExclusionList.objects.filter(workspace_id=workspace_id).order_by("name"))


def excluded_accounts(workspace_id: int) -> frozenset[int]:
    """Accounts on any exclusion list that is on."""
    lists = ExclusionList.objects.filter(workspace_id=workspace_id, is_on=True).values_list("account_ids", flat=True)
    return frozenset(account for ids in lists for account in ids)


def list_searches(workspace_id: int) -> list[SavedSearch]:
    return list(SavedSearch.objects.filter(workspace_id=workspace_id).order_by("name"))


def get_search(workspace_id: int, name: str) -> SavedSearch:
    found = SavedSearch.objects.filter(workspace_id=workspace_id, name=name).first()
    if found is None:
        raise NotFound(
            Sentence("No saved search “%(name)s”.", name=name),
            Sentence("See the page “Saved searches”, or `sillage searches list`."),
        )
    return found
