"""One POST to an address that a member gave: public ones only, no redirect followed, little of the answer read.

Whoever answers is a stranger: nothing of what comes back is trusted or acted upon but the status.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from sillage.adapters.public_addresses import AddressNotAllowed, GuardedTransport, Resolve, resolved
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

TIMEOUT_S = 5.0  # for each of: connecting, sending, the next byte of the answer
LONGEST_S = 10.0  # for the whole answer
MOST_READ = 2_000  # bytes of the answer
SHOWN = 500  # characters of the answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered: HTTP status, the first characters, milliseconds from the first try to the answer."""

    status: int
    text: str
    took_ms: int


class WebhookSender:
    """Safe to use from several threads."""

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        timeout_s: float = TIMEOUT_S,
        longest_s: float = LONGEST_S,
        resolve: Resolve = resolved,
    ) -> None:
        self._longest_s = longest_s
        # No connection is kept alive: two hosts behind one address would otherwise share one.
        network = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._client = httpx.Client(
            transport=GuardedTransport(network, allow_private=False, allow_loopback=allow_loopback, resolve=resolve),
            timeout=timeout_s,
            trust_env=False,  # a proxy of the environment would look names up by itself
            headers={"User-Agent": "Sillage"},
        )

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """POST once. Raises OutsideError when there is no answer: not reached, no TLS, too slow, not allowed."""
        started = time.monotonic()
        host = httpx.URL(url).host
        try:
            with self._client.stream("POST", url, content=body, headers=dict(headers)) as response:
                text = _beginning(response, started + self._longest_s)
        except AddressNotAllowed as refused:
            message, hint = refused.untold
            raise OutsideError(message, permanent=True, hint=hint) from refused
        except httpx.TimeoutException as error:
            raise OutsideError(Sentence("%(host)s did not answer in time.", host=host), permanent=False) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            said = str(error).replace("\n", " ")[:150]
            raise OutsideError(
                Sentence("%(host)s could not be reached (%(said)s).", host=host, said=said), permanent=False
            ) from error
        return Reply(response.status_code, text, round((time.monotonic() - started) * 1000))

    def close(self) -> None:
        self._client.close()


def _beginning(response: httpx.Response, until: float) -> str:
    """The first characters of the answer; the rest is left unread. Raises httpx.ReadTimeout."""
    read = bytearray()
    for piece in response.iter_raw(512):
        read += piece
        if time.monotonic() > until:
            raise httpx.ReadTimeout("it trickles", request=response.request)
        if len(read) >= MOST_READ:
            break
    return bytes(read[:MOST_READ]).decode("utf8", "replace").replace("\0", "")[:SHOWN]
