"""A creator as the page shows them: what an account is about, its numbers with receipts, its posts with signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account, Creator, Post
from sillage.catalogue.queries import Number
from sillage.governance import queries as governance
from sillage.governance.models import Receipt
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding import queries as understanding
from sillage.understanding.engine.profile import THEME_FLOOR
from sillage.understanding.models import Profile, Signal
from sillage.understanding.queries.corrections import Standing, as_corrected

POSTS = 10
THEMES = 10
NUMBERS = (
    "account.followers",
    "account.follower_growth_90d",
    "account.engagement_by_followers",
    "account.engagement_by_views",
    "account.engagement_percentile",
    "account.median_views",
    "account.median_likes",
    "account.posts_per_week",
    "account.sponsored_share",
)
MEASURES = ("views", "likes", "comments", "shares", "saves", "reach")


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme of the account: its weighted share, and the engagement of its posts over the account's own median."""

    theme: str
    share: float
    posts: int | None
    ratio: float | None
    median: float | None
    n: int


@dataclass(frozen=True, slots=True)
class BrandLine:
    brand: str
    posts: int
    last_on: date


MARKED = ("themes", "brands", "commercial")  # whose words are marked in a post


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A post with what was measured of it, what machines found in it, and what people said in their place."""

    post: Post
    numbers: list[tuple[str, Number]]
    signals: Mapping[str, Signal]
    standing: Mapping[str, Standing]

    @property
    def words(self) -> list[str]:
        """The words by which its themes, brands and commercial signs were recognised."""
        found: list[str] = []
        for name in MARKED:
            signal = self.signals.get(name)
            for line in signal.evidence if signal else ():
                given = line.get("words", [])
                found += given if isinstance(given, list) else [given]
        return found

    @property
    def language(self) -> str | None:
        signal = self.signals.get("language")
        return signal.value.get("language") if signal else self.post.language


@dataclass(frozen=True, slots=True)
class Portrait:
    """`numbers` are in the order of NUMBERS; a metric without a receipt is missing."""

    creator: Creator
    accounts: list[Account]
    account: Account
    profile: Profile | None
    numbers: list[tuple[str, Receipt | None]]
    themes: list[ThemeLine]
    brands: list[BrandLine]
    brand_names: Mapping[str, str]


def get_portrait(workspace_id: int, creator_id: int, account_id: int | None) -> Portrait:
    """The creator with one account in view: the one asked for, else the one with the most followers."""
    creator = catalogue.get_creator_by_id(workspace_id, creator_id)
    accounts = catalogue.list_accounts_of(creator)
    account = _in_view(accounts, account_id)
    profile = understanding.find_profile(account.pk)
    receipts = governance.latest_receipts(workspace_id, "account", [str(account.pk)]).get(str(account.pk), {})
    return Portrait(
        creator,
        accounts,
        account,
        profile,
        [(metric, receipts.get(metric)) for metric in NUMBERS],
        theme_lines(profile)[:THEMES] if profile else [],
        brand_lines(profile) if profile else [],
        {b.key: b.name for b in catalogue.list_brands(workspace_id)},
    )


def _in_view(accounts: Sequence[Account], account_id: int | None) -> Account:
    if account_id is not None:
        found = next((a for a in accounts if a.pk == account_id), None)
    else:
        found = max(accounts, key=_followers, default=None)
    if found is None:
        raise NotFound(
            Sentence("This creator has no such account."), Sentence("Open the creator without naming an account.")
        )
    return found


def _followers(account: Account) -> int:
    card = getattr(account, "card", None)
    return -1 if card is None or card.followers is None else int(card.followers)


def theme_lines(profile: Profile) -> list[ThemeLine]:
    """Themes above the floor, largest share first."""
    engagement = {line["theme"]: line for line in profile.engagement_by_theme}
    posts: dict[str, int] = {}
    for month in profile.themes_by_month.values():
        for theme, number in month.items():
            posts[theme] = posts.get(theme, 0) + number
    lines = []
    for theme, share in sorted(profile.themes.items(), key=lambda pair: -pair[1]):
        if share >= THEME_FLOOR:
            line = engagement.get(theme, {})
            lines.append(
                ThemeLine(theme, share, posts.get(theme), line.get("ratio"), line.get("median"), line.get("n", 0))
            )
    return lines


def brand_lines(profile: Profile) -> list[BrandLine]:
    return [BrandLine(b["brand"], b["posts"], datetime.fromisoformat(b["last_at"]).date()) for b in profile.brands]


def list_posts_seen(account: Account, profile: Profile | None, cursor: str | None) -> tuple[list[PostSeen], str | None]:
    """Posts, newest first, with their numbers and signals; and the cursor of the rest."""
    found = catalogue.list_posts(account, cursor=cursor, limit=POSTS)
    ids = [post.id for post in found.items]
    numbers = catalogue.numbers_of_posts(account.pk, ids)
    signals = understanding.signals_of_posts(account.pk, ids, profile.versions if profile else {})
    standings = as_corrected(account.workspace_id, "post", [(account.pk, post_id) for post_id in ids])
    return [
        PostSeen(
            post,
            [(m, numbers[post.id][m]) for m in MEASURES if m in numbers.get(post.id, {})],
            {name: s for name, s in signals.get(post.id, {}).items() if s.content_hash == post.content_hash},
            standings.get((account.pk, post.id), {}),
        )
        for post in found.items
    ], found.next_cursor
