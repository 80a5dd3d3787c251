"""Accounts from which nothing may be derived (a network's terms, an objection, a minor): found by name and words alone."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import transaction

from sillage import __version__
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.cards import POSTS_WITH_WORDS, CardContent, keep_cards, words_of
from sillage.catalogue.engine.metrics import FOLLOWERS, Seen, account_numbers
from sillage.catalogue.models import Account, Post
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.receipts import Receipt
from sillage.understanding.engine.minors import MINOR
from sillage.understanding.engine.projection import CARD_DIMS
from sillage.understanding.models import AccountSignal, CommentSignal, PostVector, Profile, Signal
from sillage.understanding.queries import withheld_due

CHUNK = 200


def withhold_due(*, actor: Actor, now: datetime) -> int:
    """Take away what was derived from accounts that may not be read, and give each a plain card. Returns how many.

    A plain card says what the network says: names, words, followers, the day of the last post. Committed in chunks.
    """
    require(actor, Right.CATALOGUE)
    due = withheld_due(actor.workspace_id)
    for start in range(0, len(due), CHUNK):
        _withhold(actor.workspace_id, due[start : start + CHUNK], now)
    if due:
        governance.record(
            verb="understanding.accounts_withheld",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"accounts": len(due)},
        )
    return len(due)


@transaction.atomic
def _withhold(workspace_id: int, account_ids: list[int], now: datetime) -> None:
    for table in (Signal, CommentSignal, PostVector, Profile):
        table._default_manager.filter(account_id__in=account_ids).delete()
    AccountSignal.objects.filter(account_id__in=account_ids).exclude(enricher=MINOR).delete()
    governance.forget_receipts(workspace_id, "account", account_ids)
    accounts = catalogue.list_accounts(workspace_id, account_ids)
    seen = catalogue.observations_of(account_ids)
    posts: dict[int, list[Post]] = {a: [] for a in accounts}
    for post in catalogue.posts_of(account_ids):
        posts[post.account_id].append(post)
    counted = {a: _followers(a, seen[a], now) for a in accounts}
    proven = [r for r in counted.values() if r is not None]
    governance.keep_receipts(workspace_id=workspace_id, proven=proven)
    keep_cards([_plain(accounts[a], posts[a], seen[a], counted[a]) for a in accounts], now)


def _followers(account_id: int, seen: list[Seen], now: datetime) -> Receipt | None:
    """The network's own count: nothing is derived."""
    numbers = account_numbers(f"account:{account_id}", seen, {}, fetched_at=now, now=now, code_version=__version__)
    return next((r for r in numbers if r.metric == FOLLOWERS.id), None)


def _plain(account: Account, posts: list[Post], seen: list[Seen], followers: Receipt | None) -> CardContent:
    return CardContent(
        account=account,
        languages=account.languages,
        followers=int(followers.value) if followers and followers.value is not None else None,
        engagement_rate=None,
        posts_per_week=None,
        posts_read=0,
        last_post_on=posts[0].published_at.date() if posts else None,
        sponsored_share=None,
        warnings=[],
        themes=[],
        brands=[],
        formats=sorted({p.format for p in posts if p.format}),
        has_authenticated=any(s.source_class == "authenticated" for s in seen),
        vector=np.zeros(CARD_DIMS, dtype=np.float32),
        words=words_of(posts[:POSTS_WITH_WORDS]),
    )
