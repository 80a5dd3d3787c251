"""A shortlist as a file: CSV, XLSX or JSON, with every reason, number and piece of evidence. Nothing is metered."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import xlsxwriter

from sillage.catalogue.models import Post
from sillage.catalogue.queries import list_posts_by_id
from sillage.discovery.engine.score import PENALTIES, REASONS
from sillage.discovery.models import Candidate, Shortlist
from sillage.discovery.queries.briefs import list_candidates
from sillage.discovery.queries.reading import as_given

FORMATS = ("csv", "json", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_COLUMNS = (
    *("rank", "score", "creator", "network", "handle", "name", "country", "languages", "followers", "engagement_rate"),
    *("posts_per_week", "last_post_on", "themes", "url", *REASONS, *PENALTIES, "evidence", "receipt"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def exported(shortlist: Shortlist, fmt: str) -> bytes:
    """The whole shortlist in one of FORMATS."""
    writers: dict[str, Callable[[Shortlist], bytes]] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
    return writers[fmt](shortlist)


def _rows(shortlist: Shortlist) -> list[dict[str, Any]]:
    candidates = list_candidates(shortlist)
    posts = list_posts_by_id((c.account_id, int(p["post"])) for c in candidates for r in c.reasons for p in r["posts"])
    return [_row(candidate, posts) for candidate in candidates]


def _row(candidate: Candidate, posts: dict[tuple[int, int], Post]) -> dict[str, Any]:
    account, card = candidate.account, candidate.account.card
    points = {r["reason"]: None if r["part"] is None else r["points"] for r in candidate.reasons}
    shown = [posts.get((candidate.account_id, int(p["post"]))) for r in candidate.reasons for p in r["posts"]]
    return {
        "rank": candidate.rank,
        "score": round(candidate.score, 4),
        "creator": account.creator.key,
        "network": account.network,
        "handle": account.handle,
        "name": account.name,
        "country": account.country,
        "languages": " ".join(card.languages),
        "followers": card.followers,
        "engagement_rate": card.engagement_rate,
        "posts_per_week": card.posts_per_week,
        "last_post_on": card.last_post_on.isoformat() if card.last_post_on else None,
        "themes": " ".join(card.themes),
        "url": account.url,
        **{name: points.get(name) for name in (*REASONS, *PENALTIES)},
        "evidence": " ".join(dict.fromkeys(p.url for p in shown if p is not None and p.url)),
        "receipt": candidate.receipt_key,
    }


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _csv(shortlist: Shortlist) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the accents; missing is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(shortlist):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _xlsx(shortlist: Shortlist) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Shortlist")
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, _COLUMNS, bold)
    for at, row in enumerate(_rows(shortlist), 1):
        sheet.write_row(at, 0, [row[name] for name in _COLUMNS])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, shortlist.limit), len(_COLUMNS) - 1)
    about = book.add_worksheet("Brief")
    for at, (name, value) in enumerate(as_given(shortlist.brief).items()):
        about.write_string(at, 0, name, bold)
        about.write_string(at, 1, "" if value is None else str(value))
    book.close()
    return out.getvalue()


def _json(shortlist: Shortlist) -> bytes:
    document = {
        "brief": as_given(shortlist.brief),
        "computed_at": shortlist.computed_at.isoformat(),
        "considered": shortlist.considered,
        "weights": shortlist.weights,
        "versions": shortlist.versions,
        "exposure": shortlist.exposure,
        "candidates": [
            {**row, "reasons": candidate.reasons}
            for row, candidate in zip(_rows(shortlist), list_candidates(shortlist), strict=True)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str).encode()
