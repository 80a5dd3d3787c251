"""How often the API may be called: so many requests per token, or per signed-in member, in each minute of the clock.

The counts stand in the database cache, so that every web process sees the same. Two requests in the same instant may
count as one: the limit protects the server from a runaway program, it does not meter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.throttling import BaseThrottle

from sillage.governance.api_access import Call, has_token

WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a caller stands: `reset` are the seconds until the window ends."""

    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


class PerMinute(BaseThrottle):
    """Counts each request of a known caller. Django Ninja asks after it knows who calls."""

    def __init__(self, now: Callable[[], datetime] = timezone.now) -> None:
        self.now = now

    def allow_request(self, request: HttpRequest) -> bool:
        at = int(self.now().timestamp())
        limit = settings.SILLAGE.api_per_minute
        used = _counted(f"api:{_caller(cast(Call, request))}:{at // WINDOW}")
        request.rate = Rate(limit, used, WINDOW - at % WINDOW)  # type: ignore[attr-defined]
        return used <= limit

    def wait(self) -> float:
        return WINDOW - int(self.now().timestamp()) % WINDOW


def _caller(request: Call) -> str:
    if has_token(request):
        return "token:" + hashlib.sha256(request.headers["Authorization"].encode()).hexdigest()[:32]
    return f"member:{request.auth.member_id}"


def _counted(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:
        cache.add(key, 1, timeout=2 * WINDOW)
        return 1


def told(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around an operation: say in headers how many requests are left (draft-ietf-httpapi-ratelimit-headers-05)."""

    @wraps(run)
    def answered(request: HttpRequest, **path: Any) -> HttpResponse:
        response = run(request, **path)
        rate: Rate | None = getattr(request, "rate", None)
        if rate is not None:
            response["RateLimit-Limit"] = str(rate.limit)
            response["RateLimit-Remaining"] = str(rate.remaining)
            response["RateLimit-Reset"] = str(rate.reset)
        return response

    return answered
