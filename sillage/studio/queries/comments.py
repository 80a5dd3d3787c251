"""Reading comments: threads on the same words, carried to where these stand now."""

from __future__ import annotations

from dataclasses import dataclass

from sillage.campaigns.engine.text_diff import carried
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Member
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.models import Text, TextComment


@dataclass(frozen=True, slots=True)
class CommentThread:
    """Comments on the same words, the oldest first. `at`: where they stand in the words asked about; None: they are gone,
    or the comments are about all of the text (`quote` is empty)."""

    comments: list[TextComment]
    quote: str
    at: tuple[int, int] | None

    @property
    def first(self) -> TextComment:
        return self.comments[0]

    @property
    def is_settled(self) -> bool:
        return all(comment.settled_at is not None for comment in self.comments)

    @property
    def is_gone(self) -> bool:
        return bool(self.quote) and self.at is None


def get_comment(text: Text, comment_id: int) -> TextComment:
    found = text.comments.filter(pk=comment_id).first()
    if found is None:
        raise NotFound(
            Sentence("“%(text)s” has no comment %(comment_id)s.", text=text.title, comment_id=comment_id),
            Sentence("Load the page again."),
        )
    return found


def name_of(actor: Actor) -> str:
    """The name under which a member's words stand."""
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    return (str(member.person) if member else actor.name)[:200]


def threads_of(text: Text, body: str) -> list[CommentThread]:
    """What is said of a text, carried to `body`: what is open first, in the order of the words, then what is settled."""
    rows = list(text.comments.order_by("written_at", "pk"))
    numbers = {row.number for row in rows if row.starts is not None}
    bodies = dict(text.versions.filter(number__in=numbers).values_list("number", "body"))
    grouped: dict[tuple[object, ...], list[TextComment]] = {}
    for row in rows:
        key = (row.number, row.starts, row.ends) if row.starts is not None else (row.pk,)
        grouped.setdefault(key, []).append(row)
    threads = [CommentThread(ones, ones[0].quote, _now_at(ones[0], bodies, body)) for ones in grouped.values()]
    end = len(body)
    return sorted(threads, key=lambda t: (t.is_settled, t.is_gone, t.at or (end, end), t.first.pk))


def _now_at(comment: TextComment, bodies: dict[int, str], body: str) -> tuple[int, int] | None:
    if comment.starts is None or comment.ends is None:
        return None
    before = bodies.get(comment.number, "")
    return (comment.starts, comment.ends) if before == body else carried(before, body, comment.starts, comment.ends)


def count_open_comments(text: Text) -> int:
    return text.comments.filter(settled_at=None).count()
