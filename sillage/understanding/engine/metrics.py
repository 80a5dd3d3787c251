"""Numbers of understanding: what signals say, counted, with receipts."""

from __future__ import annotations

from sillage.lib.receipts import Metric, register

SPONSORED_SHARE = register(
    Metric(
        "account.sponsored_share",
        1,
        "commercial / posts",
        "share",
        "none",
        frozenset({"public", "derived"}),
        "posts with a commercial label or unmistakable commercial words, by all posts read (engine/commercial.py)",
    )
)
ENGAGEMENT_PERCENTILE = register(
    Metric(
        "account.engagement_percentile",
        1,
        "below / others",
        "share",
        "up",
        frozenset({"public", "derived"}),
        "share of the other accounts of the same network and size band (half powers of ten) with a lower engagement rate",
    )
)
