"""Files that show how a table for a mapping looks: a few rows about nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping as Table

from sillage.catalogue.engine.mapping import Mapping

_INVENTED = "Invented example: put your own rows in the place of these."
_CREATORS: tuple[Table[str, str], ...] = (
    {
        "network": "instagram",
        "handle": "@invented.gardener",
        "name": "Invented Gardener",
        "bio": _INVENTED,
        "url": "https://example.org/invented-gardener",
        "country": "FR",
        "languages": "fr|en",
        "creator": "invented-gardener",
        "followers": "12400",
    },
    {
        "network": "youtube",
        "handle": "@inventedgardener",
        "name": "Invented Gardener, on video",
        "bio": _INVENTED,
        "country": "FR",
        "languages": "fr",
        "creator": "invented-gardener",
    },
    {"network": "tiktok", "handle": "@invented.cook", "name": "Invented Cook", "bio": _INVENTED, "followers": "830"},
)
_POSTS: tuple[Table[str, str], ...] = (
    {
        "network": "instagram",
        "account_id": "@invented.gardener",
        "account_name": "Invented Gardener",
        "post_id": "invented-1",
        "published_at": "2026-05-02T09:30:00Z",
        "title": "Invented example",
        "text": _INVENTED,
        "hashtags": "garden|compost",
        "format": "image",
        "url": "https://example.org/invented-1",
        "language": "en",
        "paid_label": "false",
        "views": "5200",
        "likes": "310",
        "comments": "12",
        "observed_at": "2026-05-09T12:00:00Z",
    },
    {
        "network": "youtube",
        "account_id": "@inventedgardener",
        "account_name": "Invented Gardener, on video",
        "post_id": "invented-2",
        "published_at": "2026-05-04",
        "title": "Invented example, of which only what is known is filled in",
        "format": "video",
        "duration_s": "184",
    },
)
EXAMPLES: Table[str, tuple[Table[str, str], ...]] = {"sillage-creators": _CREATORS, "sillage-posts": _POSTS}


def example_of(mapping: Mapping, separator: str) -> str:
    """A file with every column of one of EXAMPLES' mappings. What is left empty is not known."""
    out = io.StringIO()
    writer = csv.DictWriter(out, mapping.columns, restval="", delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(EXAMPLES[mapping.name])
    return out.getvalue()
