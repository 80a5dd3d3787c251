"""What people write under the posts: mostly kind, some questions, a little spam, and pods that praise by rote."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sillage.catalogue.engine.records import CommentRecord, PostRecord
from sillage.catalogue.sample.cast import ENGAGEMENT_POD, Persona
from sillage.catalogue.sample.content import lines_of, read_data
from sillage.catalogue.sample.grammar import Expander, typeset

COMMENTED_SHARE = 0.25
POD_MEMBERS = 6
RECENT = timedelta(days=90)
_VARIED_SHARE = 0.7  # of the comments under recent posts
_ANSWERED_SHARE = 0.3  # of those that ask or complain, under the posts of a creator who answers
_KINDS = {
    "praise": 30,
    "purchase": 17,
    "emoji": 13,
    "complaint": 11,
    "request": 10,
    "spam": 9,
    "irony": 6,
    "slang": 4,
}
_ASKING = ("purchase", "request", "complaint")


def write_comments(
    rng: random.Random, persona: Persona, post: PostRecord, language: str, now: datetime
) -> Iterator[CommentRecord]:
    """None to six comments, none later than `now`. Blogs carry no comments."""
    if post.network == "rss":
        return
    pod = persona.suspicion == ENGAGEMENT_POD
    if not pod and rng.random() >= COMMENTED_SHARE:
        return
    remarks = {name: lines_of(block) for name, block in read_data("comments.toml")[language].items()}
    texts = _texts(rng, remarks, pod=pod)
    room = (now - post.published_at).total_seconds()
    for index, text in enumerate(texts):
        delay = min(room, rng.expovariate(1 / 40_000))
        author = f"pod-{persona.number}-{index}" if pod else f"reader-{rng.randrange(40_000)}"
        expander = Expander(rng, language=language, feminine=rng.random() < 0.5, slots={})
        yield CommentRecord(
            network=post.network,
            account_network_id=post.account_network_id,
            post_network_id=post.network_id,
            network_id=f"{post.network_id}-c{index}",
            published_at=post.published_at + timedelta(seconds=int(delay)),
            text=typeset(expander.expand(text), language),
            author_network_id=author,
            likes=rng.choice((None, 0, 0, 1, 2, 5)),
        )


def vary_comments(
    seed: int, persona: Persona, post: PostRecord, comments: list[CommentRecord], language: str, now: datetime
) -> list[CommentRecord]:
    """The comments under a recent post with more that people want in them, and some answers by the creator.

    Draws from a generator of its own, so that the numbers around it stay what they are.
    """
    if now - post.published_at > RECENT or persona.suspicion == ENGAGEMENT_POD:
        return comments
    rng = random.Random(f"{seed}:{post.network_id}:remarks")
    answers = random.Random(f"{seed}:{persona.number}:answers").random() < 0.6
    remarks = {name: lines_of(block) for name, block in read_data("remarks.toml")[language].items()}
    varied: list[CommentRecord] = []
    for comment in comments:
        if rng.random() >= _VARIED_SHARE:
            varied.append(comment)
            continue
        kind = rng.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
        varied.append(replace(comment, text=_said(rng, remarks[kind], language)))
        if answers and kind in _ASKING and rng.random() < _ANSWERED_SHARE:
            varied.append(_answer(rng, varied[-1], _said(rng, remarks["reply"], language), now))
    return varied


def _said(rng: random.Random, lines: tuple[str, ...], language: str) -> str:
    expander = Expander(rng, language=language, feminine=rng.random() < 0.5, slots={})
    return typeset(expander.expand(rng.choice(lines)), language)


def _answer(rng: random.Random, asked: CommentRecord, text: str, now: datetime) -> CommentRecord:
    """What the creator writes under a comment."""
    return replace(
        asked,
        network_id=f"{asked.network_id}-a",
        published_at=min(now, asked.published_at + timedelta(minutes=rng.randint(5, 2_000))),
        text=text,
        author_network_id=asked.account_network_id,
        reply_to_network_id=asked.network_id,
        likes=None,
    )


def _texts(rng: random.Random, remarks: dict[str, tuple[str, ...]], *, pod: bool) -> list[str]:
    if pod:
        return rng.choices(remarks["pod"], k=rng.randint(3, POD_MEMBERS))
    kinds = rng.choices(("natural", "question", "spam"), (70, 25, 5), k=rng.randint(1, 6))
    chosen: list[str] = []
    for kind in kinds:
        left = [text for text in remarks[kind] if text not in chosen]
        if left:
            chosen.append(rng.choice(left))
    return chosen
