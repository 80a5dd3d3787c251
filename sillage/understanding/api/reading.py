"""The API of understanding: themes, reading posts, an account's profile, and its posts with what was found in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime

from sillage.catalogue import queries as catalogue
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Limit, Rows, rows
from sillage.lib.errors import NotFound, Refusal
from sillage.understanding import actions, queries
from sillage.understanding.actions.enriching import spec_of
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.models import Profile
from sillage.understanding.workers import Reader

router = Router(tags=["understanding"])

MOST_POSTS = 5_000  # read while the caller waits
Language = Literal["fr", "en", "es", "de", "it"]


class ProfileMissing(NotFound):
    """Nothing that the account posted has been read."""


class TooMuchToRead(Refusal):
    """More posts are due than are read while the caller waits."""


class ThemeShape(Schema):
    """A theme; `iab` is its id in the IAB Content Taxonomy 3.1."""

    id: str
    parent: str | None
    name: str
    iab: str


class ThemesShape(Rows[ThemeShape]):
    version: str


class EnrichGiven(Given):
    """Only posts published since then; only these enrichers; fit the models again though they are not outgrown."""

    since: AwareDatetime | None = None
    only: list[str] = []
    refit: bool = False


class EnrichedShape(Schema):
    """What a run read, and per enricher how many signals are new."""

    posts: int
    signals: dict[str, int]
    versions: dict[str, str]


class BrandSeen(Schema):
    brand: str
    posts: int
    last_at: datetime


class ThemeEngagement(Schema):
    """Median engagement of the posts about a theme, and its ratio to the account's own median, over n posts."""

    theme: str
    median: float
    ratio: float | None
    n: int


class RhythmShape(Schema):
    """`regularity` is 1 for equal gaps between posts, towards 0 for bursts."""

    median_gap_days: float | None
    regularity: float | None


class ProfileShape(Schema):
    """What an account talks about, made from signals. Shares are 0..1, recent posts counting more."""

    account_id: BigId
    themes: dict[str, float]
    themes_by_month: dict[str, dict[str, int]]
    languages: dict[str, float]
    formats: dict[str, float]
    rhythm: RhythmShape
    brands: list[BrandSeen]
    engagement_by_theme: list[ThemeEngagement]
    posts_read: int
    versions: dict[str, str]
    made_at: datetime


class NumberSeen(Schema):
    """The newest observed value of a measure, and where it comes from."""

    value: int
    source_class: str
    api_field: str
    observed_at: datetime


class SignalShape(Schema):
    """What an enricher found: a value, how sure it is (0..1), what it saw. Never a fact, never a decision."""

    value: Any
    confidence: float
    evidence: list[Any]
    version: str


class PostShape(Schema):
    id: BigId
    network_id: str
    published_at: datetime
    title: str
    text: str
    hashtags: list[str]
    format: str | None
    url: str
    language: str | None
    paid_label: bool | None
    duration_s: float | None
    numbers: dict[str, NumberSeen]
    signals: dict[str, SignalShape]


OF_THE_POST = tuple(name for name in PostShape.model_fields if name not in ("numbers", "signals"))


@router.get("/themes", **allowed(Right.READ), response=ThemesShape)
def list_themes(request: Call, language: Language = "en") -> dict[str, Any]:
    """The themes that Sillage knows, parents before their children."""
    known = theme_set()
    items = [{"id": t.id, "parent": t.parent, "name": known.name(t.id, language), "iab": t.iab} for t in known.themes]
    return {**rows(items), "version": known.version}


@router.post("/enrich", **allowed(Right.CATALOGUE, kept=Kept.AFTERWARDS), response=EnrichedShape)
def enrich(request: Call, given: EnrichGiven) -> actions.Enriched:
    """Read what has not been read, and bring profiles and search up to date.

    Answers when all is read, which can take minutes. Reading again is free, and a broken run goes on where it stopped.
    With more than 5,000 posts due it is refused: a reading (POST readings) and the command line take any number.
    """
    _refuse_much(request, given)
    return actions.bring_up_to_date(
        actor=request.auth, now=timezone.now(), since=given.since, only=given.only, refit=given.refit
    )


def _refuse_much(request: Call, given: EnrichGiven) -> None:
    versions = Reader(spec_of(request.auth.workspace_id, given.only)).versions
    due = sum(queries.due_accounts(request.auth.workspace_id, versions, given.since).values())
    if due > MOST_POSTS:
        raise TooMuchToRead(
            f"{due} posts are due; up to {MOST_POSTS} are read here.",
            "Ask for a reading with POST readings, run `sillage enrich` on the server, or give a later `since`.",
        )


@router.get("/accounts/{key}/profile", **allowed(Right.READ), response=ProfileShape)
def get_profile(request: Call, key: str) -> Profile:
    """What an account talks about: themes, languages, formats, rhythm, brands, engagement by theme."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    profile = queries.find_profile(account.pk)
    if profile is None:
        raise ProfileMissing(f"Nothing that {account} posted has been read yet.", "Run `enrich` first.")
    return profile


@router.get("/accounts/{key}/posts", **allowed(Right.READ), response=Rows[PostShape])
def list_posts(
    request: Call, key: str, words: str = "", cursor: str | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """An account's posts, the newest first, each with its newest numbers and what was found in it."""
    account = catalogue.get_account(request.auth.workspace_id, key)
    page = catalogue.list_posts(account, cursor=cursor, limit=limit, words=words)
    shown = [post.id for post in page.items]
    numbers = catalogue.numbers_of_posts(account.pk, shown)
    signals = queries.signals_of_posts(account.pk, shown, queries.current_versions(account.workspace_id))
    items = [
        {
            **{name: getattr(post, name) for name in OF_THE_POST},
            "numbers": numbers.get(post.id, {}),
            "signals": signals.get(post.id, {}),
        }
        for post in page.items
    ]
    return rows(items, page.next_cursor)
