"""Reading texts, their versions and what is said of them. Those of another workspace are not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import HumanCheck, Text, TextComment, TextVersion


def get_text(workspace_id: int, text_id: int, *, lock: bool = False) -> Text:
    """One text with its brief, voice and campaign; `lock` holds its row until the transaction ends."""
    rows = Text.objects.select_related("brief", "voice", "campaign", "deliverable", "saved_by__person")
    rows = rows.filter(workspace_id=workspace_id, pk=text_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No text %(text_id)s in this workspace.", text_id=text_id),
            Sentence("See the texts in the studio, or with `sillage studio text list`."),
        )
    return found


def newest_version(text: Text) -> TextVersion:
    """The version that was kept last; a text has one from its beginning on."""
    return text.versions.order_by("-number")[0]


def versions_of(text: Text) -> list[TextVersion]:
    """All kept versions, the newest first, with who kept them."""
    return list(text.versions.select_related("member__person").order_by("-number"))


def get_version(text: Text, number: int) -> TextVersion:
    found = text.versions.select_related("member__person").filter(number=number).first()
    if found is None:
        raise NotFound(
            Sentence("“%(text)s” has no version %(number)s.", text=text.title, number=number),
            Sentence("See its versions on its page."),
        )
    return found


def lineage_of(version: TextVersion) -> list[TextVersion]:
    """The version, the one that it was edited from, and so on to the first: the newest first."""
    by_number = {one.number: one for one in version.text.versions.filter(number__lte=version.number)}
    found: list[TextVersion] = []
    at: int | None = version.number
    while at is not None and (one := by_number.pop(at, None)) is not None:
        found.append(one)
        at = one.edited_from
    return found


def proposal_of(version: TextVersion) -> TextVersion | None:
    """The first version of a machine that this one goes back to; None where people wrote every one."""
    machines = [one for one in lineage_of(version) if MadeBy.of(one.made_by).origin is not Origin.PERSON]
    return machines[-1] if machines else None


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text in a list: who made its first version, how many comments and human checks are open."""

    text: Text
    made_by: MadeBy
    open_comments: int
    open_checks: int


def list_texts(
    workspace_id: int,
    *,
    state: str = "",
    words: str = "",
    brief_id: int | None = None,
    voice_id: int | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 30,
) -> Page[TextLine]:
    """Texts, the last begun first. `words` are looked for in title, words and brief; all of them have to stand there."""
    found = Text.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived)
    if state:
        found = found.filter(state=state)
    if brief_id is not None:
        found = found.filter(brief_id=brief_id)
    if voice_id is not None:
        found = found.filter(voice_id=voice_id)
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word) | Q(brief__title__icontains=word))
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        found = found.filter(pk__lt=last)
    rows = found.select_related("brief", "voice", "campaign", "deliverable", "saved_by__person").order_by("-pk")
    texts = list(_counted(rows)[: limit + 1])
    lines = [TextLine(one, MadeBy.of(one.first_made_by), one.n_comments, one.n_checks) for one in texts[:limit]]
    return Page(lines, cursor_of([texts[limit - 1].pk]) if len(texts) > limit else None)


def _counted(rows: QuerySet[Text]) -> QuerySet[Any]:
    comments = TextComment.objects.filter(text=OuterRef("pk"), settled_at=None)
    checks = HumanCheck.objects.filter(text=OuterRef("pk"), answered_at=None)
    first = TextVersion.objects.filter(text=OuterRef("pk"), number=1)
    return rows.annotate(
        n_comments=Coalesce(Subquery(_how_many(comments)), 0),
        n_checks=Coalesce(Subquery(_how_many(checks)), 0),
        first_made_by=Subquery(first.values("made_by")[:1]),
    )


def _how_many(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.order_by().values("text").annotate(n=Count("pk")).values("n")
    return counted


def count_texts(workspace_id: int) -> dict[str, int]:
    """How many stand in each state, and how many were put away ("archived")."""
    rows = Text.objects.filter(workspace_id=workspace_id)
    here = rows.filter(archived_at=None).order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict(here)
    away = rows.exclude(archived_at=None).count()
    return {**{state.value: counts.get(state.value, 0) for state in TextState}, "archived": away}


def count_checks_of(workspace_id: int, member_id: int | None) -> int:
    """How many human checks wait for a member's word."""
    waiting = HumanCheck.objects.filter(text__workspace_id=workspace_id, text__archived_at=None, answered_at=None)
    return waiting.filter(asked_of_id=member_id).count() if member_id is not None else 0


def list_checks_of(workspace_id: int, member_id: int | None, limit: int = 20) -> list[HumanCheck]:
    """The human checks that wait for a member's word, the oldest first."""
    if member_id is None:
        return []
    waiting = HumanCheck.objects.filter(text__workspace_id=workspace_id, text__archived_at=None, answered_at=None)
    return list(waiting.filter(asked_of_id=member_id).select_related("text").order_by("asked_at", "pk")[:limit])
