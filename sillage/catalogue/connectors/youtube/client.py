"""List calls of the Data API v3. The key travels in a header, so that no address, log line or error can show it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from sillage.catalogue.connectors.fields import inner, objects, payload_of, words
from sillage.catalogue.connectors.pace import Pace, seconds_to_wait
from sillage.catalogue.connectors.port import CredentialMissing
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.connectors.web import Answer, Limits, get
from sillage.catalogue.connectors.youtube.quota import UNITS_PER_LIST, resets_at
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

SPACING_S = 0.1
LIMITS = Limits(largest_bytes=20_000_000, longest_s=60.0)

_QUOTA_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_ABOUT_THE_KEY = frozenset(
    {"keyInvalid", "keyExpired", "API_KEY_INVALID", "accessNotConfigured", "ipRefererBlocked", "SERVICE_DISABLED"}
)
# Answers that say something about the thing asked for, and that the connector understands.
_ABOUT_THE_THING = frozenset(
    {
        "channelNotFound",
        "commentsDisabled",
        "invalidPageToken",
        "playlistItemsNotAccessible",
        "playlistNotFound",
        "videoNotFound",
    }
)


class ListRefused(Exception):
    """The API says no about the thing asked for; `reason` is its own word, e.g. “commentsDisabled”."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reply:
    payload: dict[str, Any]
    body: bytes


class _Key(httpx.Auth):
    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Goog-Api-Key"] = self._key.get_secret_value()
        yield request


class DataApi:
    """Raises OutsideError, ListRefused, and whatever `spend` raises: each attempt is paid for before it is made."""

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        if settings.youtube_key is None:
            raise CredentialMissing(
                Sentence("YouTube needs an API key, and the settings have none."),
                Sentence("Create one in the Google Cloud console (YouTube Data API v3) and set SILLAGE_YOUTUBE_KEY."),
            )
        self._means = means
        self._auth = _Key(settings.youtube_key)
        self._address = settings.youtube_url.rstrip("/")
        self._pace = Pace(means, spacing_s=SPACING_S, tries=settings.tries)
        self._client = httpx.Client(
            timeout=settings.timeout_s, transport=means.transport, headers={"User-Agent": settings.user_agent}
        )

    def list(self, what: str, **params: str | int) -> Reply:
        """One portion of `what` (“channels”, “videos”...)."""
        return self._pace.run(lambda: self._list_once(what, params))

    def _list_once(self, what: str, params: dict[str, str | int]) -> Reply:
        self._means.spend(UNITS_PER_LIST)
        request = self._client.build_request("GET", f"{self._address}/{what}", params=params)
        answer = get(self._client, request, LIMITS, self._means.clock, auth=self._auth)
        if answer.status == httpx.codes.OK:
            return Reply(payload_of(answer.body), answer.body)
        raise self._explained(answer)

    def _explained(self, answer: Answer) -> OutsideError | ListRefused:
        reasons = _reasons(answer)
        now = self._means.clock()
        if reasons & _ABOUT_THE_THING:
            return ListRefused(min(reasons & _ABOUT_THE_THING))
        if reasons & _QUOTA_SPENT:
            wait = (resets_at(now) - now).total_seconds()
            return OutsideError(
                Sentence("YouTube's quota of the day is spent."),
                permanent=False,
                hint=Sentence("It begins anew at midnight Pacific time; Sillage goes on then."),
                retry_after=wait,
            )
        if reasons & _ABOUT_THE_KEY:
            return OutsideError(
                Sentence("YouTube does not accept the API key (%(reasons)s).", reasons=min(reasons & _ABOUT_THE_KEY)),
                permanent=True,
                hint=Sentence("Check SILLAGE_YOUTUBE_KEY, and that YouTube Data API v3 is enabled for it."),
            )
        temporary = answer.status >= 500 or answer.status == 429 or reasons & _TOO_FAST
        return OutsideError(
            Sentence(
                "YouTube answered %(status)s (%(reasons)s).",
                status=answer.status,
                reasons=", ".join(sorted(reasons)) or Sentence("no reason given"),
            ),
            permanent=not temporary,
            retry_after=seconds_to_wait(answer.headers, now) if temporary else None,
        )


def _reasons(answer: Answer) -> frozenset[str]:
    """The reasons an error answer names, in either of the two shapes that Google uses."""
    try:
        error = inner(payload_of(answer.body), "error")
    except OutsideError:
        return frozenset()
    named = objects(error.get("errors")) + objects(error.get("details"))
    return frozenset(words(item.get("reason"), 60) for item in named) - {""}
