"""A file of exchange rates: CSV with the columns base, quote, rate, on and source."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal, InvalidOperation

from sillage.campaigns.engine.budget import Rate
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

COLUMNS = ("base", "quote", "rate", "on", "source")


class RatesFileMalformed(Malformed):
    """A row of the file is no rate. `place` is the line."""

    title = "Malformed file of rates"


def rates_in(text: str) -> list[Rate]:
    """Every row, in order. Days as YYYY-MM-DD, rates with a point. Raises RatesFileMalformed at the first that is none."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if lacking:
            raise RatesFileMalformed(
                Sentence("The file has no column “%(lacking)s”.", lacking=lacking[0]),
                Sentence("Its columns have to be %(columns)s.", columns=", ".join(COLUMNS)),
                "line 1",
            )
        return [_rate(row, f"line {rows.line_num}") for row in rows]
    except csv.Error as error:
        raise RatesFileMalformed(
            Sentence("This is not CSV: %(error)s.", error=error),
            Sentence("Save it as CSV, UTF-8."),
            f"line {rows.line_num}",
        ) from error


def _rate(row: dict[str, str | None], place: str) -> Rate:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        return Rate(
            base=said["base"].upper(),
            quote=said["quote"].upper(),
            rate=Decimal(said["rate"]),
            on=date.fromisoformat(said["on"]),
            source=said["source"],
        )
    except (InvalidOperation, ValueError) as error:
        hint = Sentence("A rate is a number with a point, a day is written as 2026-11-22.")
        raise RatesFileMalformed(Sentence("This row is no rate."), hint, place) from error
