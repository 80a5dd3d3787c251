"""Reading the board of ideas, and palettes. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.ideas import Column
from sillage.studio.models import Idea, Palette
from sillage.studio.queries.audience import text_of
from sillage.studio.queries.idea_comments import Exchange, exchanges_on
from sillage.studio.queries.originality import quotable
from sillage.understanding.queries.topics import Origin

MOST_SHOWN = 200  # ideas of a column


@dataclass(frozen=True, slots=True)
class ShownIdea:
    """An idea with the posts and comments that it rests on, as they stand today, and what members say of it."""

    row: Idea
    quotes: tuple[Origin, ...]
    exchanges: Sequence[Exchange] = ()

    @property
    def open_exchanges(self) -> int:
        return sum(not exchange.is_settled for exchange in self.exchanges)

    @property
    def speaker(self) -> str:
        """Who said what stands there, of a quote: as a person named them, or as the file calls them."""
        label = self.row.figures.get("speaker", "")
        names = self.row.interview.names if self.row.interview is not None else {}
        return str(names.get(label, {}).get("name", "") or label)

    @property
    def question(self) -> str:
        """The words of the question that a machine's idea is about; empty where it is gone, or is about something else."""
        return text_of(self.quotes[0]) if self.quotes and not self.row.subject else ""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column of the board: how many ideas stand in it, and the first MOST_SHOWN; pinned ones first, then the last moved."""

    place: Column
    total: int
    ideas: Sequence[ShownIdea]


def get_idea(workspace_id: int, idea_id: int, *, lock: bool = False) -> Idea:
    """An idea that is on the board. `lock` holds its row until the transaction ends."""
    rows = Idea.objects.select_related("campaign", "member__person")
    rows = rows.filter(workspace_id=workspace_id, pk=idea_id, archived_at=None)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No idea %(idea_id)s on this board.", idea_id=idea_id),
            Sentence("See the ideas in the studio, or with `sillage studio idea list`."),
        )
    return found


def list_ideas(workspace_id: int, *, campaign_id: int | None = None, place: str = "") -> list[Idea]:
    """Ideas on the board, pinned ones first, then those that were moved last."""
    return list(_rows(workspace_id, campaign_id, place)[:MOST_SHOWN])


def board_of(workspace_id: int, *, campaign_id: int | None = None) -> list[BoardColumn]:
    """The columns with their ideas; of one campaign where it is named."""
    rows = {place: _rows(workspace_id, campaign_id, place) for place in Column}
    first = {place: list(found[:MOST_SHOWN]) for place, found in rows.items()}
    shown = shown_ideas(workspace_id, [idea for ideas in first.values() for idea in ideas])
    return [
        BoardColumn(
            place,
            len(ideas) if len(ideas) < MOST_SHOWN else rows[place].count(),
            [shown[idea.pk] for idea in ideas],
        )
        for place, ideas in first.items()
    ]


def _rows(workspace_id: int, campaign_id: int | None, place: str) -> QuerySet[Idea]:
    rows = Idea.objects.filter(workspace_id=workspace_id, archived_at=None)
    rows = rows.select_related("campaign", "interview", "member__person", "rewritten_from")
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    if place:
        rows = rows.filter(place=place)
    return rows.order_by(F("pinned_at").desc(nulls_last=True), "-placed_at", "-pk")


def shown_ideas(workspace_id: int, ideas: Sequence[Idea]) -> Mapping[int, ShownIdea]:
    """Ideas by id with what they rest on; what is gone or withheld since is left out."""
    standing = quotable(workspace_id, [ref for idea in ideas for ref in idea.refs])
    said = exchanges_on(ideas)
    return {
        idea.pk: ShownIdea(idea, tuple(standing[ref] for ref in idea.refs if ref in standing), said.get(idea.pk, ()))
        for idea in ideas
    }


def list_palettes(workspace_id: int) -> list[Palette]:
    """The newest first."""
    rows = Palette.objects.filter(workspace_id=workspace_id, archived_at=None)
    return list(rows.select_related("campaign", "member__person").order_by("-made_at", "-pk")[:200])


def get_palette(workspace_id: int, palette_id: int, *, lock: bool = False) -> Palette:
    rows = Palette.objects.select_related("campaign", "member__person")
    rows = rows.filter(workspace_id=workspace_id, pk=palette_id, archived_at=None)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No palette %(palette_id)s in this workspace.", palette_id=palette_id),
            Sentence("See them on the page of palettes."),
        )
    return found
