"""Refused rows as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sillage.catalogue.engine.examples import EXAMPLES
from sillage.catalogue.engine.mapping import FIELDS, Kind
from sillage.catalogue.engine.mapping import Mapping as FileMapping
from sillage.lib.late import xlsxwriter
from sillage.lib.sentences import Language, Sentence, spoken
from sillage.lib.text import harmless_cell

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = ("place", "line", "column", "field", "reason", "account", "raw")


def rejects_csv(rejects: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Piece by piece; UTF-8 with a byte order mark, so that Excel reads the accents. Missing is empty.

    Reasons are said in the language that is spoken where this is called, also when the pieces are sent later.
    """
    return _pieces(rejects, spoken())


def _pieces(rejects: Iterable[Mapping[str, Any]], language: Language | None) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    yield out.getvalue().encode("utf-8-sig")
    for reject in rejects:
        out.seek(0)
        out.truncate()
        cells = (reject[name] for name in _COLUMNS)
        writer.writerow([_cell(cell, language) for cell in cells])
        yield out.getvalue().encode()


def _cell(value: object, language: Language | None) -> object:
    if isinstance(value, Sentence) and language is not None:
        value = value.said_in(language)
    return harmless_cell(value.rstrip("\r\n")) if isinstance(value, str) else value


def example_workbook(mapping: FileMapping) -> bytes:
    """A workbook with every column of one of EXAMPLES' mappings: days as days, counts as numbers, all else as text.

    Columns of text say so, so that a spreadsheet leaves ids alone that are typed into them.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, bold, kinds = book.add_worksheet("Sillage"), book.add_format({"bold": True}), _kinds(mapping)
    shapes = {Kind.TIME: "yyyy-mm-dd hh:mm", Kind.COUNT: "0", Kind.NUMBER: "0.##"}
    looks = {kind: book.add_format({"num_format": shapes.get(kind, "@")}) for kind in Kind}
    for at, name in enumerate(mapping.columns):
        kind = kinds.get(name, Kind.TEXT)
        sheet.set_column(at, at, 18, looks[kind])
        sheet.write_string(0, at, name, bold)
        for line, row in enumerate(EXAMPLES[mapping.name], 1):
            if value := row.get(name, ""):
                _write_example(sheet, line, at, value, kind)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write_example(sheet: Any, line: int, at: int, value: str, kind: Kind) -> None:
    if kind is Kind.TIME:
        sheet.write_datetime(line, at, datetime.fromisoformat(value).replace(tzinfo=None))
    elif kind in (Kind.COUNT, Kind.NUMBER):
        sheet.write_number(line, at, float(value))
    else:
        sheet.write_string(line, at, value)


def _kinds(mapping: FileMapping) -> dict[str, Kind]:
    """What each column holds."""
    sections = (("account", mapping.account), ("post", mapping.post or {}), ("comment", mapping.comment or {}))
    kinds = {rule.column: FIELDS[name][key] for name, rules in sections for key, rule in rules.items() if rule.column}
    for observed in mapping.observations:
        times = {observed.observed_at.column: Kind.TIME} if observed.observed_at and observed.observed_at.column else {}
        kinds |= {**times, **({observed.value.column: Kind.COUNT} if observed.value.column else {})}
    return kinds
