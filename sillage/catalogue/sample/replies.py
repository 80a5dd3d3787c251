"""What people write under the posts: mostly kind, some questions, a little spam, and pods that praise by rote."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sillage.catalogue.engine.records import CommentRecord, PostRecord
from sillage.catalogue.sample.cast import ENGAGEMENT_POD, Persona
from sillage.catalogue.sample.content import lines_of, read_data
from sillage.catalogue.sample.grammar import Expander, typeset

COMMENTED_SHARE = 0.25
POD_MEMBERS = 6


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
