"""Refused rows as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sillage.lib.text import harmless_cell

_COLUMNS = ("place", "line", "column", "field", "reason", "account", "raw")


def rejects_csv(rejects: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Piece by piece; UTF-8 with a byte order mark, so that Excel reads the accents. Missing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    yield out.getvalue().encode("utf-8-sig")
    for reject in rejects:
        out.seek(0)
        out.truncate()
        cells = (reject[name] for name in _COLUMNS)
        writer.writerow([harmless_cell(cell.rstrip("\r\n")) if isinstance(cell, str) else cell for cell in cells])
        yield out.getvalue().encode()
