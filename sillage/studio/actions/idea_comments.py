"""What members say of an idea on the board; a comment stands until somebody settles it, with its answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.sentences import Sentence
from sillage.studio.actions.comments import MOST_COMMENTS, CommentSettled, TooManyComments, words_said
from sillage.studio.models import IdeaComment
from sillage.studio.queries.comments import name_of
from sillage.studio.queries.idea_comments import exchange_of, get_idea_comment
from sillage.studio.queries.ideas import get_idea


@transaction.atomic
def comment_idea(*, idea_id: int, said: str, actor: Actor, now: datetime, answers: int | None = None) -> IdeaComment:
    """Say something of an idea; `answers` is a comment that this one answers. Raises CommentMalformed, TooManyComments."""
    require(actor, Right.CAMPAIGN)
    idea = get_idea(actor.workspace_id, idea_id, lock=True)
    words = words_said(said)
    if idea.comments.count() >= MOST_COMMENTS:
        raise TooManyComments(
            Sentence("This idea has %(most_comments)s comments.", most_comments=MOST_COMMENTS),
            Sentence("Settle them, or put another idea on the board."),
        )
    first = get_idea_comment(idea, answers) if answers is not None else None
    if first is not None and first.answers_id is not None:
        first = get_idea_comment(idea, first.answers_id)
    comment = IdeaComment.objects.create(
        idea=idea, answers=first, said=words, member_id=actor.member_id, who=name_of(actor), written_at=now
    )
    governance.record(
        verb="studio.idea_commented",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"comment": comment.pk, "answers": comment.answers_id},
    )
    return comment


@transaction.atomic
def settle_idea_comment(
    *, idea_id: int, comment_id: int, actor: Actor, now: datetime, is_settled: bool = True
) -> IdeaComment:
    """Settle a comment and its answers, or open them again. Raises CommentSettled."""
    require(actor, Right.CAMPAIGN)
    idea = get_idea(actor.workspace_id, idea_id, lock=True)
    comment = get_idea_comment(idea, comment_id)
    exchange = exchange_of(comment).filter(settled_at__isnull=is_settled)
    if not exchange.exists():
        raise CommentSettled(
            Sentence("This comment is settled already.") if is_settled else Sentence("This comment is open already."),
            Sentence("Load the page again to see by whom."),
        )
    at, who = (now, name_of(actor)) if is_settled else (None, "")
    exchange.update(settled_at=at, settled_who=who)
    comment.refresh_from_db()
    governance.record(
        verb="studio.idea_comment_settled",
        subject_kind="idea",
        subject_id=idea.pk,
        actor=actor,
        now=now,
        facts={"comment": comment.pk, "settled": is_settled},
    )
    return comment
