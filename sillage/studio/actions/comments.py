"""What members say of a text's exact words, or of all of it; a comment stands until somebody settles it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import without_controls
from sillage.studio.actions.texts import keep_words
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.models import Text, TextComment
from sillage.studio.queries.comments import get_comment, name_of
from sillage.studio.queries.texts import get_text, newest_version

MOST_COMMENT, MOST_QUOTE, MOST_COMMENTS = 2_000, 500, 300


class CommentMalformed(Malformed):
    """A comment has words, and is about words that stand in the text."""

    title = "Malformed comment"


class TooManyComments(Refusal):
    """A text bears a bounded number of comments."""


class CommentSettled(Refusal):
    """The comment is as it would be made already."""


def words_said(said: str) -> str:
    """A comment as it is kept. Raises CommentMalformed."""
    words = without_controls(said).strip()
    if not words or len(words) > MOST_COMMENT:
        raise CommentMalformed(
            Sentence("The comment has %(words_count)s characters.", words_count=len(words)),
            Sentence("Write 1 to %(most_comment)s.", most_comment=Grouped(MOST_COMMENT)),
            "said",
        )
    return words


@transaction.atomic
def comment_text(
    *,
    text_id: int,
    said: str,
    actor: Actor,
    now: datetime,
    quote: str = "",
    starts: int | None = None,
    answers: int | None = None,
) -> TextComment:
    """Say something of the words `quote`, which stand in the text (at `starts`, where they stand there twice), or of all of it.

    `answers` is a comment whose words this one is about too. Words that only the working copy has are kept as a version
    first, so that what is talked about never changes.
    """
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    words = words_said(said)
    if text.comments.count() >= MOST_COMMENTS:
        raise TooManyComments(
            Sentence("“%(text)s” has %(most_comments)s comments.", text=text.title, most_comments=MOST_COMMENTS),
            Sentence("Settle them, or begin a new text."),
        )
    comment = TextComment(text=text, said=words, member_id=actor.member_id, who=name_of(actor), written_at=now)
    if answers is not None:
        _place_beside(comment, get_comment(text, answers))
    else:
        _place(comment, text, quote.replace("\r\n", "\n"), starts, actor, now)
    comment.save()
    governance.record(
        verb="studio.text_commented",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"comment": comment.pk, "number": comment.number, "quoted": len(comment.quote), "answers": answers},
    )
    return comment


def _place_beside(comment: TextComment, first: TextComment) -> None:
    """An answer is about the words that the first comment is about."""
    comment.number, comment.quote = first.number, first.quote
    comment.starts, comment.ends = first.starts, first.ends


def _place(comment: TextComment, text: Text, quote: str, starts: int | None, actor: Actor, now: datetime) -> None:
    newest = newest_version(text)
    if not quote.strip():
        comment.number, comment.quote = newest.number, ""
        return
    if len(quote) > MOST_QUOTE:
        raise CommentMalformed(
            Sentence("%(quote_count)s characters are marked.", quote_count=len(quote)),
            Sentence("Mark up to %(most_quote)s of them.", most_quote=MOST_QUOTE),
            "quote",
        )
    at = _at(text.body, quote, starts)
    version = newest if at is not None and text.body == newest.body else None
    if at is not None and version is None:
        version = keep_words(text, text.body, BY_A_PERSON, "", text.saved_by_id or actor.member_id, now)
    if at is None:
        version, at = newest, _at(newest.body, quote, starts)
    if at is None or version is None:
        raise CommentMalformed(
            Sentence("“%(quote)s” does not stand in the text.", quote=quote[:60]),
            Sentence("Mark the words again."),
            "quote",
        )
    comment.number, comment.starts, comment.ends, comment.quote = version.number, at, at + len(quote), quote


def _at(body: str, quote: str, starts: int | None) -> int | None:
    if starts is not None and body[starts : starts + len(quote)] == quote:
        return starts
    found = body.find(quote)
    return found if found >= 0 else None


@transaction.atomic
def settle_comment(
    *, text_id: int, comment_id: int, actor: Actor, now: datetime, is_settled: bool = True
) -> TextComment:
    """Settle a comment and the answers on the same words, or open them again."""
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    comment = get_comment(text, comment_id)
    same = TextComment.objects.filter(text=text, number=comment.number, starts=comment.starts, ends=comment.ends)
    if comment.starts is None:  # of the whole text: an exchange of its own
        same = same.filter(pk=comment.pk)
    changing = same.filter(settled_at__isnull=is_settled)
    if not changing.exists():
        raise CommentSettled(
            Sentence("This comment is settled already.") if is_settled else Sentence("This comment is open already."),
            Sentence("Load the page again to see by whom."),
        )
    at, who = (now, name_of(actor)) if is_settled else (None, "")
    changing.update(settled_at=at, settled_who=who)
    comment.refresh_from_db()
    governance.record(
        verb="studio.text_comment_settled",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"comment": comment.pk, "settled": is_settled},
    )
    return comment
