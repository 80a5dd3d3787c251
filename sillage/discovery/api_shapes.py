"""How discovery's things look in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from sillage.catalogue.models import Account, Post
from sillage.catalogue.shapes import AccountShape, Filters, Share, account_shape
from sillage.discovery.actions.deciding import MOST_AT_ONCE
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.discovery.models import Brief, Candidate, Decision, Shortlist
from sillage.discovery.queries import Ranked, WhyNot, as_given
from sillage.governance.shapes import BigId, Given
from sillage.lib.text import shortened

Weights = dict[str, float]
Name = Annotated[str, Field(min_length=1, max_length=200)]
AccountKey = Annotated[str, Field(min_length=1, max_length=400)]
Places = Annotated[int, Field(ge=1, le=200)]
TEXT_SHOWN = 300  # characters of a post that is evidence


# -- briefs ----------------------------------------------------------------------------------------------------------


class BriefChange(Given):
    """The fields to change; what is not sent stays. A new text is read again, but for what is sent with it."""

    text: str | None = None
    title: str | None = None
    language: Literal["fr", "en"] | None = None
    themes: dict[str, float] | list[str] | None = None
    unwanted_themes: list[str] | None = None
    terms: list[str] | None = None
    unwanted_terms: list[str] | None = None
    brands: list[str] | None = None
    filters: Filters | None = None
    weights: Weights | None = None
    diversity: Share = 0.0
    budget: Decimal | None = None
    currency: Annotated[str, Field(pattern="^[A-Za-z]{3}$")] | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class BriefGiven(BriefChange):
    """A brief in plain words, and whatever is to be said exactly; the rest is read out of the text."""

    text: str


class BriefRow(Schema):
    id: int
    title: str
    language: str
    themes: dict[str, float]
    is_edited: bool
    changed_at: datetime
    archived_at: datetime | None
    shortlist_count: int
    shortlisted_at: datetime | None


class BriefShape(Schema):
    """A brief as it is understood. `reading` says what was read where in `reading.text`. `id` is null if not kept."""

    id: int | None
    text: str
    title: str
    language: str
    themes: dict[str, float]
    unwanted_themes: list[str]
    terms: list[str]
    unwanted_terms: list[str]
    brands: list[str]
    filters: Filters
    weights: Weights
    former_weights: Weights
    diversity: float
    budget: Decimal | None
    currency: str
    starts_on: date | None
    ends_on: date | None
    reading: dict[str, Any]
    is_edited: bool
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None


def brief_shape(brief: Brief) -> dict[str, Any]:
    beside = ("former_weights", "reading", "is_edited", "created_at", "changed_at", "archived_at")
    return {"id": brief.pk, **as_given(brief), **{name: getattr(brief, name) for name in beside}}


class WeightsGiven(Given):
    """`suggestion`: the key of a suggestion whose weights these are, if it is accepted."""

    weights: Weights
    diversity: Share = 0.0
    suggestion: Annotated[str, Field(max_length=40)] = ""


# -- shortlists ------------------------------------------------------------------------------------------------------


class ShortlistGiven(Given):
    limit: Places = 20


class EvidenceShape(Schema):
    """A post that carries a reason; its text and address are null once the post is gone."""

    post: str
    weight: float
    words: list[str]
    published_at: datetime | None
    url: str | None
    text: str | None


class ReasonShape(Schema):
    """`points` add up to the score; `part` (0..1) is null where nothing was measured."""

    reason: str
    points: float
    part: float | None
    detail: dict[str, Any]
    posts: list[EvidenceShape]


class DecisionShape(Schema):
    """What a person decided about an account for a brief."""

    account_id: BigId
    kind: Literal["pinned", "dismissed", "withdrawn"]
    reason: str
    member_id: int | None
    decided_at: datetime


class CandidateShape(Schema):
    rank: int
    account: AccountShape
    score: float
    receipt: str
    reasons: list[ReasonShape]
    decision: DecisionShape | None


class ShortlistShape(Schema):
    """A shortlist as it was computed. `exposure` compares whom it shows with whom reach-ranking would have shown."""

    id: int
    brief_id: int
    weights: Weights
    diversity: float
    versions: dict[str, str]
    considered: int
    pool: int
    limit: int
    exposure: dict[str, dict[str, dict[str, float]]]
    computed_at: datetime
    candidates: list[CandidateShape]


def shortlist_shape(
    shortlist: Shortlist,
    candidates: Iterable[Candidate],
    posts: Mapping[tuple[int, int], Post],
    decisions: Mapping[int, Decision],
) -> dict[str, Any]:
    copied = ("id", "brief_id", "weights", "diversity", "versions", "considered", "pool", "limit", "exposure")
    return {
        **{name: getattr(shortlist, name) for name in (*copied, "computed_at")},
        "candidates": [_candidate_shape(one, posts, decisions.get(one.account_id)) for one in candidates],
    }


def _candidate_shape(
    candidate: Candidate, posts: Mapping[tuple[int, int], Post], decision: Decision | None
) -> dict[str, Any]:
    return {
        "rank": candidate.rank,
        "account": account_shape(candidate.account),
        "score": candidate.score,
        "receipt": candidate.receipt_key,
        "reasons": [
            {**reason, "posts": [_evidence_shape(p, posts.get(_key(candidate, p))) for p in reason["posts"]]}
            for reason in candidate.reasons
        ],
        "decision": decision,
    }


def _key(candidate: Candidate, evidence: Mapping[str, Any]) -> tuple[int, int]:
    return candidate.account_id, int(evidence["post"])


def post_keys(candidates: Iterable[Candidate]) -> set[tuple[int, int]]:
    """(account id, post id) of all their evidence."""
    return {_key(one, post) for one in candidates for reason in one.reasons for post in reason["posts"]}


def _evidence_shape(evidence: Mapping[str, Any], post: Post | None) -> dict[str, Any]:
    return {
        **evidence,
        "published_at": post.published_at if post else None,
        "url": post.url if post else None,
        "text": shortened(f"{post.title} {post.text}", TEXT_SHOWN) if post else None,
    }


class RerankGiven(Given):
    """Weights per reason; those not sent have their defaults."""

    weights: Weights = Field(default_factory=dict, description=f"By reason: {', '.join(DEFAULT_WEIGHTS)}")
    diversity: Share = 0.0
    limit: Places = 20


class LineShape(Schema):
    """One line of a list that is not kept. `points` add up to `score`; a part is null where nothing was measured."""

    rank: int
    account: AccountShape
    score: float
    points: dict[str, float]
    parts: dict[str, float | None]


def line_shapes(lines: Iterable[Ranked], accounts: Mapping[int, Account]) -> list[dict[str, Any]]:
    return [
        {
            "account": account_shape(accounts[line.account_id]),
            **{name: getattr(line, name) for name in ("rank", "score", "points", "parts")},
        }
        for line in lines
        if line.account_id in accounts
    ]


class LookalikesGiven(Given):
    """Accounts to resemble, by id or network:handle, or all of a shortlist's; and whom to look among."""

    accounts: Annotated[list[AccountKey], Field(max_length=200)] = []
    shortlist_id: int | None = None
    filters: Filters = Filters()
    weights: Weights = Field(default_factory=dict)
    limit: Places = 20


# -- why not, and decisions ------------------------------------------------------------------------------------------


class WhyNotShape(Schema):
    """Why an account is not in a shortlist, in words and in numbers. `rank` is its place among all without filters."""

    account: AccountShape
    sentences: list[str]
    rank: int | None
    score: float | None
    points: dict[str, float] | None
    parts: dict[str, float | None] | None
    considered: int
    last_score: float | None
    failed_filters: list[str]
    decision: DecisionShape | None
    is_excluded: bool
    has_profile: bool


def why_not_shape(answer: WhyNot) -> dict[str, Any]:
    line = answer.line
    copied = ("considered", "last_score", "decision", "is_excluded", "has_profile")
    return {
        "account": account_shape(answer.account),
        "sentences": answer.sentences(),
        **{name: getattr(line, name, None) for name in ("rank", "score", "points", "parts")},
        **{name: getattr(answer, name) for name in copied},
        "failed_filters": answer.failed,
    }


class PinGiven(Given):
    account: AccountKey
    reason: Annotated[str, Field(max_length=500)] = ""


class DismissalGiven(Given):
    """The reason is for whoever reads the brief next; the weights learn from the dismissal itself."""

    account: AccountKey
    reason: Annotated[str, Field(max_length=500)]


class WithdrawalGiven(Given):
    account: AccountKey


class DecisionsGiven(Given):
    """One decision about several accounts. A dismissal needs a reason; whoever stands so already is left as they are."""

    kind: Literal["pinned", "dismissed", "withdrawn"]
    accounts: Annotated[list[AccountKey], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: Annotated[str, Field(max_length=500)] = ""


# -- lists -----------------------------------------------------------------------------------------------------------


class ExclusionShape(Schema):
    name: str
    account_ids: list[BigId]
    is_on: bool
    created_at: datetime


class ExclusionGiven(Given):
    """Accounts to add, by id or network:handle. While the list is on, no shortlist shows its accounts."""

    name: Name
    accounts: Annotated[list[AccountKey], Field(max_length=1000)] = []
    is_on: bool | None = None


class InclusionGiven(Given):
    name: Name
    accounts: Annotated[list[AccountKey], Field(min_length=1, max_length=1000)]


class RenameGiven(Given):
    name: Name
    to: Name


class SearchGiven(Given):
    name: Name
    filters: Filters = Filters()
    words: Annotated[str, Field(max_length=300)] = ""


class SearchShape(Schema):
    name: str
    filters: Filters
    words: str
    created_at: datetime
