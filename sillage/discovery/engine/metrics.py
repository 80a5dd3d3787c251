"""The score of an account for a brief, as a metric with a receipt."""

from __future__ import annotations

from sillage.lib.receipts import Metric, register

AFFINITY = register(
    Metric(
        "shortlist.affinity",
        1,
        "sum(points)",
        "points",
        "up",
        frozenset({"derived"}),
        "sum of the points of all reasons and penalties of one shortlist (docs/explanation/affinity.md)",
    )
)
