"""The API of brands, collaborations and disclosure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from sillage.catalogue import queries as catalogue
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law_words import NOT_ADVICE, as_told
from sillage.governance.shapes import BigId, Limit, Rows, rows
from sillage.understanding.engine.collaborations import CONFLICT_MONTHS, Collaboration
from sillage.understanding.queries.collaborations import (
    ASKING,
    PostJudged,
    brands_section,
    disclosure_section,
    list_objected,
)

router = Router(tags=["understanding"])

Standing = Literal["organic", "likely_paid", "declared"]
Severity = Literal["pass", "review", "block"]
Months = Annotated[int, Field(ge=1, le=36)]


class MentionShape(Schema):
    """A brand in a post. Never a fact: `confidence` is 0..1, `evidence` the words that speak of money."""

    brand: str
    post_id: BigId
    published_at: datetime
    standing: Standing
    confidence: float
    evidence: list[str]


class CollaborationShape(Schema):
    brand: str
    first_on: date
    last_on: date
    standing: Standing
    confidence: float
    posts: list[BigId]


class ConflictShape(Schema):
    """Two brands of one sector; `days` lie between their collaborations."""

    sector: str
    earlier: CollaborationShape
    later: CollaborationShape
    days: int


class AffinityShape(Schema):
    """Unpaid mentions; `share` of the posts and `regularity` over months are null below three mentions."""

    brand: str
    mentions: int
    share: float | None
    regularity: float | None
    months: int


class ShareShape(Schema):
    """k of n posts, with the 95 % interval of Wilson."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class EngagementShape(Schema):
    """Median engagement of paid posts over that of the rest; null below five posts of either."""

    ratio: float | None
    paid_median: float | None
    organic_median: float | None
    paid: int
    organic: int


class BrandsShape(Schema):
    """Brands and collaborations in an account's newest posts."""

    account_id: BigId
    posts: int
    names: dict[str, str]
    versions: dict[str, str]
    mentions: list[MentionShape]
    collaborations: list[CollaborationShape]
    conflicts: list[ConflictShape]
    affinities: list[AffinityShape]
    declared: ShareShape
    paid: ShareShape
    engagement: EngagementShape


class LawFindingShape(Schema):
    """What a rule of a law pack says: `seen` quotes the post, `requirement` the law, `change` says what to do."""

    rule: str
    pack: str
    version: str
    check: str
    severity: Severity
    seen: str
    change: str
    requirement: str
    source: str
    confidence: str
    effective_on: date
    unseen: list[str]


class PostJudgedShape(Schema):
    """A commercial post before the law. `severity` is what stands: a person's word (`corrected`), else the worst finding."""

    account_id: BigId
    post_id: BigId
    published_at: datetime
    url: str
    severity: Severity | None
    corrected: bool
    consideration: str
    country: str | None
    packs: dict[str, str]
    findings: list[LawFindingShape]
    confidence: float
    evidence: list[Any]
    version: str


class DisclosureShape(Schema):
    """`counts` of commercial posts per severity; `note`: this is not legal advice."""

    account_id: BigId
    posts: int
    counts: dict[str, int]
    items: list[PostJudgedShape]
    note: str


def _collaboration(one: Collaboration) -> dict[str, Any]:
    return {**asdict(one), "posts": [str(post) for post in one.posts]}


def _judged(one: PostJudged) -> dict[str, Any]:
    value = one.signal.value
    return {
        "account_id": one.account.pk,
        "post_id": one.post.id,
        "published_at": one.post.published_at,
        "url": one.post.url,
        "severity": one.severity,
        "corrected": one.standing is not None,
        "findings": [as_told(finding) for finding in one.findings],
        "confidence": one.signal.confidence,
        "evidence": one.signal.evidence,
        "version": one.signal.version,
        **{name: value[name] for name in ("consideration", "country", "packs")},
    }


@router.get("/accounts/{key}/brands", **allowed(Right.READ), response=BrandsShape)
def get_brands(request: Call, key: str, months: Months = CONFLICT_MONTHS) -> dict[str, Any]:
    """Brands of an account: mentions by class, collaborations, rivals within `months`, affinity, shares, engagement."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    seen = brands_section(account, months)
    return {
        "account_id": account.pk,
        "collaborations": [_collaboration(c) for c in seen.collaborations],
        "conflicts": [
            {**asdict(c), "earlier": _collaboration(c.earlier), "later": _collaboration(c.later)}
            for c in seen.conflicts
        ],
        **{name: [asdict(row) for row in getattr(seen, name)] for name in ("mentions", "affinities")},
        **{name: asdict(getattr(seen, name)) for name in ("declared", "paid", "engagement")},
        **{name: getattr(seen, name) for name in ("posts", "names", "versions")},
    }


@router.get("/accounts/{key}/disclosure", **allowed(Right.READ), response=DisclosureShape)
def get_disclosure(request: Call, key: str) -> dict[str, Any]:
    """An account's commercial posts before the law of its country, the newest first."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    seen = disclosure_section(account)
    items = [_judged(one) for one in seen.judged]
    return {"account_id": account.pk, "posts": seen.posts, "counts": seen.counts, "items": items, "note": NOT_ADVICE}


@router.get("/disclosure", **allowed(Right.READ), response=Rows[PostJudgedShape])
def list_objected_posts(
    request: Call,
    severity: Severity | None = None,
    rule: str = "",
    country: str = "",
    network: str = "",
    cursor: str | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Posts that the law packs object to, the newest first; without a severity those to block and to review."""
    found = list_objected(
        request.auth.workspace_id,
        severities=(severity,) if severity else ASKING,
        rule=rule,
        country=country,
        network=network,
        cursor=cursor,
        limit=limit,
    )
    return rows([_judged(one) for one in found.items], found.next_cursor)
