"""Fetching feeds politely: robots.txt first, only what changed, never too much and never for too long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.robotparser import RobotFileParser

import httpx

from sillage.adapters.public_addresses import GuardedTransport
from sillage.catalogue.connectors.pace import Pace, seconds_to_wait
from sillage.catalogue.connectors.port import AccountUnknown
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.connectors.web import Answer, Limits, get
from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.sentences import Sentence

SPACING_S = 1.0
MOST_REDIRECTS = 5
ROBOTS_LIMITS = Limits(largest_bytes=500_000, longest_s=15.0)  # RFC 9309 asks for at least 500 KiB
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class RobotsForbid(Refusal):
    """The site's robots.txt asks robots to leave this address alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier answer said of itself, so that an unchanged feed need not be sent again."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


class FeedClient:
    """Raises OutsideError, AccountUnknown, AddressNotAllowed, RobotsForbid."""

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        self._means = means
        self._agent = settings.user_agent
        self._limits = Limits(settings.rss_largest_bytes, settings.rss_longest_s)
        self._pace = Pace(means, spacing_s=SPACING_S, tries=settings.tries)
        self._robots: dict[str, RobotFileParser] = {}
        # No connection is kept alive: two sites behind one address would otherwise share one.
        network = means.transport or httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._client = httpx.Client(
            timeout=settings.timeout_s,
            transport=GuardedTransport(network, allow_private=settings.rss_allow_private),
            headers={"User-Agent": settings.user_agent, "Accept": _ACCEPT},
            max_redirects=MOST_REDIRECTS,
        )

    def fetch(self, url: str, known: Known) -> Answer:
        """The feed (status 200), or that it has not changed (304)."""
        for _ in range(MOST_REDIRECTS + 1):
            self._ask_robots(url)
            answer = self._pace.run(partial(self._fetch_once, url, known))
            if "location" not in answer.headers or answer.status not in (301, 302, 303, 307, 308):
                return answer
            url = _joined(url, answer.headers["location"])
        raise OutsideError(
            Sentence(
                "%(host)s redirects more than %(most_redirects)s times.",
                host=httpx.URL(url).host,
                most_redirects=MOST_REDIRECTS,
            ),
            permanent=True,
        )

    def _fetch_once(self, url: str, known: Known) -> Answer:
        request = self._client.build_request("GET", url, headers=known.headers())
        answer = get(self._client, request, self._limits, self._means.clock)
        if answer.status < 400:
            return answer
        if answer.status in (404, 410):
            raise AccountUnknown(
                Sentence("%(host)s has no such feed, or no longer.", host=request.url.host),
                Sentence("Look for its new address."),
            )
        temporary = answer.status >= 500 or answer.status in (408, 425, 429)
        raise OutsideError(
            Sentence("%(host)s answered %(status)s for the feed.", host=request.url.host, status=answer.status),
            permanent=not temporary,
            retry_after=seconds_to_wait(answer.headers, self._means.clock()) if temporary else None,
        )

    def _ask_robots(self, url: str) -> None:
        parts = httpx.URL(url)
        origin = f"{parts.scheme}://{parts.netloc.decode('ascii')}"
        if origin not in self._robots:
            self._robots[origin] = self._pace.run(partial(self._read_robots, origin))
        if not self._robots[origin].can_fetch(self._agent, url):
            raise RobotsForbid(
                Sentence("%(host)s asks robots not to read this address.", host=parts.host),
                Sentence("Ask the site, or leave the feed out."),
            )

    def _read_robots(self, origin: str) -> RobotFileParser:
        """RFC 9309: no robots.txt (4xx) allows all; a server in trouble (5xx) allows nothing for now."""
        request = self._client.build_request("GET", f"{origin}/robots.txt")
        answer = get(self._client, request, ROBOTS_LIMITS, self._means.clock, follow_redirects=True)
        if answer.status >= 500 or answer.status == 429:
            raise OutsideError(
                Sentence(
                    "%(host)s cannot say what robots may read (%(status)s).",
                    host=request.url.host,
                    status=answer.status,
                ),
                permanent=False,
            )
        rules = RobotFileParser()
        rules.parse(answer.body.decode("utf-8-sig", "replace").splitlines() if answer.status == 200 else [])
        return rules


def _joined(url: str, location: str) -> str:
    """Where a redirect leads. Raises OutsideError when that is not on the Web."""
    try:
        there = httpx.URL(url).join(location)
    except httpx.InvalidURL:
        there = httpx.URL()
    if there.scheme not in ("http", "https"):
        raise OutsideError(
            Sentence("%(host)s redirects to something off the Web.", host=httpx.URL(url).host), permanent=True
        )
    return str(there)
