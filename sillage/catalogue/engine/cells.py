"""What a cell of a workbook holds, or why its value cannot be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from sillage.lib.sentences import Sentence

EXACT_DIGITS = 15  # of a number; spreadsheets round what is longer


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell whose value is refused wherever it is read; `seen` is what people see there."""

    seen: str
    why: Sentence

    def __str__(self) -> str:
        return self.seen


def error_cell(code: str) -> WrongCell:
    """A cell that shows an error, such as #N/A."""
    return WrongCell(code, Sentence("holds the error %(code)s of the spreadsheet", code=code[:20]))


def number_of(stored: int | float) -> int | float | WrongCell:
    """A stored number; whole where it is, so that an id of 12 does not become 12.0."""
    if abs(stored) < 10**EXACT_DIGITS:
        return int(stored) if stored == int(stored) else stored
    why = Sentence(
        "is a number of more than %(digits)s digits, which spreadsheets round: keep such ids as text, "
        "or import the CSV that they came in",
        digits=EXACT_DIGITS,
    )
    return WrongCell(str(stored), why)


def reference_of(row: int, column: int) -> str:
    """C5, for row 5 and column 3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
