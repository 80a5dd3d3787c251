"""What a connector is given: the installation's settings, and the means to tell time, wait, spend and reach out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sillage import __version__

if TYPE_CHECKING:
    import httpx

BLUESKY_URL = "https://public.api.bsky.app"


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    """Settings of all connectors. A secret shows as stars wherever it is printed."""

    user_agent: str = f"Sillage/{__version__}"
    timeout_s: float = 10.0  # of one connection or one read
    tries: int = 4
    bluesky_url: str = BLUESKY_URL
    bluesky_replies: bool = False  # also the author's replies to the author's own posts
    youtube_url: str = "https://www.googleapis.com/youtube/v3"
    youtube_key: SecretStr | None = None
    rss_largest_bytes: int = 10_000_000
    rss_longest_s: float = 30.0  # for a whole answer, however slowly it trickles
    rss_allow_private: bool = False  # addresses of the own network; for tests


def _nothing_to_pay(units: int) -> None:
    del units


@dataclass(frozen=True, slots=True)
class Means:
    """The outside as a connector may touch it. Tests give a clock that stands still and a wait that only counts.

    `spend(units)` is called before each call that costs quota, retries included, and refuses by raising.
    `chance` is the source of jitter. `transport` replaces the real network.
    """

    clock: Callable[[], datetime]
    wait: Callable[[float], None]
    chance: random.Random = field(default_factory=random.Random)
    spend: Callable[[int], None] = _nothing_to_pay
    transport: httpx.BaseTransport | None = None
