"""Reading tags: their posts, their examples, how right they were so far, and which post to label next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Post
from sillage.understanding.engine.labelling import most_uncertain, nearest_to_examples
from sillage.understanding.engine.lexical import fit_lexical
from sillage.understanding.engine.tagging import TagHead
from sillage.understanding.models import Correction, Head, Signal, Tag
from sillage.understanding.queries.corrections import (
    Example,
    Read,
    list_examples,
    tag_enricher,
)
from sillage.understanding.queries.examples import learner_of, posts_of_reads, recent_reads, said_of_tag, vectors_for
from sillage.understanding.queries.learning import find_current_head

DOZEN = 12  # examples after which a tag can be learnt
POOL = 400  # newest posts among which the next one is chosen
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag with how many examples it has for and against, and its current head."""

    tag: Tag
    positive: int
    negative: int
    head: Head | None

    @property
    def labelled(self) -> int:
        return self.positive + self.negative


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the posts that a head had tagged and somebody then judged: how many were right."""

    right: int
    judged: int

    @property
    def share(self) -> float | None:
        return self.right / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class ToLabel:
    """The next post to label. `sure` is what the head thinks of it (0..1), None without one."""

    read: Read
    post: Post
    sure: float | None


def list_tags(workspace_id: int, *, archived: bool = False) -> list[Tag]:
    return list(Tag.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived).order_by("name"))


def tag_line(tag: Tag) -> TagLine:
    examples = list_examples(tag.workspace_id, tag_enricher(tag.key))
    positive = sum(bool(example.labels) for example in examples)
    return TagLine(tag, positive, len(examples) - positive, find_current_head(tag.workspace_id, tag_enricher(tag.key)))


def precision_of(tag: Tag) -> Precision:
    """Over corrections whose author saw the head's yes; the newest of each member and post."""
    rows = Correction.objects.filter(
        workspace_id=tag.workspace_id, enricher=tag_enricher(tag.key), machine_value__holds=True
    )
    judged: dict[tuple[int, int, int | None], bool] = {}
    for account, post, member, value in rows.order_by("made_at").values_list(
        "account_id", "subject_id", "member_id", "value"
    ):
        judged[account, post, member] = bool(value["holds"])
    return Precision(sum(judged.values()), len(judged))


def posts_tagged(tag: Tag, most: int = 30) -> list[tuple[Post, Signal]]:
    """The posts that the current head gives the tag, the surest first; those judged wrong are left out."""
    head = find_current_head(tag.workspace_id, tag_enricher(tag.key))
    if head is None:
        return []
    wrong = {
        (e.read.account_id, e.read.subject_id)
        for e in list_examples(tag.workspace_id, tag_enricher(tag.key))
        if not e.labels
    }
    signals = Signal.objects.filter(
        account__workspace_id=tag.workspace_id, enricher=tag_enricher(tag.key), version=head.version, confidence__gt=0
    ).order_by("-confidence", "id")[: most + len(wrong)]
    kept = [s for s in signals if (s.account_id, s.post_id) not in wrong][:most]
    posts = catalogue.list_posts_by_id([(s.account_id, s.post_id) for s in kept])
    return [(posts[s.account_id, s.post_id], s) for s in kept if (s.account_id, s.post_id) in posts]


def next_to_label(tag: Tag, skipped: Sequence[Key] = ()) -> ToLabel | None:
    """With a head, the post it is least sure about; else one near the examples or, at first, near the tag's name."""
    enricher = tag_enricher(tag.key)
    examples = list_examples(tag.workspace_id, enricher)
    done = {(e.read.account_id, e.read.subject_id) for e in examples} | set(skipped)
    pool = [r for r in recent_reads(tag.workspace_id, enricher, POOL) if (r.account_id, r.subject_id) not in done]
    pool = [read for read in pool if read.text.strip()]
    if not pool:
        return None
    stored = find_current_head(tag.workspace_id, enricher)
    head = TagHead.from_bytes(bytes(stored.body)) if stored else None
    place, sure = _by_head(tag, head, pool) if head else (_by_nearness(tag, examples, pool), None)
    read = pool[place]
    post = catalogue.list_posts_by_id([(read.account_id, read.subject_id)])[read.account_id, read.subject_id]
    return ToLabel(read, post, sure)


def _by_head(tag: Tag, head: TagHead, pool: Sequence[Read]) -> tuple[int, float | None]:
    learner = learner_of(tag.workspace_id, tag_enricher(tag.key))
    if learner is None or (head.needs_vectors and head.embedder != learner.embedder):
        return 0, None
    posts = posts_of_reads(learner, pool)
    vectors = np.array([post.vector for post in posts], dtype=np.float32) if head.needs_vectors else None
    scores = head.scores([post.words for post in posts], vectors)
    place = most_uncertain(scores[:, 0] - head.threshold)
    return place, float(head.confidences(scores)[place, 0])


def _by_nearness(tag: Tag, examples: Sequence[Example], pool: Sequence[Read]) -> int:
    """By meaning where there are vectors, else by words; every third post from afar, to say no to."""
    learner = learner_of(tag.workspace_id, tag_enricher(tag.key))
    liked = [e.read.text for e in examples if e.labels] or [said_of_tag(tag)]
    texts = [read.text for read in pool]
    near: NDArray[np.float64]
    if learner is not None and learner.embedder:
        rows = np.array([post.vector for post in posts_of_reads(learner, pool)], dtype=np.float32)
        wanted = vectors_for(learner, liked)
        near = np.asarray(rows @ wanted.T) if wanted is not None else np.zeros((len(pool), 1))
    else:
        lexical = fit_lexical([*texts, *liked])
        near = (lexical.transform(texts) @ lexical.transform(liked).T).toarray()
    return nearest_to_examples(near, labelled=len(examples))
