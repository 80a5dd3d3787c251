"""Bringing profiles, account numbers and search cards up to date, account by account.

Committed in chunks, so that a run that is killed goes on where it stopped; the ledger entry closes a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

import numpy as np
from django.db import transaction

from sillage import __version__
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.cards import POSTS_WITH_WORDS, CardContent, keep_cards, words_of
from sillage.catalogue.engine.metrics import Seen, account_numbers
from sillage.catalogue.models import Account, Post
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.receipts import Input, Receipt, receipt_of
from sillage.understanding.engine.commercial import PLAIN
from sillage.understanding.engine.metrics import SPONSORED_SHARE
from sillage.understanding.engine.port import VECTORS, PostText
from sillage.understanding.engine.profile import THEME_FLOOR, PostRead
from sillage.understanding.engine.warnings import FOLLOWER_JUMP, has_follower_jump
from sillage.understanding.lens import LEXICAL, MEANING_PROJECTION, WORD_PROJECTION
from sillage.understanding.models import Profile
from sillage.understanding.portraits import Painter, Portrait, Sitting
from sillage.understanding.queries import find_fitted, profiles_due, signals_of, vectors_of
from sillage.understanding.workers import Crew

CHUNK = 50
POSTS_READ = 200  # of an account, the newest
SECOND_LANGUAGE = 0.15
Chunk = dict[int, tuple[Account, list[Post], list[PostRead], list[Seen]]]


def profile_due(
    *,
    actor: Actor,
    now: datetime,
    versions: dict[str, str],
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Make the profile and the card of every account whose posts, numbers or models changed. Returns how many."""
    require(actor, Right.CATALOGUE)
    workspace = actor.workspace_id
    models = [find_fitted(workspace, name) for name in (LEXICAL, WORD_PROJECTION, MEANING_PROJECTION)]
    made_from = versions | {name: m.version for name, m in zip((LEXICAL, "words", "meaning"), models, strict=True) if m}
    due = profiles_due(workspace, made_from)
    bodies = tuple(bytes(m.body) if m else None for m in models)
    crew: Crew[list[Sitting], list[Portrait]] = Crew(Painter, (*bodies, now), workers if len(due) > 2 * CHUNK else 1)
    done = 0
    for chunk, portraits in crew.results(_chunks(workspace, due, versions)):
        _keep(chunk, portraits, made_from, now)
        done += len(chunk)
        on_progress(done, len(due))
    if done:
        governance.record(
            verb="understanding.profiles_made",
            subject_kind="workspace",
            subject_id=workspace,
            actor=actor,
            now=now,
            facts={"accounts": done, "versions": made_from},
        )
    return done


def _chunks(workspace_id: int, due: Sequence[int], versions: dict[str, str]) -> Iterator[tuple[Chunk, list[Sitting]]]:
    for start in range(0, len(due), CHUNK):
        ids = due[start : start + CHUNK]
        accounts = catalogue.list_accounts(workspace_id, ids)
        posts: dict[int, list[Post]] = {a: [] for a in accounts}
        for post in catalogue.posts_of(ids):
            if len(posts[post.account_id]) < POSTS_READ:
                posts[post.account_id].append(post)
        seen = catalogue.observations_of(ids)
        reads = _posts_read(posts, versions, seen)
        vectors = vectors_of(ids, versions[VECTORS]) if VECTORS in versions else {}
        chunk = {a: (accounts[a], posts[a], reads[a], seen[a]) for a in accounts}
        yield chunk, [_sitting(a, posts[a], reads[a], vectors) for a in accounts]


def _posts_read(
    posts: dict[int, list[Post]], versions: dict[str, str], seen: dict[int, list[Seen]]
) -> dict[int, list[PostRead]]:
    found = signals_of(list(posts), versions)
    engagement = {account: _engagement(rows) for account, rows in seen.items()}

    def value(enricher: str, post: Post, name: str) -> object:
        signal = found.get(enricher, {}).get((post.account_id, post.id))
        return signal.value.get(name) if signal else None

    def is_commercial(post: Post) -> bool:
        signal = found.get("commercial", {}).get((post.account_id, post.id))
        return signal is not None and signal.confidence >= PLAIN

    return {
        account: [
            PostRead(
                published_at=p.published_at,
                language=value("language", p, "language") or p.language,  # type: ignore[arg-type]
                format=p.format,
                themes=value("themes", p, "themes"),  # type: ignore[arg-type]
                brands=value("brands", p, "brands"),  # type: ignore[arg-type]
                is_commercial=is_commercial(p),
                engagement=engagement[account].get(p.id),
            )
            for p in rows
        ]
        for account, rows in posts.items()
    }


def _engagement(seen: Sequence[Seen]) -> dict[int, int]:
    """{post id: likes + comments} where both were measured."""
    newest: dict[tuple[int, str], Seen] = {}
    for s in seen:
        if s.source_class != "estimated" and s.post_id and s.measure in ("likes", "comments"):
            known = newest.get((s.post_id, s.measure))
            if known is None or s.observed_at > known.observed_at:
                newest[s.post_id, s.measure] = s
    return {
        post: newest[post, "likes"].value + newest[post, "comments"].value
        for post, measure in newest
        if measure == "likes" and (post, "comments") in newest
    }


def _sitting(
    account_id: int, posts: Sequence[Post], reads: Sequence[PostRead], vectors: dict[tuple[int, int], np.ndarray]
) -> Sitting:
    places = tuple(i for i, p in enumerate(posts) if (account_id, p.id) in vectors)
    texts = tuple(PostText(account_id, p.id, 0, p.title, p.text, tuple(p.hashtags)).words for p in posts)
    rows = np.array([vectors[account_id, posts[i].id] for i in places], dtype=np.float32) if places else None
    return Sitting(account_id, tuple(reads), texts, places, rows)


@transaction.atomic
def _keep(chunk: Chunk, portraits: Sequence[Portrait], made_from: dict[str, str], now: datetime) -> None:
    proven: list[Receipt] = []
    contents: list[CardContent] = []
    rows: list[Profile] = []
    for portrait in portraits:
        account, posts, reads, seen = chunk[portrait.account_id]
        subject = f"account:{account.pk}"
        numbers = account_numbers(
            subject,
            seen,
            {p.id: p.published_at for p in posts},
            fetched_at=account.fetched_at,
            now=now,
            code_version=__version__,
        )
        sponsored = _sponsored(subject, reads, now)
        numbers += [sponsored] if sponsored else []
        proven += numbers
        rows.append(_row(portrait, made_from, now))
        contents.append(_card(account, posts, seen, portrait, {r.metric: r.value for r in numbers}))
    update = [f.name for f in Profile._meta.concrete_fields if f.name != "account"]
    Profile.objects.bulk_create(rows, update_conflicts=True, unique_fields=["account"], update_fields=update)
    governance.keep_receipts(workspace_id=next(iter(chunk.values()))[0].workspace_id, proven=proven)
    keep_cards(contents, now)


def _sponsored(subject: str, reads: Sequence[PostRead], now: datetime) -> Receipt | None:
    if not reads:
        return None
    inputs = {"commercial": Input(sum(r.is_commercial for r in reads)), "posts": Input(len(reads))}
    return receipt_of(SPONSORED_SHARE, inputs, subject=subject, n=len(reads), computed_at=now, code_version=__version__)


def _row(portrait: Portrait, made_from: dict[str, str], now: datetime) -> Profile:
    p = portrait.profile
    return Profile(
        account_id=portrait.account_id,
        versions=made_from,
        themes=p.themes,
        themes_by_month=p.themes_by_month,
        languages=p.languages,
        formats=p.formats,
        rhythm={"median_gap_days": p.median_gap_days, "regularity": p.regularity},
        brands=[{"brand": b.brand, "posts": b.posts, "last_at": b.last_at.isoformat()} for b in p.brands],
        engagement_by_theme=[asdict(t) for t in p.engagement_by_theme],
        centroids=portrait.centroids.astype("<f4").tobytes() if len(portrait.centroids) else None,
        centroid_weights=portrait.centroid_weights,
        lexical_indices=portrait.lexical_indices.astype("<i4").tobytes(),
        lexical_values=portrait.lexical_values.astype("<f4").tobytes(),
        lexical_version=made_from.get(LEXICAL, ""),
        dense_version=made_from.get(VECTORS, ""),
        posts_read=p.posts,
        made_at=now,
    )


def _card(
    account: Account,
    posts: Sequence[Post],
    seen: Sequence[Seen],
    portrait: Portrait,
    numbers: dict[str, float | None],
) -> CardContent:
    p = portrait.profile
    followers = numbers.get("account.followers")
    by_views = account.network in ("youtube", "tiktok")
    rate = numbers.get("account.engagement_by_views" if by_views else "account.engagement_by_followers")
    counts = [(s.observed_at, s.value) for s in seen if s.post_id == 0 and s.measure == "followers"]
    return CardContent(
        account=account,
        languages=[code for code, share in p.languages.items() if share >= SECOND_LANGUAGE] or account.languages,
        followers=None if followers is None else int(followers),
        engagement_rate=rate,
        posts_per_week=numbers.get("account.posts_per_week"),
        posts_read=p.posts,
        last_post_on=p.last_post_at.date() if p.last_post_at else None,
        sponsored_share=numbers.get("account.sponsored_share"),
        warnings=[FOLLOWER_JUMP] if has_follower_jump(counts) else [],
        themes=[theme for theme, share in p.themes.items() if share >= THEME_FLOOR][:12],
        brands=[b.brand for b in p.brands],
        formats=list(p.formats),
        has_authenticated=any(s.source_class == "authenticated" for s in seen),
        vector=portrait.card_vector,
        words=words_of(posts[:POSTS_WITH_WORDS]),
    )
