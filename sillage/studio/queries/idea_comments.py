"""Reading what members say of ideas: exchanges, each a comment with its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.models import Idea, IdeaComment


@dataclass(frozen=True, slots=True)
class Exchange:
    """A comment and its answers, the oldest first. It is settled when each of them is."""

    comments: list[IdeaComment]

    @property
    def first(self) -> IdeaComment:
        return self.comments[0]

    @property
    def is_settled(self) -> bool:
        return all(comment.settled_at is not None for comment in self.comments)


def get_idea_comment(idea: Idea, comment_id: int) -> IdeaComment:
    found = idea.comments.filter(pk=comment_id).first()
    if found is None:
        raise NotFound(
            Sentence("This idea has no comment %(comment_id)s.", comment_id=comment_id),
            Sentence("Load the page again."),
        )
    return found


def exchange_of(comment: IdeaComment) -> QuerySet[IdeaComment]:
    """The comment's whole exchange."""
    began = comment.answers_id or comment.pk
    return IdeaComment.objects.filter(Q(pk=began) | Q(answers_id=began), idea_id=comment.idea_id)


def exchanges_on(ideas: Iterable[Idea]) -> Mapping[int, list[Exchange]]:
    """By idea: what is open first, then what is settled, each the oldest first."""
    grouped: dict[int, dict[int, list[IdeaComment]]] = {}
    for row in IdeaComment.objects.filter(idea__in=list(ideas)).order_by("written_at", "pk"):
        grouped.setdefault(row.idea_id, {}).setdefault(row.answers_id or row.pk, []).append(row)
    return {
        idea: sorted(map(Exchange, begun.values()), key=lambda one: (one.is_settled, one.first.pk))
        for idea, begun in grouped.items()
    }
