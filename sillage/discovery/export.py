"""A shortlist as a file: CSV, XLSX or JSON, with every reason, number and piece of evidence. Nothing is metered."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.catalogue.models import Post
from sillage.catalogue.queries import list_posts_by_id
from sillage.discovery.engine.score import PENALTIES, REASONS
from sillage.discovery.models import Candidate, Decision, Shortlist
from sillage.discovery.queries.briefs import decisions_of, list_candidates
from sillage.discovery.queries.reading import as_given
from sillage.discovery.view_shapes import LABELS
from sillage.lib.late import xlsxwriter
from sillage.lib.text import harmless_cell
from sillage.understanding.engine.themes import theme_set

FORMATS = ("csv", "json", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A column for a program (its name in CSV and JSON), for a person (its heading in XLSX), its width and number format.
_COLUMNS: tuple[tuple[str, str | Promise, int, str], ...] = (
    ("rank", pgettext_lazy("in a list", "Place"), 7, "0"),
    ("score", _("Score"), 8, "0.0"),
    ("name", _("Name"), 24, ""),
    ("network", _("Network"), 11, ""),
    ("handle", pgettext_lazy("of an account", "Handle"), 22, ""),
    ("followers", _("Followers"), 11, "#,##0"),
    ("engagement_rate", _("Engagement, %"), 13, "0.0"),
    ("posts_per_week", _("Posts per week"), 15, "0.0"),
    ("last_post_on", _("Last post"), 13, "yyyy-mm-dd"),
    ("country", _("Country"), 8, ""),
    ("languages", _("Languages"), 10, ""),
    ("themes", _("Main themes"), 40, ""),
    ("decision", _("Decision"), 11, ""),
    ("decision_reason", _("Reason of the decision"), 28, ""),
    *((f"points_{reason}", LABELS[reason], 13, "0.0") for reason in (*REASONS, *PENALTIES)),
    ("url", _("Address"), 36, ""),
    ("evidence", _("Posts that prove it"), 36, ""),
    ("creator", _("Creator"), 22, ""),
    ("receipt", _("Receipt"), 18, ""),
)
_NAMES = tuple(name for name, *_rest in _COLUMNS)
_DECISIONS: Mapping[str, str | Promise] = {"pinned": _("pinned"), "dismissed": _("dismissed")}


def exported(shortlist: Shortlist, fmt: str) -> bytes:
    """The whole shortlist in one of FORMATS."""
    writers: dict[str, Callable[[Shortlist], bytes]] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
    return writers[fmt](shortlist)


def _rows(shortlist: Shortlist) -> list[dict[str, Any]]:
    candidates = list_candidates(shortlist)
    posts = list_posts_by_id((c.account_id, int(p["post"])) for c in candidates for r in c.reasons for p in r["posts"])
    decisions = decisions_of(shortlist.brief, [c.account_id for c in candidates])
    return [_row(candidate, posts, decisions.get(candidate.account_id)) for candidate in candidates]


def _row(candidate: Candidate, posts: dict[tuple[int, int], Post], decision: Decision | None) -> dict[str, Any]:
    """By name of a column. Points of a reason that was not measured are None, as any number that is not known."""
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
        "last_post_on": card.last_post_on,
        "themes": " ".join(card.themes),
        "url": account.url,
        "decision": decision.kind if decision else None,
        "decision_reason": decision.reason if decision else None,
        **{f"points_{name}": points.get(name) for name in (*REASONS, *PENALTIES)},
        "evidence": " ".join(dict.fromkeys(p.url for p in shown if p is not None and p.url)),
        "receipt": candidate.receipt_key,
    }


def _csv(shortlist: Shortlist) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the accents; missing is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _NAMES, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(shortlist):
        writer.writerow({n: harmless_cell(v) if isinstance(v, str) else v for n, v in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _xlsx(shortlist: Shortlist) -> bytes:
    """For people: headings, themes and decisions in the reader's language, numbers as numbers, dates as dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(str(_("Shortlist")))
    bold = book.add_format({"bold": True})
    for column, (_name, heading, width, shape) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width, book.add_format({"num_format": shape} if shape else {}))
        sheet.write_string(0, column, str(heading), bold)
    rows = _rows(shortlist)
    for at, row in enumerate(rows, 1):
        sheet.write_row(at, 0, _for_people(row))
    sheet.freeze_panes(1, _NAMES.index("name") + 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(_COLUMNS) - 1)
    about = book.add_worksheet("Brief")
    for at, (name, value) in enumerate(as_given(shortlist.brief).items()):
        about.write_string(at, 0, name, bold)
        about.write_string(at, 1, "" if value is None else str(value))
    book.close()
    return out.getvalue()


def _for_people(row: Mapping[str, Any]) -> list[Any]:
    themes, language = theme_set(), (get_language() or "en")[:2]
    named = [themes.name(t, language) if t in themes.index else t for t in row["themes"].split()]
    said = {**row, "themes": ", ".join(named), "decision": _DECISIONS.get(row["decision"] or "", "")}
    return [str(value) if isinstance(value, Promise) else value for value in (said[name] for name in _NAMES)]


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
