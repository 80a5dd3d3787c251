"""The API of discovery: briefs, shortlists, decisions, look-alikes, exclusion lists and saved searches."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from sillage.catalogue import queries as catalogue
from sillage.discovery import actions, queries
from sillage.discovery.api_shapes import (
    AccountKey,
    BriefChange,
    BriefGiven,
    BriefRow,
    BriefShape,
    DecisionsGiven,
    DecisionShape,
    DismissalGiven,
    ExclusionGiven,
    ExclusionShape,
    InclusionGiven,
    LineShape,
    LookalikesGiven,
    PinGiven,
    RenameGiven,
    RerankGiven,
    SearchGiven,
    SearchShape,
    ShortlistGiven,
    ShortlistShape,
    WeightsGiven,
    WhyNotShape,
    WithdrawalGiven,
    brief_shape,
    line_shapes,
    post_keys,
    shortlist_shape,
    why_not_shape,
)
from sillage.discovery.engine.brief import weights_given
from sillage.discovery.export import CONTENT_TYPES, exported
from sillage.discovery.learning_shapes import WeightSuggestionShape, suggestion_shape
from sillage.discovery.models import Decision, ExclusionList, SavedSearch, Shortlist
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Rows, rows
from sillage.lib.errors import NotFound

router = Router(tags=["discovery"])


class ShortlistMissing(NotFound):
    """The brief has no shortlist yet."""


# -- briefs ----------------------------------------------------------------------------------------------------------


@router.get("/briefs", **allowed(Right.READ), response=Rows[BriefRow])
def list_briefs(request: Call, archived: bool = False) -> dict[str, Any]:
    """Briefs, the last changed first: at most 200 of those in use, or of those put away."""
    return rows(queries.list_briefs(request.auth.workspace_id, archived=archived))


@router.post("/briefs", **allowed(Right.BRIEF), response={201: BriefShape})
def open_brief(request: Call, given: BriefGiven) -> dict[str, Any]:
    """Read a brief and keep it. The answer shows what was read in it, for a person to correct."""
    return brief_shape(actions.open_brief(given=given.said(), actor=request.auth, now=timezone.now()))


@router.post("/briefs/read", **allowed(Right.READ, kept=Kept.NEEDLESS), response=BriefShape)
def read_brief(request: Call, given: BriefGiven) -> dict[str, Any]:
    """What would be read in a brief; keeps nothing."""
    return brief_shape(queries.unsaved_brief(request.auth.workspace_id, given.said(), timezone.now()))


@router.get("/briefs/{int:brief_id}", **allowed(Right.READ), response=BriefShape)
def get_brief(request: Call, brief_id: int) -> dict[str, Any]:
    """A brief as it is understood."""
    return brief_shape(queries.get_brief(request.auth.workspace_id, brief_id))


@router.patch("/briefs/{int:brief_id}", **allowed(Right.BRIEF), response=BriefShape)
def change_brief(request: Call, brief_id: int, given: BriefChange) -> dict[str, Any]:
    """Change the fields that are sent. A new text is read again."""
    changed = actions.change_brief(brief_id=brief_id, given=given.said(), actor=request.auth, now=timezone.now())
    return brief_shape(changed)


@router.put("/briefs/{int:brief_id}/weights", **allowed(Right.BRIEF), response=BriefShape)
def weigh(request: Call, brief_id: int, given: WeightsGiven) -> dict[str, Any]:
    """Keep the weights that sliders were moved to, or those of a suggestion; those not sent get their defaults."""
    weighed = actions.weigh(
        brief_id=brief_id,
        weights=given.weights,
        diversity=given.diversity,
        actor=request.auth,
        now=timezone.now(),
        suggestion=given.suggestion,
    )
    return brief_shape(weighed)


@router.get("/briefs/{int:brief_id}/weights/suggestion", **allowed(Right.READ), response=WeightSuggestionShape)
def suggest_weights(request: Call, brief_id: int) -> dict[str, Any]:
    """What pins and dismissals say of the brief's weights. Nothing changes until a person accepts (PUT the weights)."""
    brief = queries.get_brief(request.auth.workspace_id, brief_id)
    return suggestion_shape(brief, queries.weight_suggestion(brief))


@router.post("/briefs/{int:brief_id}/archive", **allowed(Right.BRIEF), response=BriefShape)
def archive_brief(request: Call, brief_id: int) -> dict[str, Any]:
    """Put a brief away; its shortlists stay."""
    return brief_shape(actions.archive_brief(brief_id=brief_id, actor=request.auth, now=timezone.now()))


@router.post("/briefs/{int:brief_id}/restore", **allowed(Right.BRIEF), response=BriefShape)
def restore_brief(request: Call, brief_id: int) -> dict[str, Any]:
    """Bring back a brief that was put away."""
    return brief_shape(actions.restore_brief(brief_id=brief_id, actor=request.auth, now=timezone.now()))


# -- shortlists ------------------------------------------------------------------------------------------------------


def _shown(shortlist: Shortlist) -> dict[str, Any]:
    candidates = queries.list_candidates(shortlist)
    posts = catalogue.list_posts_by_id(post_keys(candidates))
    decisions = queries.decisions_of(shortlist.brief, [one.account_id for one in candidates])
    return shortlist_shape(shortlist, candidates, posts, decisions)


@router.post("/briefs/{int:brief_id}/shortlists", **allowed(Right.BRIEF), response={201: ShortlistShape})
def compute_shortlist(request: Call, brief_id: int, given: ShortlistGiven) -> dict[str, Any]:
    """Rank the workspace's accounts by affinity to a brief, each with its reasons and the posts that prove them."""
    return _shown(actions.shortlist(brief_id=brief_id, limit=given.limit, actor=request.auth, now=timezone.now()))


@router.get("/briefs/{int:brief_id}/shortlists/latest", **allowed(Right.READ), response=ShortlistShape)
def get_latest_shortlist(request: Call, brief_id: int) -> dict[str, Any]:
    """The newest shortlist of a brief."""
    brief = queries.get_brief(request.auth.workspace_id, brief_id)
    found = queries.find_shortlist(brief)
    if found is None:
        raise ShortlistMissing(f"“{brief.title}” has no shortlist yet.", f"POST to briefs/{brief_id}/shortlists.")
    return _shown(found)


@router.get("/shortlists/{int:shortlist_id}", **allowed(Right.READ), response=ShortlistShape)
def get_shortlist(request: Call, shortlist_id: int) -> dict[str, Any]:
    """A shortlist as it was computed."""
    return _shown(queries.get_shortlist(request.auth.workspace_id, shortlist_id))


@router.post(
    "/shortlists/{int:shortlist_id}/rerank",
    **allowed(Right.READ, kept=Kept.NEEDLESS),
    response=Rows[LineShape],
)
def rerank(request: Call, shortlist_id: int, given: RerankGiven) -> dict[str, Any]:
    """The shortlist's accounts under other weights. Nothing is measured again and nothing is kept."""
    found = queries.get_shortlist(request.auth.workspace_id, shortlist_id)
    lines = queries.reranked(found, weights_given(given.weights), given.diversity, given.limit)
    return rows(line_shapes(lines, queries.accounts_of(request.auth.workspace_id, lines)))


@router.get("/shortlists/{int:shortlist_id}/export", **allowed(Right.READ))
def export(request: Call, shortlist_id: int, format: Literal["csv", "json", "xlsx"] = "csv") -> HttpResponse:
    """The whole shortlist as a file, with every reason, number and piece of evidence."""
    found = queries.get_shortlist(request.auth.workspace_id, shortlist_id)
    response = HttpResponse(exported(found, format), content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="shortlist-{found.pk}.{format}"'
    return response


@router.post("/lookalikes", **allowed(Right.READ, kept=Kept.NEEDLESS), response=Rows[LineShape])
def find_lookalikes(request: Call, given: LookalikesGiven) -> dict[str, Any]:
    """Accounts that talk about what these talk about; the creators themselves and excluded accounts are left out."""
    workspace_id = request.auth.workspace_id
    keys = list(given.accounts)
    if given.shortlist_id is not None:
        candidates = queries.list_candidates(queries.get_shortlist(workspace_id, given.shortlist_id))
        keys += [str(one.account_id) for one in candidates]
    lines = queries.lookalikes(
        workspace_id, keys, given.filters.read(), weights_given(given.weights), given.limit, timezone.now()
    )
    return rows(line_shapes(lines, queries.accounts_of(workspace_id, lines)))


# -- why not, and decisions ------------------------------------------------------------------------------------------


@router.get("/briefs/{int:brief_id}/why", **allowed(Right.READ), response=WhyNotShape)
def why_not(request: Call, brief_id: int, account: AccountKey) -> dict[str, Any]:
    """Why is this account not in the shortlist, or where does it stand?"""
    brief = queries.get_brief(request.auth.workspace_id, brief_id)
    return why_not_shape(queries.why_not(brief, account, queries.find_shortlist(brief), timezone.now()))


@router.get("/briefs/{int:brief_id}/decisions", **allowed(Right.READ), response=Rows[DecisionShape])
def list_decisions(request: Call, brief_id: int) -> dict[str, Any]:
    """The pins and dismissals that count for a brief."""
    return rows(queries.decisions_of(queries.get_brief(request.auth.workspace_id, brief_id)).values())


@router.post("/briefs/{int:brief_id}/decisions", **allowed(Right.BRIEF), response={201: Rows[DecisionShape]})
def decide_many(request: Call, brief_id: int, given: DecisionsGiven) -> dict[str, Any]:
    """Pin, dismiss or take back several accounts at once, with one reason: all of them, or none. Answers what changed."""
    made = actions.decide_many(
        brief_id=brief_id,
        accounts=given.accounts,
        kind=given.kind,
        reason=given.reason,
        actor=request.auth,
        now=timezone.now(),
    )
    return rows(made)


@router.post("/briefs/{int:brief_id}/pin", **allowed(Right.BRIEF), response={201: DecisionShape})
def pin(request: Call, brief_id: int, given: PinGiven) -> Decision:
    """Keep an account in this brief's shortlists, whatever its score."""
    return actions.pin(
        brief_id=brief_id, account=given.account, reason=given.reason, actor=request.auth, now=timezone.now()
    )


@router.post("/briefs/{int:brief_id}/dismiss", **allowed(Right.BRIEF), response={201: DecisionShape})
def dismiss(request: Call, brief_id: int, given: DismissalGiven) -> Decision:
    """Leave an account out of this brief's shortlists, and say why."""
    return actions.dismiss(
        brief_id=brief_id, account=given.account, reason=given.reason, actor=request.auth, now=timezone.now()
    )


@router.post("/briefs/{int:brief_id}/withdraw", **allowed(Right.BRIEF), response={201: DecisionShape})
def withdraw(request: Call, brief_id: int, given: WithdrawalGiven) -> Decision:
    """Take back a pin or a dismissal, by a decision of its own."""
    return actions.withdraw(brief_id=brief_id, account=given.account, actor=request.auth, now=timezone.now())


# -- lists -----------------------------------------------------------------------------------------------------------


def _ids(workspace_id: int, keys: list[str]) -> list[int]:
    return [catalogue.get_account(workspace_id, key).pk for key in keys]


@router.get("/exclusion-lists", **allowed(Right.READ), response=Rows[ExclusionShape])
def list_exclusion_lists(request: Call) -> dict[str, Any]:
    """Lists of accounts that no shortlist shows while they are on."""
    return rows(queries.list_exclusion_lists(request.auth.workspace_id))


@router.post("/exclusion-lists", **allowed(Right.BRIEF), response=ExclusionShape)
def exclude(request: Call, given: ExclusionGiven) -> ExclusionList:
    """Add accounts to the named list, making it if need be; switch it on or off."""
    ids = _ids(request.auth.workspace_id, given.accounts)
    return actions.exclude(name=given.name, account_ids=ids, is_on=given.is_on, actor=request.auth, now=timezone.now())


@router.post("/exclusion-lists/remove", **allowed(Right.BRIEF), response=ExclusionShape)
def include_again(request: Call, given: InclusionGiven) -> ExclusionList:
    """Take accounts off a list."""
    ids = _ids(request.auth.workspace_id, given.accounts)
    return actions.include_again(name=given.name, account_ids=ids, actor=request.auth, now=timezone.now())


@router.delete("/exclusion-lists", **allowed(Right.BRIEF), response={204: None})
def drop_list(request: Call, name: Annotated[str, Field(min_length=1, max_length=200)]) -> None:
    """Remove a list for good: shortlists may show its accounts again."""
    actions.drop_list(name=name, actor=request.auth, now=timezone.now())


@router.get("/searches", **allowed(Right.READ), response=Rows[SearchShape])
def list_searches(request: Call) -> dict[str, Any]:
    """Saved searches: filters and words that `accounts` takes."""
    return rows(queries.list_searches(request.auth.workspace_id))


@router.post("/searches", **allowed(Right.BRIEF), response=SearchShape)
def save_search(request: Call, given: SearchGiven) -> SavedSearch:
    """Keep filters and words under a name; the same name again replaces them."""
    return actions.save_search(
        name=given.name,
        filters=given.filters.read().as_mapping(),
        words=given.words,
        actor=request.auth,
        now=timezone.now(),
    )


@router.post("/searches/rename", **allowed(Right.BRIEF), response=SearchShape)
def rename_search(request: Call, given: RenameGiven) -> SavedSearch:
    """Give a saved search another name."""
    return actions.rename_search(name=given.name, to=given.to, actor=request.auth, now=timezone.now())


@router.delete("/searches", **allowed(Right.BRIEF), response={204: None})
def drop_search(request: Call, name: Annotated[str, Field(min_length=1, max_length=200)]) -> None:
    """Drop a saved search."""
    actions.drop_search(name=name, actor=request.auth, now=timezone.now())
