"""Creators as data protection sees them: who they are, and who is still to be told that their data is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from sillage.catalogue.models import Account
from sillage.catalogue.queries.accounts import get_creator_by_id
from sillage.governance.engine.privacy import SOON, Urgency, urgency
from sillage.governance.queries.privacy import CREATOR, Subject

_WRITTEN = {"rss": "RSS", "tiktok": "TikTok", "youtube": "YouTube"}

_DUE = """
SELECT c.id, coalesce(nullif(c.name, ''), c.key), c.created_at, n.contacted_at, n.shown_at,
       least(c.created_at + interval '1 month', n.contacted_at, n.shown_at) AS due
  FROM catalogue_creator c
  LEFT JOIN governance_notice n
    ON n.workspace_id = c.workspace_id AND n.subject_kind = 'creator' AND n.subject_id = c.id::text
 WHERE c.workspace_id = %(workspace)s AND n.sent_at IS NULL
"""


def creator_as_subject(workspace_id: int, creator_id: int) -> Subject:
    """Raises NotFound for a creator of another workspace."""
    creator = get_creator_by_id(workspace_id, creator_id)
    accounts = list(Account.objects.filter(creator=creator).order_by("network", "pk"))
    sources = dict.fromkeys(_WRITTEN.get(a.network, a.network.title()) for a in accounts)
    language = next((code for a in accounts for code in a.languages), "")
    if not language and any(a.country in ("FR", "BE", "CH", "LU") for a in accounts):
        language = "fr"
    name = creator.name or next((a.name or a.handle for a in accounts), creator.key)
    ids = tuple(a.pk for a in accounts)
    return Subject(CREATOR, creator.pk, name, tuple(sources), creator.created_at, ids, language)


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A creator who was not told yet."""

    creator_id: int
    name: str
    obtained_at: datetime
    contacted_at: datetime | None
    shown_at: datetime | None
    due_at: datetime
    urgency: Urgency


def list_due_notices(workspace_id: int, now: datetime, limit: int = 100) -> list[DueNotice]:
    """Creators who were not told yet, the most pressing first. PostgreSQL adds months as `months_after` does."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_DUE} ORDER BY due, c.id LIMIT %(limit)s", {"workspace": workspace_id, "limit": limit})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        DueNotice(creator, name, obtained, contacted, shown, due, urgency(due, now))
        for creator, name, obtained, contacted, shown, due in rows
    ]


def count_due_notices(workspace_id: int, now: datetime) -> dict[Urgency, int]:
    """How many are overdue, due within a week, and later."""
    statement = f"""
        SELECT count(*) FILTER (WHERE due <= %(now)s), count(*) FILTER (WHERE due > %(now)s AND due <= %(soon)s),
               count(*) FILTER (WHERE due > %(soon)s) FROM ({_DUE}) pending
    """  # noqa: S608  # a constant
    with connection.cursor() as cursor:
        cursor.execute(statement, {"workspace": workspace_id, "now": now, "soon": now + SOON})
        counts = cursor.fetchone()
    return dict(zip((Urgency.OVERDUE, Urgency.SOON, Urgency.LATER), counts, strict=True))


def restricted_accounts(workspace_id: int) -> frozenset[int]:
    """Accounts of creators who objected, or asked that their data be restricted: nobody proposes nor contacts them."""
    statement = """
        SELECT a.id FROM catalogue_account a JOIN governance_restriction r
            ON r.workspace_id = a.workspace_id AND r.subject_kind = 'creator' AND r.subject_id = a.creator_id::text
         WHERE a.workspace_id = %s AND r.ended_at IS NULL
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id])
        return frozenset(row[0] for row in cursor.fetchall())
