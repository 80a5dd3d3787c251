"""Keeping search cards: parts of the action that made them, whose ledger entry covers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from numpy import float32
from numpy.typing import NDArray
from psycopg import sql

from sillage.catalogue.engine.search_plan import FOLLOWER_BANDS, index_plan, is_outgrown
from sillage.catalogue.models import Account, Card, Post
from sillage.catalogue.queries.card_conditions import coding_of, get_corpus, statements
from sillage.lib.text import folded

POSTS_WITH_WORDS = 50
MOST_WORDS = 40_000  # characters of an account's posts that plain search reads


@dataclass(frozen=True, slots=True)
class CardContent:
    """All that a card says. `words` are its posts' texts; names and bio are added from the account."""

    account: Account
    languages: list[str]
    followers: int | None
    engagement_rate: float | None
    posts_per_week: float | None
    posts_read: int
    last_post_on: date | None
    sponsored_share: float | None
    warnings: list[str]
    themes: list[str]
    brands: list[str]
    formats: list[str]
    has_authenticated: bool
    vector: NDArray[float32]
    words: str


@dataclass(frozen=True, slots=True)
class CardStanding:
    """What depends on other accounts: the place among peers, and the warnings that follow from it."""

    account_id: int
    engagement_percentile: float | None
    warnings: list[str]


_CONTENT = (
    *("workspace_id", "creator_id", "network", "country", "languages", "followers", "engagement_rate"),
    *("posts_per_week", "posts_read", "last_post_on", "sponsored_share", "warnings", "themes", "brands", "formats"),
    *("has_authenticated", "vector", "updated_at"),
)

_WORDS = """
    UPDATE catalogue_card c SET words = setweight(to_tsvector('simple', t.names), 'A')
        || setweight(to_tsvector('simple', t.bio), 'B') || setweight(to_tsvector('simple', t.posts), 'D')
      FROM unnest(%s::int8[], %s::text[], %s::text[], %s::text[]) AS t(id, names, bio, posts)
     WHERE c.account_id = t.id
"""


def keep_cards(contents: Sequence[CardContent], now: datetime) -> None:
    """Write whole cards, their words, and the numbers that filters scan."""
    if not contents:
        return
    Card.objects.bulk_create(
        [_card(content, now) for content in contents],
        update_conflicts=True,
        unique_fields=["account"],
        update_fields=_CONTENT,
    )
    _keep_words([(c.account, c.words) for c in contents])
    _code([c.account.pk for c in contents])


def rewrite_words(account_ids: Sequence[int]) -> None:
    """Make the words of these cards again from the posts that are there now."""
    accounts = Account.objects.filter(pk__in=account_ids)
    posts = {a.pk: a.posts.order_by("-published_at", "-id")[:POSTS_WITH_WORDS] for a in accounts}
    _keep_words([(a, words_of(posts[a.pk])) for a in accounts])


def words_of(posts: Iterable[Post]) -> str:
    """The words by which plain search finds an account: those of its newest POSTS_WITH_WORDS posts."""
    return " ".join(f"{post.title} {post.text} {' '.join(post.hashtags)}" for post in posts)


def _keep_words(written: Sequence[tuple[Account, str]]) -> None:
    ids = [account.pk for account, _ in written]
    names = [folded(f"{account.name} {account.handle}") for account, _ in written]
    bios = [folded(account.bio) for account, _ in written]
    posts = [folded(words[:MOST_WORDS]) for _, words in written]
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [ids, names, bios, posts])


def _card(c: CardContent, now: datetime) -> Card:
    return Card(
        account=c.account,
        workspace_id=c.account.workspace_id,
        creator_id=c.account.creator_id,
        network=c.account.network,
        country=c.account.country,
        languages=c.languages,
        followers=c.followers,
        engagement_rate=c.engagement_rate,
        posts_per_week=c.posts_per_week,
        posts_read=c.posts_read,
        last_post_on=c.last_post_on,
        sponsored_share=c.sponsored_share,
        warnings=c.warnings,
        themes=c.themes,
        brands=c.brands,
        formats=c.formats,
        has_authenticated=c.has_authenticated,
        vector=c.vector.tolist(),
        updated_at=now,
    )


def keep_standings(standings: Sequence[CardStanding], now: datetime) -> None:
    """Write places among peers and warnings."""
    cards = [
        Card(
            account_id=s.account_id,
            engagement_percentile=s.engagement_percentile,
            warnings=s.warnings,
            updated_at=now,
        )
        for s in standings
    ]
    Card.objects.bulk_update(cards, ["engagement_percentile", "warnings", "updated_at"], batch_size=500)
    _code([s.account_id for s in standings])


def _code(account_ids: Sequence[int]) -> None:
    """Bring the coded twins of these cards up to date."""
    if not account_ids:
        return
    with connection.cursor() as cursor:
        coding = coding_of(account_ids)
        for statement in statements("card_coding.sql"):
            cursor.execute(statement, coding)


def count_facets(workspace_id: int, now: datetime) -> None:
    """Count the workspace's cards by facet, for pages without filters."""
    with connection.cursor() as cursor:
        for statement in statements("card_facets.sql"):
            cursor.execute(statement, {"workspace_id": workspace_id, "now": now, "bands": list(FOLLOWER_BANDS)})


def index_cards() -> None:
    """Make or rebuild the vector index when the cards have outgrown the one there is; few cards need none.

    The coded twins are then laid down by place, so that a filter on network and country reads neighbouring pages.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_card")
        cursor.execute("ANALYZE catalogue_cardcode")
        corpus = get_corpus()
        plan = index_plan(corpus.cards)
        if plan is None or (corpus.lists is not None and not is_outgrown(corpus.lists, corpus.cards)):
            return
        cursor.execute("CLUSTER catalogue_cardcode USING cardcode_by_place")
        cursor.execute("DROP INDEX IF EXISTS card_by_vector")
        cursor.execute(
            sql.SQL(
                "CREATE INDEX card_by_vector ON catalogue_card USING ivfflat (vector halfvec_ip_ops) WITH (lists = {})"
            ).format(sql.Literal(plan.lists))
        )
