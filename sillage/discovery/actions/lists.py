"""Exclusion lists and saved searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.queries import list_accounts
from sillage.discovery.models import Brief, Candidate, ExclusionList, SavedSearch
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sensitive import refuse_sorting
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence


class NameMissing(Malformed):
    """A list or a search needs a name."""

    title = "Name missing"


def _named(name: str) -> str:
    if not name.strip():
        raise NameMissing(
            Sentence("This needs a name."), Sentence("Give it a short name that colleagues will understand.")
        )
    return name.strip()[:200]


@transaction.atomic
def exclude(
    *, name: str, account_ids: Sequence[int], actor: Actor, now: datetime, is_on: bool | None = None
) -> ExclusionList:
    """Add accounts to the named exclusion list, making it if need be; `is_on` switches it, None leaves it as it is.

    Raises NotFound for accounts that are not ours, SortsPeople for a name that sorts people.
    """
    require(actor, Right.BRIEF)
    refuse_sorting(name)
    known = list_accounts(actor.workspace_id, account_ids)
    if len(known) < len(set(account_ids)):
        raise NotFound(
            Sentence("Some of these accounts are not in this workspace."), Sentence("Search for them first.")
        )
    listed, _ = ExclusionList.objects.select_for_update().get_or_create(
        workspace_id=actor.workspace_id, name=_named(name), defaults={"created_at": now}
    )
    listed.account_ids = sorted(set(listed.account_ids) | set(known))
    listed.is_on = listed.is_on if is_on is None else is_on
    listed.save()
    governance.record(
        verb="discovery.accounts_excluded",
        subject_kind="exclusion_list",
        subject_id=listed.pk,
        actor=actor,
        now=now,
        facts={"accounts": sorted(known), "is_on": listed.is_on},
    )
    return listed


@transaction.atomic
def include_again(*, name: str, account_ids: Sequence[int], actor: Actor, now: datetime) -> ExclusionList:
    """Take accounts off an exclusion list."""
    require(actor, Right.BRIEF)
    listed = _locked_list(actor, name)
    listed.account_ids = sorted(set(listed.account_ids) - set(account_ids))
    listed.save(update_fields=["account_ids"])
    governance.record(
        verb="discovery.accounts_included_again",
        subject_kind="exclusion_list",
        subject_id=listed.pk,
        actor=actor,
        now=now,
        facts={"accounts": sorted(account_ids)},
    )
    return listed


@transaction.atomic
def drop_list(*, name: str, actor: Actor, now: datetime) -> None:
    """Remove an exclusion list: no shortlist leaves its accounts out any more. The ledger keeps who stood on it."""
    require(actor, Right.BRIEF)
    listed = _locked_list(actor, name)
    list_id, facts = listed.pk, {"accounts": listed.account_ids, "is_on": listed.is_on}
    listed.delete()
    governance.record(
        verb="discovery.list_dropped",
        subject_kind="exclusion_list",
        subject_id=list_id,
        actor=actor,
        now=now,
        facts=facts,
    )


def _locked_list(actor: Actor, name: str) -> ExclusionList:
    listed = ExclusionList.objects.select_for_update().filter(workspace_id=actor.workspace_id, name=name).first()
    if listed is None:
        raise NotFound(
            Sentence("No exclusion list “%(name)s”.", name=name),
            Sentence("See the lists on the page “Exclusion lists”, or with `sillage exclusions list`."),
        )
    return listed


@transaction.atomic
def save_search(*, name: str, filters: Mapping[str, Any], words: str, actor: Actor, now: datetime) -> SavedSearch:
    """Keep filters and words under a name; the same name again replaces them.

    Raises Malformed for unknown filters, SortsPeople for a name or words that sort people.
    """
    require(actor, Right.BRIEF)
    CardFilters.parse(filters)
    refuse_sorting(name, words)
    search, _ = SavedSearch.objects.update_or_create(
        workspace_id=actor.workspace_id,
        name=_named(name),
        defaults={"filters": dict(filters), "words": words.strip()[:300], "member_id": actor.member_id},
        create_defaults={
            "filters": dict(filters),
            "words": words.strip()[:300],
            "member_id": actor.member_id,
            "created_at": now,
        },
    )
    governance.record(
        verb="discovery.search_saved", subject_kind="saved_search", subject_id=search.pk, actor=actor, now=now
    )
    return search


class NameTaken(Refusal):
    """Another search already has that name."""


@transaction.atomic
def rename_search(*, name: str, to: str, actor: Actor, now: datetime) -> SavedSearch:
    """Give a saved search another name. Raises NameTaken, NameMissing, SortsPeople."""
    require(actor, Right.BRIEF)
    refuse_sorting(to)
    search, wanted = _locked_search(actor, name), _named(to)
    search.name = wanted
    try:
        with transaction.atomic():
            search.save(update_fields=["name"])
    except IntegrityError as taken:
        raise NameTaken(
            Sentence("There is already a search “%(name)s”.", name=wanted), Sentence("Choose another name.")
        ) from taken
    governance.record(
        verb="discovery.search_renamed",
        subject_kind="saved_search",
        subject_id=search.pk,
        actor=actor,
        now=now,
        facts={"from": name, "to": wanted},
    )
    return search


def _locked_search(actor: Actor, name: str) -> SavedSearch:
    search = SavedSearch.objects.select_for_update().filter(workspace_id=actor.workspace_id, name=name).first()
    if search is None:
        raise NotFound(
            Sentence("No saved search “%(name)s”.", name=name),
            Sentence("See the page “Saved searches”, or `sillage searches list`."),
        )
    return search


@transaction.atomic
def drop_search(*, name: str, actor: Actor, now: datetime) -> None:
    require(actor, Right.BRIEF)
    search = _locked_search(actor, name)
    search_id = search.pk
    search.delete()
    governance.record(
        verb="discovery.search_dropped", subject_kind="saved_search", subject_id=search_id, actor=actor, now=now
    )


def forget_accounts(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Take erased accounts out of lists and filters, as part of that erasure; rows with foreign keys go by themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE discovery_exclusionlist SET account_ids = (SELECT coalesce(array_agg(a), '{}')"
            " FROM unnest(account_ids) a WHERE a <> ALL(%(gone)s))"
            " WHERE workspace_id = %(workspace)s AND account_ids && %(gone)s::int8[]",
            {"gone": list(account_ids), "workspace": workspace_id},
        )
        listed = cursor.rowcount
    gone = frozenset(account_ids)
    filtered = 0
    for kept in (Brief, SavedSearch):
        for row in kept.objects.filter(workspace_id=workspace_id, filters__has_key="without_accounts"):
            named = row.filters["without_accounts"]
            row.filters["without_accounts"] = [a for a in named if int(a) not in gone]
            if len(row.filters["without_accounts"]) < len(named):
                row.save(update_fields=["filters"])
                filtered += 1
    return {"exclusion_list_entry": listed, "filter": filtered}


def forget_evidence(account_id: int, post_ids: Sequence[int]) -> dict[str, int]:
    """Take posts that are gone out of the evidence of shortlists, as part of their removal. The points stay as computed."""
    gone = {str(post) for post in post_ids}
    taken = 0
    for candidate in Candidate.objects.filter(account_id=account_id).exclude(reasons=[]):
        shown = sum(len(reason["posts"]) for reason in candidate.reasons)
        for reason in candidate.reasons:
            reason["posts"] = [post for post in reason["posts"] if post["post"] not in gone]
        left = sum(len(reason["posts"]) for reason in candidate.reasons)
        if left < shown:
            candidate.save(update_fields=["reasons"])
            taken += shown - left
    return {"evidence": taken}
