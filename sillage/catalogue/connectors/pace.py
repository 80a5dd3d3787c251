"""Going gently: calls keep a distance, failures are tried again ever later, and the server's wishes are respected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from sillage.catalogue.connectors.settings import Means
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

T = TypeVar("T")

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0  # what is to take longer is handed back to the schedule
_EPOCH_FROM = 1_000_000_000  # a RateLimit-Reset this large is a Unix time, a smaller one a number of seconds


class Pace:
    """The pace of one connector towards one network."""

    def __init__(self, means: Means, *, spacing_s: float, tries: int) -> None:
        self._means = means
        self._spacing = timedelta(seconds=spacing_s)
        self._tries = tries
        self._free_at: datetime | None = None

    def run(self, call: Callable[[], T]) -> T:
        """The call's result. A temporary OutsideError is tried again after a growing, jittered pause.

        Raises OutsideError at once when it is permanent or the server asks for more than LONGEST_PAUSE_S, and after the
        last try; unless permanent it has `retry_after` set.
        """
        for failures in range(1, self._tries + 1):
            self._keep_distance()
            try:
                return call()
            except OutsideError as error:
                if error.permanent:
                    raise
                pause = self._pause(error.retry_after, failures)
                if failures == self._tries or pause > LONGEST_PAUSE_S:
                    retry_after = error.retry_after or LONGEST_PAUSE_S
                    message, hint = error.untold
                    raise OutsideError(message, permanent=False, hint=hint, retry_after=retry_after) from error
            self._means.wait(pause)
        raise AssertionError("a pace needs at least one try")

    def heed(self, headers: Mapping[str, str]) -> None:
        """Holds the next call back when an answer says that nothing is left of the rate limit. Keys in lower case."""
        now = self._means.clock()
        reset = seconds_until_reset(headers, now)
        if headers.get("ratelimit-remaining", "").strip() == "0" and reset is not None:
            self._free_at = now + timedelta(seconds=reset)

    def _keep_distance(self) -> None:
        now = self._means.clock()
        if self._free_at is not None and self._free_at > now:
            pause = (self._free_at - now).total_seconds()
            if pause > LONGEST_PAUSE_S:
                raise OutsideError(Sentence("The network's rate limit is used up."), permanent=False, retry_after=pause)
            self._means.wait(pause)
            now = self._free_at
        self._free_at = now + self._spacing

    def _pause(self, asked_s: float | None, failures: int) -> float:
        if asked_s is not None:
            return asked_s
        ceiling: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (failures - 1))
        return ceiling * self._means.chance.uniform(0.5, 1.0)


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """What an answer asks for: Retry-After (seconds or HTTP date), else RateLimit-Reset. Keys in lower case."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    at = _http_date(asked)
    if at is not None:
        return max((at - now).total_seconds(), 0.0)
    return seconds_until_reset(headers, now)


def seconds_until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """RateLimit-Reset in seconds from now. None when it is absent or unreadable."""
    value = headers.get("ratelimit-reset", "").strip()
    if not value.isdecimal():
        return None
    seconds = int(value)
    return max(seconds - now.timestamp(), 0.0) if seconds >= _EPOCH_FROM else float(seconds)


def _http_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
