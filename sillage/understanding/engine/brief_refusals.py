"""What a brief refuses: in a clause, everything behind “no”, “sans”, “except”, “pas de” up to its end or to “but”.

With nothing behind the word of refusal, as in “fast fashion à éviter”, what stands before it is refused.
"""

from __future__ import annotations

from collections.abc import Container

from sillage.understanding.engine.brief_sheet import Clause, Sheet
from sillage.understanding.engine.brief_vocabulary import Vocabulary


def mark_refused(sheet: Sheet, known: Vocabulary, protected: Container[int]) -> None:
    """Mark the refused words on the sheet. Words in `protected` (places) belong to a phrase of a theme: “no buy”."""
    for clause in sheet.clauses:
        refusal = _read(sheet, known, clause, protected)
        if refusal is not None and not _says_something(sheet, known, refusal, clause.stop):
            sheet.refused[clause.first : clause.stop] = [True] * (clause.stop - clause.first)


def _read(sheet: Sheet, known: Vocabulary, clause: Clause, protected: Container[int]) -> int | None:
    """The place behind the last word of refusal, if the refusal reaches the clause's end."""
    refusal = None
    place = clause.first
    while place < clause.stop:
        stop = place + 1
        if refusal is not None and place > refusal and ":" in sheet.written(place - 1, stop):
            refusal = None  # “sans céréales : des gens qui…”: what a colon introduces is not refused
        shape = known.shape.at(sheet.plain, place, clause.stop)
        if shape is not None and place not in protected and sheet.taken[place] is None:
            kind, stop = shape
            if kind == "kept" and ":" in sheet.written(place, stop):  # “Sans : alcool” heads a list of refusals
                kind, stop = "unwanted", place + 1
            if kind == "kept":
                sheet.kept.update(range(place, stop))
            else:
                sheet.take(place, stop, "shape")
            if kind in ("unwanted", "but"):
                refusal = stop if kind == "unwanted" else None
        for at in range(place, stop):
            sheet.refused[at] = refusal is not None
        place = stop
    return refusal


def _says_something(sheet: Sheet, known: Vocabulary, first: int, stop: int) -> bool:
    return any(
        sheet.taken[place] not in (None, "shape", "blank")
        or (sheet.taken[place] is None and not known.is_common(sheet.plain[place]))
        for place in range(first, stop)
    )
