"""Runs of variants over the API: made, read narrowed and in pages, streamed whole, marked, written on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import numpy as np
from django.http import StreamingHttpResponse
from django.utils import timezone
from ninja import Query as FromQuery
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Limit, Rows, rows
from sillage.lib.paging import CursorMalformed, cursor_of, key_of
from sillage.studio.actions.marks import mark_variant, unmark_variant
from sillage.studio.actions.runs import MOST_WANTED, make_run, write_on
from sillage.studio.engine.brief import Tone
from sillage.studio.engine.gallery import Gallery
from sillage.studio.engine.runs import FITS, Narrow
from sillage.studio.models import Text, VariantMark, VariantRun
from sillage.studio.queries.briefs import get_brief
from sillage.studio.queries.runs import Said, gallery_of, get_run, list_runs, rows_of, said_of, shown_of

router = Router()

NDJSON = "application/x-ndjson"
PORTION = 500  # variants that are put together at a time
Row = Annotated[int, Field(ge=0, le=1_000_000)]
Word = Literal["favourite", "more", "less", "no"]


class RunGiven(Given):
    """How many variants, and the seed of their order."""

    n: Annotated[int, Field(ge=1, le=MOST_WANTED)] = 10_000
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7


class RunShape(Schema):
    """A run. `made_by` says that its texts are assembled from templates. `left_out` counts texts and parts by reason.

    `most_alike` is the largest Jaccard similarity of runs of three words of two texts that are shown first.
    """

    id: int
    brief_id: int
    brief_version: int
    wanted: int
    seed: int
    made: int
    possible: int
    left_out: dict[str, dict[str, int]]
    shown: list[int]
    most_alike: float
    made_by: dict[str, Any]
    seconds: float
    made_at: datetime


class VariantShape(Schema):
    """A variant. `rank` is its place among those shown first; `fits` are 0..1, the voice's null where there is none."""

    row: int
    text: str
    family: str
    fit: float
    fits: dict[str, float | None]
    facts: list[int]
    fragments: list[str]
    rank: int | None
    marks: list[str]
    reason: str


class Narrowing(Schema):
    """What to read of a run. `fact` counts from 0; lengths are in characters; `words` stand all in the text."""

    family: str = ""
    fact: int | None = None
    tone: Tone | None = None
    shortest: int | None = None
    longest: int | None = None
    words: str = ""
    marked: Word | None = None
    with_dismissed: bool = False

    def narrow(self, said: Said) -> Narrow:
        marks = said.marks
        marked = {"favourite": marks.favourites, "more": marks.more, "less": marks.less, "no": marks.dismissed}
        hidden = frozenset() if self.with_dismissed or self.marked == "no" else marks.dismissed
        return Narrow(
            family=self.family,
            fact=self.fact,
            tone=self.tone,
            shortest=self.shortest,
            longest=self.longest,
            words=self.words,
            only=marked[self.marked] if self.marked else None,
            without=hidden,
        )


class MarkGiven(Given):
    """`no` needs a reason. `more` and `less` re-rank the run."""

    row: Row
    word: Word
    reason: Annotated[str, Field(max_length=300)] = ""


class MarkShape(Schema):
    row: int
    word: str
    reason: str
    member_id: int | None
    marked_at: datetime


class WrittenOn(Schema):
    """The text that was begun."""

    id: int
    title: str
    run_id: int
    row: int


def _told(gallery: Gallery, said: Said, chosen: list[int], shown: tuple[int, ...]) -> list[dict[str, Any]]:
    run, families = gallery.run, gallery.run.families()
    rank = {row: place for place, row in enumerate(shown, 1)}
    found = []
    for row, text in zip(chosen, run.texts(chosen), strict=True):
        parts = run.parts_of(row)
        fits = {
            name: None if np.isnan(fit) else round(float(fit), 4) for name, fit in zip(FITS, run.fits[row], strict=True)
        }
        found.append(
            {
                "row": row,
                "text": text,
                "family": str(families[row]),
                "fit": round(float(gallery.overall[row]), 4),
                "fits": fits,
                "facts": [part.fact for part in parts if part.fact is not None],
                "fragments": [part.id for part in parts],
                "rank": rank.get(row),
                "marks": said.words_of(row),
                "reason": said.reasons.get(row, ""),
            }
        )
    return found


@router.post("/studio/briefs/{int:brief_id}/runs", **allowed(Right.CAMPAIGN), response={201: RunShape})
def make_variant_run(request: Call, brief_id: int, given: RunGiven) -> VariantRun:
    """Put variants together and keep them: a second or two for ten thousand."""
    return make_run(brief_id=brief_id, wanted=given.n, seed=given.seed, actor=request.auth, now=timezone.now())


@router.get("/studio/briefs/{int:brief_id}/runs", **allowed(Right.READ), response=Rows[RunShape])
def list_variant_runs(request: Call, brief_id: int, cursor: str | None = None, limit: Limit = 50) -> dict[str, Any]:
    """A brief's runs, the newest first."""
    brief = get_brief(request.auth.workspace_id, brief_id)
    found = list_runs(request.auth.workspace_id, brief_id=brief.pk, cursor=cursor, limit=limit)
    return rows(found.items, found.next_cursor)


@router.get("/studio/runs/{int:run_id}", **allowed(Right.READ), response=RunShape)
def get_variant_run(request: Call, run_id: int) -> VariantRun:
    """A run, without its variants."""
    return get_run(request.auth.workspace_id, run_id)


@router.get("/studio/runs/{int:run_id}/variants", **allowed(Right.READ), response=Rows[VariantShape])
def list_variants(
    request: Call, run_id: int, narrowing: FromQuery[Narrowing], cursor: str | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """A run's variants, the best first by fit and marks. Dismissed ones are left out unless they are asked for."""
    stored = get_run(request.auth.workspace_id, run_id)
    gallery, said = gallery_of(stored), said_of(stored)
    at = 0
    if cursor:
        (given,) = key_of(cursor, 1)
        if type(given) is not int or given < 0:
            raise CursorMalformed("This cursor belongs to another list.", "Start again without a cursor.")
        at = given
    found = rows_of(gallery, said, narrowing.narrow(said))
    chosen = found[at : at + limit]
    told = _told(gallery, said, chosen, shown_of(stored, gallery, said).rows)
    return rows(told, cursor_of([at + limit]) if at + limit < len(found) else None)


@router.get("/studio/runs/{int:run_id}/first", **allowed(Right.READ), response=Rows[VariantShape])
def first_variants(request: Call, run_id: int) -> dict[str, Any]:
    """Those to begin with: fitting, and unlike each other; ranked anew once there are marks."""
    stored = get_run(request.auth.workspace_id, run_id)
    gallery, said = gallery_of(stored), said_of(stored)
    shown = shown_of(stored, gallery, said).rows
    return rows(_told(gallery, said, list(shown), shown))


@router.get("/studio/runs/{int:run_id}/stream", **allowed(Right.READ), response={200: None})
def stream_variants(request: Call, run_id: int, narrowing: FromQuery[Narrowing]) -> StreamingHttpResponse:
    """All variants that pass, one JSON object per line (application/x-ndjson), the best first, as they are put together."""
    stored = get_run(request.auth.workspace_id, run_id)
    gallery, said = gallery_of(stored), said_of(stored)
    found = rows_of(gallery, said, narrowing.narrow(said))
    shown = shown_of(stored, gallery, said).rows
    return StreamingHttpResponse(_lines(gallery, said, found, shown), content_type=NDJSON)


def _lines(gallery: Gallery, said: Said, found: list[int], shown: tuple[int, ...]) -> Iterator[str]:
    for start in range(0, len(found), PORTION):
        told = _told(gallery, said, found[start : start + PORTION], shown)
        yield "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in told)


@router.get("/studio/runs/{int:run_id}/marks", **allowed(Right.READ), response=Rows[MarkShape])
def list_variant_marks(request: Call, run_id: int) -> dict[str, Any]:
    """What people said of the run's variants."""
    stored = get_run(request.auth.workspace_id, run_id)
    return rows(VariantMark.objects.filter(run=stored).order_by("-marked_at", "-pk"))


@router.post("/studio/runs/{int:run_id}/marks", **allowed(Right.CAMPAIGN), response={201: MarkShape})
def mark_a_variant(request: Call, run_id: int, given: MarkGiven) -> VariantMark:
    """Say a word of one variant."""
    return mark_variant(run_id=run_id, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.delete("/studio/runs/{int:run_id}/marks/{int:row}/{word}", **allowed(Right.CAMPAIGN), response={204: None})
def unmark_a_variant(request: Call, run_id: int, row: int, word: str) -> None:
    """Take a word back."""
    unmark_variant(run_id=run_id, row=row, word=word, actor=request.auth, now=timezone.now())


@router.post("/studio/runs/{int:run_id}/variants/{int:row}/write", **allowed(Right.CAMPAIGN), response={201: WrittenOn})
def write_on_with_variant(request: Call, run_id: int, row: int) -> Text:
    """Begin a text with a variant; its first version is marked as assembled from templates."""
    return write_on(run_id=run_id, row=row, actor=request.auth, now=timezone.now())
