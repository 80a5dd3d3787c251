"""A long table in portions: what is summed up needs every row, what is shown does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest


def portion(request: HttpRequest, rows: Sequence[Any], size: int) -> dict[str, Any]:
    """`size` rows from `?from=` on, with what desk/parts/pagination.html needs."""
    asked = request.GET.get("from", "")
    first = min(int(asked), len(rows)) if asked.isdecimal() and len(asked) < 10 else 0
    shown = rows[first : first + size]
    return {
        "shown_rows": shown,
        "shown": first + len(shown),
        "total": len(rows) if len(rows) > size else None,
        "first_url": "?from=0" if first else "",
        "next_url": f"?from={first + size}" if first + size < len(rows) else "",
    }
