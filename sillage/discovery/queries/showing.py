"""What the pages show beside a shortlist: older ones, one candidate, accounts found by a name, people on lists."""

from __future__ import annotations

from collections.abc import Sequence

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.discovery.models import Brief, Candidate, Decision, ExclusionList, Shortlist
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

SHORTLISTS_SHOWN = 20
NAMESAKES = 12
PLACES_SHOWN = 8


def list_shortlists(brief: Brief) -> list[Shortlist]:
    """The shortlists of a brief, newest first, without those older than the last SHORTLISTS_SHOWN."""
    return list(Shortlist.objects.filter(brief=brief).order_by("-computed_at", "-pk")[:SHORTLISTS_SHOWN])


def get_candidate(shortlist: Shortlist, account_id: int) -> Candidate:
    """An account of a shortlist's pool, ranked or not, with account, creator and card."""
    candidates = Candidate.objects.select_related("account__creator", "account__card")
    found = candidates.filter(shortlist=shortlist, account_id=account_id).first()
    if found is None:
        raise NotFound(
            Sentence("Account %(account_id)s was not measured for this shortlist.", account_id=account_id),
            Sentence("Ask “why not?” on the page of the brief."),
        )
    return found


def candidates_of(shortlist: Shortlist, account_ids: Sequence[int]) -> dict[int, Candidate]:
    """Candidates by account id, with account, creator and card."""
    candidates = Candidate.objects.select_related("account__creator", "account__card")
    return {c.account_id: c for c in candidates.filter(shortlist=shortlist, account_id__in=account_ids)}


def kept_ranks(shortlist: Shortlist) -> dict[int, int]:
    """The rank of each account as the shortlist was computed."""
    ranked = Candidate.objects.filter(shortlist=shortlist, rank__isnull=False)
    return {account: rank for account, rank in ranked.values_list("account_id", "rank") if rank is not None}


def find_accounts(workspace_id: int, words: str, *, beginnings: bool = False) -> list[Account]:
    """The accounts that somebody may mean: by key, id or handle the one, by words up to NAMESAKES; none for none.

    With `beginnings` a last word that nobody has may be the beginning of one: for answers that a person sees first.
    """
    said = words.strip()
    if not said:
        return []
    if said.isdecimal() or ":" in said:
        try:
            return [catalogue.get_account(workspace_id, said)]
        except NotFound:
            return []
    found = catalogue.search_cards(
        workspace_id=workspace_id, filters=CardFilters(), words=said.lstrip("@"), limit=NAMESAKES, beginnings=beginnings
    )
    ids = [f.account_id for f in found]
    accounts = catalogue.list_accounts(workspace_id, ids)
    return [accounts[i] for i in ids if i in accounts]


def places_of(account: Account) -> list[tuple[Candidate, Decision | None]]:
    """Where the account stands in the newest list of each brief in use, newest first, with what was decided there."""
    lists = Shortlist.objects.filter(brief__workspace_id=account.workspace_id, brief__archived_at=None)
    newest = lists.order_by("brief_id", "-computed_at", "-pk").distinct("brief_id").values("pk")
    ranked = Candidate.objects.filter(shortlist__in=newest, account=account, rank__isnull=False)
    found = list(ranked.select_related("shortlist__brief").order_by("-shortlist__computed_at")[:PLACES_SHOWN])
    if not found:
        return []
    decisions = Decision.objects.filter(account=account, brief_id__in=[c.shortlist.brief_id for c in found])
    last = decisions.order_by("brief_id", "-decided_at", "-pk").distinct("brief_id")
    decided = {d.brief_id: d for d in last if d.kind != "withdrawn"}
    return [(c, decided.get(c.shortlist.brief_id)) for c in found]


def accounts_on(workspace_id: int, lists: Sequence[ExclusionList]) -> dict[int, Account]:
    """The accounts that stand on exclusion lists, by id."""
    return catalogue.list_accounts(workspace_id, {account for one in lists for account in one.account_ids})
