"""The creators list as a file: CSV for programs, XLSX for people, each number with the receipt that proves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.desk import words
from sillage.desk.queries.listing import Row
from sillage.lib.late import xlsxwriter
from sillage.lib.text import harmless_cell

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A column for a program (its name in CSV), for a person (its heading in XLSX), its width and number format.
_COLUMNS: tuple[tuple[str, str | Promise, int, str], ...] = (
    ("name", _("Name"), 26, ""),
    ("network", _("Network"), 11, ""),
    ("handle", pgettext_lazy("of an account", "Handle"), 22, ""),
    ("country", _("Country"), 9, ""),
    ("languages", _("Languages"), 10, ""),
    ("followers", _("Followers"), 11, "#,##0"),
    ("followers_source", _("Source of the followers"), 22, ""),
    ("engagement_rate", _("Engagement, %"), 13, "0.0"),
    ("posts_per_week", _("Posts per week"), 15, "0.0"),
    ("last_post_on", _("Last post"), 13, "yyyy-mm-dd"),
    ("themes", _("Main themes"), 40, ""),
    ("excluded", _("Excluded"), 9, ""),
    ("url", _("Address"), 36, ""),
    ("creator", _("Creator"), 22, ""),
    ("receipts", _("Receipts"), 36, ""),
)
_NAMES = tuple(name for name, *_rest in _COLUMNS)


def exported(rows: Sequence[Row], fmt: str) -> bytes:
    """These rows of the list in one of CONTENT_TYPES. What is not known is an empty cell."""
    writers: dict[str, Callable[[Sequence[Row]], bytes]] = {"csv": _csv, "xlsx": _xlsx}
    return writers[fmt](rows)


def _row(row: Row) -> dict[str, Any]:
    """By name of a column."""
    account, card = row.account, row.account.card
    numbers = {"followers": row.followers, "engagement_rate": row.engagement, "posts_per_week": row.posts_per_week}
    return {
        "name": account.name,
        "network": account.network,
        "handle": account.handle,
        "country": account.country,
        "languages": " ".join(card.languages),
        **{name: _plain(receipt.value) if receipt else None for name, receipt in numbers.items()},
        "followers_source": row.followers.source_class if row.followers else None,
        "last_post_on": card.last_post_on,
        "themes": " ".join(card.themes),
        "excluded": "excluded" if row.is_excluded else None,
        "url": account.url,
        "creator": account.creator.key,
        "receipts": " ".join(receipt.key for receipt in numbers.values() if receipt),
    }


def _plain(value: float | None) -> float | None:
    """Without decimals where there are none: 1200 followers are not 1200.0."""
    return int(value) if value is not None and value.is_integer() else value


def _csv(rows: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the accents."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _NAMES, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({n: harmless_cell(v) if isinstance(v, str) else v for n, v in _row(row).items()})
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Row]) -> bytes:
    """Headings and themes in the reader's language, numbers as numbers, dates as dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(said("Creators"))
    bold = book.add_format({"bold": True})
    for column, (_name, heading, width, shape) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width, book.add_format({"num_format": shape} if shape else {}))
        sheet.write_string(0, column, str(heading), bold)
    for at, row in enumerate(rows, 1):
        sheet.write_row(at, 0, _for_people(row))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(_COLUMNS) - 1)
    book.close()
    return out.getvalue()


def _for_people(row: Row) -> list[Any]:
    given = _row(row)
    given["themes"] = ", ".join(words.theme_name(theme) for theme in row.account.card.themes)
    given["excluded"] = said("excluded") if row.is_excluded else None
    return [given[name] for name in _NAMES]
