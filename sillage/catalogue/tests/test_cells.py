"""What the cells of a workbook hold."""

from __future__ import annotations

import pytest

from sillage.catalogue.engine.cells import WrongCell, number_of, reference_of


@pytest.mark.parametrize(
    ("stored", "number"),
    [(12, 12), (12.0, 12), (1e3, 1000), (-4.0, -4), (0.5, 0.5), (123456789012345, 123456789012345)],
)
def test_a_number_that_is_whole_reads_as_one(stored: float, number: float) -> None:
    read = number_of(stored)
    assert read == number and type(read) is type(number)


@pytest.mark.parametrize("stored", [1234567890123456, 1.2345678901234568e18, -1e15, float("inf")])
def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_refused(stored: float) -> None:
    read = number_of(stored)
    assert isinstance(read, WrongCell) and "which spreadsheets round" in read.why and str(read) == str(stored)


@pytest.mark.parametrize(
    ("row", "column", "reference"), [(5, 3, "C5"), (1, 26, "Z1"), (9, 27, "AA9"), (7, 16384, "XFD7")]
)
def test_a_cell_is_named_by_letters_and_row(row: int, column: int, reference: str) -> None:
    assert reference_of(row, column) == reference
