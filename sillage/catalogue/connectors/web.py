"""One GET over HTTP, with a limit on size and on patience. Its failures are OutsideErrors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from sillage.catalogue.connectors.port import UNREACHED
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Grouped, Sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Limits:
    largest_bytes: int
    longest_s: float


def get(
    client: httpx.Client,
    request: httpx.Request,
    limits: Limits,
    clock: Callable[[], datetime],
    *,
    auth: httpx.Auth | None = None,
    follow_redirects: bool = False,
) -> Answer:
    """The answer to a request. Raises OutsideError, whose message names the host and never the query."""
    until = clock() + timedelta(seconds=limits.longest_s)
    host = request.url.host
    try:
        response = client.send(request, stream=True, auth=auth, follow_redirects=follow_redirects)
        try:
            body = _read(response, limits, until, clock)
        finally:
            response.close()
    except httpx.TimeoutException as error:
        raise OutsideError(Sentence("%(host)s did not answer in time.", host=host), permanent=False) from error
    except (httpx.UnsupportedProtocol, httpx.TooManyRedirects, httpx.InvalidURL) as error:
        raise OutsideError(
            Sentence("%(host)s sends us in circles, or off the Web.", host=host), permanent=True
        ) from error
    except httpx.HTTPError as error:
        raise OutsideError(
            Sentence("%(host)s could not be reached (%(name)s).", host=host, name=type(error).__name__),
            permanent=False,
            hint=UNREACHED,
        ) from error
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body, str(response.url))


def _read(response: httpx.Response, limits: Limits, until: datetime, clock: Callable[[], datetime]) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > limits.largest_bytes:
            raise OutsideError(
                Sentence(
                    "%(host)s answered with more than %(largest_bytes)s bytes.",
                    host=response.url.host,
                    largest_bytes=Grouped(limits.largest_bytes),
                ),
                permanent=True,
            )
        if clock() > until:
            raise OutsideError(
                Sentence(
                    "%(host)s took more than %(longest_s)s s.",
                    host=response.url.host,
                    longest_s=f"{limits.longest_s:.0f}",
                ),
                permanent=False,
            )
    return bytes(body)
