"""Reading runs of variants, what was said of them, and the order in which they are shown. Another workspace's are not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.brief import WritingBrief, writing_brief
from sillage.studio.engine.gallery import Gallery, Marks, Shown
from sillage.studio.engine.runs import Narrow, narrowed, run_kept
from sillage.studio.models import VariantMark, VariantRun

HEAVY = ("options", "places", "fits")
WORDS = ("favourite", "more", "less", "no")


def get_run(workspace_id: int, run_id: int, *, lock: bool = False) -> VariantRun:
    """A run with its brief. `lock` holds its row until the transaction ends."""
    runs = VariantRun.objects.select_related("brief__campaign", "brief__voice", "member__person")
    runs = runs.filter(brief__workspace_id=workspace_id, pk=run_id).defer(*HEAVY)
    found = (runs.select_for_update(of=("self",)) if lock else runs).first()
    if found is None:
        raise NotFound(
            Sentence("No run %(run_id)s of variants in this workspace.", run_id=run_id),
            Sentence("See the brief’s page in the studio, or `sillage studio run list`."),
        )
    return found


class VariantMissing(NotFound):
    """The run has no variant of this number."""


def refuse_stranger_row(stored: VariantRun, row: int) -> None:
    """Refuse a number that no variant of the run has."""
    if not 0 <= row < stored.made:
        raise VariantMissing(
            Sentence("Run %(stored)s has no variant %(row)s.", stored=stored.pk, row=row),
            Sentence("Give a number from 0 to %(made)s.", made=stored.made - 1),
        )


def list_runs(
    workspace_id: int, *, brief_id: int | None = None, cursor: str | None = None, limit: int = 30
) -> Page[VariantRun]:
    """Runs without their parts and places, the newest first."""
    runs = VariantRun.objects.filter(brief__workspace_id=workspace_id).defer(*HEAVY)
    if brief_id is not None:
        runs = runs.filter(brief_id=brief_id)
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        runs = runs.filter(pk__lt=last)
    rows = list(runs.select_related("brief", "member__person").order_by("-pk")[: limit + 1])
    return Page(rows[:limit], cursor_of([rows[limit - 1].pk]) if len(rows) > limit else None)


def brief_of_run(stored: VariantRun) -> WritingBrief:
    """The brief as it was when the run was made."""
    return writing_brief(stored.content)


def gallery_of(stored: VariantRun) -> Gallery:
    """The run, put together again from what was kept: a run never changes, so the last few are remembered."""
    return _gallery(stored.pk, stored.made_at)


@lru_cache(maxsize=4)
def _gallery(run_id: int, _made_at: datetime) -> Gallery:
    kept = VariantRun.objects.only(*HEAVY, "frame").get(pk=run_id)
    return Gallery(run_kept(kept.options, bytes(kept.places), bytes(kept.fits), kept.frame))


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of a run: the marks as the engine takes them, and the reasons of those that were dismissed."""

    marks: Marks
    reasons: dict[int, str]

    def words_of(self, row: int) -> list[str]:
        """The words that stand for one variant."""
        held = (self.marks.favourites, self.marks.more, self.marks.less, self.marks.dismissed)
        return [word for word, rows in zip(WORDS, held, strict=True) if row in rows]


def said_of(stored: VariantRun) -> Said:
    rows = list(VariantMark.objects.filter(run=stored).values_list("row", "word", "reason"))
    held = [frozenset(row for row, said, _ in rows if said == word) for word in WORDS]
    return Said(Marks(*held), {row: reason for row, word, reason in rows if word == "no"})


def shown_of(stored: VariantRun, gallery: Gallery, said: Said) -> Shown:
    """The twelve to begin with: as they were kept, or anew once somebody wanted more or less of something."""
    if said.marks.move_the_order or said.marks.dismissed & set(stored.shown):
        return gallery.shown(said.marks)
    return Shown(tuple(stored.shown), stored.most_alike)


def rows_of(gallery: Gallery, said: Said, narrow: Narrow) -> list[int]:
    """The rows that pass, the best first by fit and marks."""
    order = gallery.order(said.marks)
    passing: list[int] = order[narrowed(gallery.run, narrow)[order]].tolist()
    return passing
